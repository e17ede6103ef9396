"""Which pages everyone may read."""

from typing import Any, TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.models import PageViewRestriction

Pages = TypeVar("Pages", bound=QuerySet[Any])


def unrestricted(pages: Pages) -> Pages:
    """Those without a view restriction on them or above them, as part of the same query."""
    above = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    walls = PageViewRestriction.objects.alias(path=above).filter(path__startswith=F("page__path"))
    return pages.filter(~Exists(walls))
