"""Tags are for articles, which one team writes. Files have none.

Wagtail keeps one list of tags for the whole installation, offers it to all who type a first letter,
and lists the commonest beside each clinic's files: a tag on one clinic's picture was read by all.
"""

from django.http import HttpRequest, JsonResponse
from taggit.models import Tag
from wagtail.admin.views.tags import TAGS_AUTOCOMPLETE_LIMIT
from wagtail.documents.wagtail_hooks import AddTagsBulkAction as TagDocuments
from wagtail.images.wagtail_hooks import AddTagsBulkAction as TagImages

from accounts.doors import text_in
from cms.models import ArticleTag
from cms.teams import is_editorial


def autocomplete(request: HttpRequest, **model: str) -> JsonResponse:
    """In the place of Wagtail's: tags of articles, to those who write articles."""
    term = text_in(request.GET, "term")
    if not term or not is_editorial(request.user):
        return JsonResponse([], safe=False)
    used = Tag.objects.filter(pk__in=ArticleTag.objects.values("tag"), name__istartswith=term)
    names = used.order_by("name").values_list("name", flat=True)
    return JsonResponse(list(names[:TAGS_AUTOCOMPLETE_LIMIT]), safe=False)


def offer_none_for_files() -> None:
    """Wagtail asks a bulk action for its models when it first lists them."""
    TagDocuments.models = TagImages.models = []
