"""Who looked at the record, in words for the patient."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext_lazy as _

from patients.looks import looks_at
from patients.models import Patient

A_PAGE = 30
ROLES = {
    "therapist": _("therapist"),
    "clinic_admin": _("clinic administrator"),
    "caregiver": _("helps you"),
    "app": _("a program that your clinic connected"),
}
# By the names of the workspace's addresses; what is not here is simply 'your record'.
PAGES = {
    "patient": _("overview"),
    "patient_sessions": _("your sessions"),
    "patient_check_ins": _("your answers to forms"),
    "patient_record": _("your details"),
    "patient_plan": _("your plan"),
    "plan_version": _("your plan"),
    "plan_day": _("your plan"),
    "plan_print": _("your plan on paper"),
    "plan_file": _("your plan on paper"),
    "composer": _("your plan"),
    "episode": _("the findings"),
    "red_flags": _("the warning signs"),
    "today": _("today"),
    "plan": _("your plan"),
    "messages": _("your messages"),
    "session": _("a session"),
    "session_done": _("a session"),
    "alert": _("an answer of yours that stood out"),
}
OTHER = _("your record")


def page_of(patient: Patient, number: str) -> Page[Any]:
    """One page of days; each look with `role_words` and `page_words`."""
    page = Paginator(looks_at(patient), A_PAGE).get_page(number)
    for look in page:
        look["role_words"] = ROLES.get(look["actor_role"], _("staff"))
        names = [str(PAGES.get(name, OTHER)) for name in look["pages"]]
        look["page_words"] = ", ".join(dict.fromkeys(names))
    return page
