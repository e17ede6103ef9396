"""The links beside each page of the workspace: the same for all who may do the same."""

from django import template
from django.utils.safestring import SafeString

from accounts import kept_parts
from accounts.doors import DoorRequest

register = template.Library()


@register.simple_tag
def rail(request: DoorRequest) -> SafeString:
    """With a mark at the section that the page is in: 'inbox' of /workspace/inbox/done/."""
    clinic = request.user.clinic
    given = {
        "section": request.path.split("/")[2],
        "can": request.user.can,
        "monitoring": clinic is not None and clinic.monitoring,
        "name": request.user.name_with_credentials,
    }
    return kept_parts.rendered("workspace/partials/rail.html", given)
