"""What the trail learns from requests themselves, so that no page has to think of it."""

from http import HTTPStatus

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import audit, wall
from accounts.audit import Action
from accounts.models import User

DESK = "/cms/"
MOST_REFUSALS = 60
REFUSED = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
# Of Wagtail's admin, what is posted and changes nothing.
_CHANGES_NOTHING = (
    "preview",
    "editing_sessions",
    "chooser",
    "collapse",
    "dismiss",
    "lock_ping",
    "reading_grade",
    "sources_fill",
)
MOST_KEYS, LONGEST_KEY = 100, 60


def of_refusal(request: HttpRequest, user: User, response: HttpResponse) -> None:
    """Somebody asked for something and did not get it. In a transaction of its own:
    the request's was taken back.
    """
    match = request.resolver_match
    if not _is_refused(request, response) or match is None:
        return
    keys = [*match.args, *match.kwargs.values()]
    patient = match.kwargs.get("patient_id")
    if patient is None and not _is_counted(user):
        return
    with wall.acting(user):
        audit.record(
            action=Action.ACCESS_REFUSED,
            by=user,
            patient=patient,
            subject=keys[0] if keys else "",
            page=match.view_name,
            status=response.status_code,
        )


def _is_refused(request: HttpRequest, response: HttpResponse) -> bool:
    """Wagtail leads whoever may not do something to its first page."""
    is_led_home = response.status_code == HTTPStatus.FOUND and response.headers["Location"] == DESK
    return response.status_code in REFUSED or (is_led_home and request.path_info.startswith(DESK))


def _is_counted(user: User) -> bool:
    """So many an hour: whoever tries addresses fills no table with it. About a patient, all are."""
    key = f"refused:{user.pk}:{timezone.now():%Y%m%d%H}"
    count = cache.get(key, 0) + 1
    cache.set(key, count, 3600)
    return bool(count <= MOST_REFUSALS)


def of_the_desk(request: HttpRequest, user: User, response: HttpResponse) -> None:
    """What somebody changed or took away in Wagtail's admin, whatever view of it. Within the
    transaction of the change; its before and after are in Wagtail's own history.
    """
    match = request.resolver_match
    failed = response.status_code >= HTTPStatus.BAD_REQUEST
    if match is None or failed or _is_refused(request, response):
        return
    action = _done(request, response, match.view_name)
    if action is not None:
        keys = [*match.args, *match.kwargs.values(), *request.GET.getlist("id")[:MOST_KEYS]]
        of_what = [str(key)[:LONGEST_KEY] for key in keys]
        audit.record(
            action=action,
            by=user,
            subject=of_what[0] if of_what else "",
            page=match.view_name,
            keys=of_what,
        )


def _done(request: HttpRequest, response: HttpResponse, name: str) -> Action | None:
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        return Action.CONTENT_EXPORTED
    if request.method == "POST":
        is_done = response.status_code in (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER)
        is_json = response.headers.get("Content-Type", "").startswith("application/json")
        changes = not any(part in name for part in _CHANGES_NOTHING) or name.endswith(":create")
        return Action.CONTENT_CHANGED if (is_done or is_json) and changes else None
    return None
