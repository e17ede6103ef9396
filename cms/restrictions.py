"""Which pages everyone may read."""

from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.models import PageViewRestriction


def unrestricted(pages: QuerySet[Any]) -> QuerySet[Any]:
    """Those without a view restriction on them or above them, as part of the same query."""
    above = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    walls = PageViewRestriction.objects.alias(path=above).filter(path__startswith=F("page__path"))
    return pages.filter(~Exists(walls))
