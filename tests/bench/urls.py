"""The site's addresses, and the bare views that the pages are measured against."""

import uuid

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path
from django.utils import timezone

from accounts import limits
from accounts.models import Clinic
from config.urls import handler500
from config.urls import urlpatterns as addresses
from programs.models import Exercise

limits.LIMITS["search"] = "1000000/m/key"  # all who ask here have one address

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


class FloorForm(forms.Form):
    """As many answers as a session's form has."""

    pain_before = forms.IntegerField(min_value=0, max_value=10, required=False)
    pain_after = forms.IntegerField(min_value=0, max_value=10, required=False)
    effort = forms.IntegerField(min_value=0, max_value=10, required=False)
    settled = forms.CharField(max_length=20, required=False)
    note = forms.CharField(max_length=2000, required=False)


@login_required
def floor_post(request: HttpRequest) -> HttpResponse:
    """A form with its key against forgery, three queries and two rows, in a transaction."""
    form = FloorForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    with transaction.atomic():
        for _ in range(3):
            list(Clinic.objects.all()[:1])
        for _ in range(2):
            key = uuid.uuid4().hex
            row = Session(session_key=key, session_data="", expire_date=timezone.now())
            row.save(force_insert=True)
    return HttpResponse(status=204)


__all__ = ["handler500", "urlpatterns"]
urlpatterns = [
    path("bench/floor/", floor_page),
    path("bench/floor-post/", floor_post),
    *addresses,  # not included: its languages have to stand at the root
]
