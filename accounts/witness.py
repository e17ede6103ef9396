"""What the trail learns from requests themselves, so that no page has to think of it."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from accounts import audit, wall
from accounts.audit import Action
from accounts.models import User

REFUSED = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
# Of Wagtail's admin, what is posted and changes nothing.
_CHANGES_NOTHING = ("preview", "editing_sessions", "chooser", "collapse", "dismiss", "lock_ping")
MOST_KEYS, LONGEST_KEY = 100, 60


def of_refusal(request: HttpRequest, user: User, response: HttpResponse) -> None:
    """Somebody asked for something by its key and did not get it. In a transaction of its own:
    the request's was taken back.
    """
    match = request.resolver_match
    if response.status_code not in REFUSED or match is None:
        return
    keys = [*match.args, *match.kwargs.values()]
    if not keys:
        return
    with wall.acting(user):
        audit.record(
            action=Action.ACCESS_REFUSED,
            by=user,
            patient=match.kwargs.get("patient_id"),
            subject=keys[0],
            page=match.view_name,
            status=response.status_code,
        )


def of_the_desk(request: HttpRequest, user: User, response: HttpResponse) -> None:
    """What somebody changed or took away in Wagtail's admin, whatever view of it. Within the
    transaction of the change; its before and after are in Wagtail's own history.
    """
    match = request.resolver_match
    if match is None or response.status_code >= HTTPStatus.BAD_REQUEST:
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
    if request.method == "POST":
        is_done = response.status_code in (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER)
        is_json = response.headers.get("Content-Type", "").startswith("application/json")
        changes = not any(part in name for part in _CHANGES_NOTHING)
        return Action.CONTENT_CHANGED if (is_done or is_json) and changes else None
    is_file = response.headers.get("Content-Disposition", "").startswith("attachment")
    return Action.CONTENT_EXPORTED if is_file else None
