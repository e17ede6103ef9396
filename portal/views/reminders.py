"""Reminders and the calendar link: choosing them, and what works without a login."""

import hashlib
import re
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import DoorRequest, posted
from accounts.stale import StaleError
from patients.models import Patient
from portal.access import portal_view
from portal.forms.reminders import RemindersForm
from programs.actions import calendar_feeds
from programs.actions import reminders as actions
from programs.course import calendar_feed
from programs.models import CalendarFeed, ReminderChoice
from programs.reminders import letters
from programs.timing.reminders import repeat_time

GOOGLE = "https://calendar.google.com/calendar/render"


@portal_view
def choose(request: DoorRequest, patient: Patient) -> HttpResponse:
    choice = ReminderChoice.objects.filter(patient=patient).first()
    form = RemindersForm(posted(request), patient=patient, choice=choice)
    if form.is_valid():
        try:
            actions.choose(patient=patient, by=request.user, **form.chosen)
        except StaleError as error:
            form.tell(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("portal:reminders")
    feed = CalendarFeed.objects.open().filter(patient=patient).first()
    webcal = re.sub("^https?", "webcal", _address_of(feed)) if feed else ""
    context = {
        "patient": patient,
        "clinic": patient.clinic,
        "form": form,
        "has_chosen": choice is not None,
        "repeat_at": repeat_time(choice.times) if choice else None,
        "feed_address": _address_of(feed) if feed else "",
        "webcal": webcal,
        "google_address": f"{GOOGLE}?{urlencode({'cid': webcal})}",
    }
    return render(request, "portal/reminders.html", context)


def _address_of(feed: CalendarFeed) -> str:
    return settings.SITE_ADDRESS + reverse("portal:calendar", args=[feed.token])


@require_POST
@portal_view
def calendar_link(request: DoorRequest, patient: Patient) -> HttpResponse:
    if request.POST.get("wanted") == "off":
        calendar_feeds.switch_off(patient=patient, by=request.user)
        messages.success(request, _("The calendar link is off. It opens nothing any more."))
    else:
        calendar_feeds.renew(patient=patient, by=request.user)
        messages.success(request, _("This is your new calendar link."))
    return redirect(reverse("portal:reminders") + "#calendar")


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """For calendar programs. Each wrong, old and switched-off link is answered alike."""
    with CalendarFeed.of_token(token) as feed:
        if feed is None or feed.patient.user is None or not feed.patient.user.is_active:
            raise Http404
        body = calendar_feed.build(feed)
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse)
    return answer


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_emails(request: HttpRequest, token: str) -> HttpResponse:
    """The link in each reminder. A POST ends them: the page's button, or one click in the mail
    program (RFC 8058), which holds neither cookie nor token; the link itself is signed.
    """
    with letters.choice_of(token) as choice:
        if choice is None:
            raise Http404
        if request.method == "POST":
            actions.stop_emails(choice=choice)
            choice.refresh_from_db()
    return render(request, "portal/reminders_off.html", {"is_on": choice.by_email})
