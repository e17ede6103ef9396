"""The site's addresses, and the bare views that the pages are measured against."""

from django.contrib.auth.decorators import login_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from accounts.models import Clinic


@login_required
def floor_page(request: HttpRequest) -> HttpResponse:
    """Session, user, one query, a template of a dozen lines: what any logged-in page costs."""
    clinics = list(Clinic.objects.all()[:1])
    return HttpResponse(render_to_string("plain.html", {"clinics": clinics}, request))


@csrf_exempt
@login_required
def floor_post(request: HttpRequest) -> HttpResponse:
    """A form's POST with five queries in a transaction, two of them writes."""
    with transaction.atomic(), connection.cursor() as cursor:
        for _ in range(3):
            list(Clinic.objects.all()[:1])
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS bench_floor (n int)")
        cursor.execute("INSERT INTO bench_floor VALUES (1)")
    return HttpResponse(status=204)


urlpatterns = [
    path("bench/floor/", floor_page),
    path("bench/floor-post/", floor_post),
    path("", include("config.urls")),
]
