"""Documents are read where a page that shows them is; Wagtail asks here before it serves one."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from wagtail.documents.permissions import permission_policy
from wagtail.models import Page, ReferenceIndex

from accounts import factors
from accounts.permissions import PORTAL_ROLES
from cms.restrictions import unrestricted

_OF_STAFF = ["add", "change", "delete", "choose"]


def refuse_what_is_not_read(document: Any, request: HttpRequest) -> None:
    """Raises Http404 unless a published page that this person may read links to it, or they are
    staff who find it in a collection of theirs.
    """
    if not (_is_on_a_page(document, request) or _is_staffs(document, request)):
        raise Http404


def _is_on_a_page(document: Any, request: HttpRequest) -> bool:
    links = ReferenceIndex.get_references_to(document).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    pages = Page.objects.live().filter(pk__in=list(links.values_list("object_id", flat=True)))
    return unrestricted(pages).exists() or any(
        all(wall.accept_request(request) for wall in page.get_view_restrictions()) for page in pages
    )


def _is_staffs(document: Any, request: HttpRequest) -> bool:
    user: Any = request.user
    if not user.is_authenticated or user.role in PORTAL_ROLES:
        return False
    if factors.is_asked_of(user) and not factors.was_shown(request):
        return False
    may = permission_policy.user_has_any_permission_for_instance(user, _OF_STAFF, document)
    return bool(may)
