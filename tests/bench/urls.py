"""The site's addresses, and the bare views that the pages are measured against."""

import uuid

from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.models import Clinic
from config.urls import handler500
from config.urls import urlpatterns as addresses
from programs.models import Exercise

LIST = Template(
    "{% extends 'plain.html' %}{% block main %}<table>{% for row in rows %}<tr>"
    "<th>{{ row.code }}</th><td>{{ row.title }}</td>"
    "<td>{{ row.cue }}</td><td>{{ row.equipment }}</td></tr>{% endfor %}"
    "</table>{% endblock %}"
)


@login_required
def floor_page(request: HttpRequest) -> HttpResponse:
    """Session, user, one query, a list of 10 KB: what any logged-in page costs."""
    rows = list(Exercise.objects.only("code", "title", "cue", "equipment"))
    return HttpResponse(LIST.render(RequestContext(request, {"rows": rows})))


@csrf_exempt
@login_required
def floor_post(request: HttpRequest) -> HttpResponse:
    """A form's POST with five queries in a transaction, two of them writes."""
    key = uuid.uuid4().hex
    with transaction.atomic():
        for _ in range(3):
            list(Clinic.objects.all()[:1])
        Session(session_key=key, session_data="", expire_date=timezone.now()).save(
            force_insert=True
        )
        Session.objects.filter(session_key=key).delete()
    return HttpResponse(status=204)


__all__ = ["handler500", "urlpatterns"]
urlpatterns = [
    path("bench/floor/", floor_page),
    path("bench/floor-post/", floor_post),
    *addresses,  # not included: its languages have to stand at the root
]
