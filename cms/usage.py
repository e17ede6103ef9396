"""Where sources are used: in what is public, in what is being written, and by the library.

Wagtail's reference index knows only what was saved last of each page, so that a draft which drops a
citation would hide the public page that still has it. Here both are read: the rows, and the latest
and scheduled revisions. Other apps tell of their own uses through `also`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Revision

from cms import citations
from cms.models.source import Source


@dataclass(frozen=True)
class Use:
    """One thing that uses a source. `is_public` is what readers see now, not a draft."""

    kind: str
    title: str
    pk: int | str
    is_public: bool
    is_page: bool = False
    clinic_id: Any = None  # whose it is; None for what belongs to all

    def __str__(self) -> str:
        return f"{self.kind} “{self.title}”{'' if self.is_public else ' (draft)'}"


Uses = dict[str, list[Use]]
# Each gives (key, use) for what an app above uses; cms can't ask them itself.
_others: list[Callable[[], Iterator[tuple[str, Use]]]] = []


def also(finder: Callable[[], Iterator[tuple[str, Use]]]) -> None:
    """Register what another app uses sources for."""
    if finder not in _others:
        _others.append(finder)


def of_all() -> Uses:
    """Every key that is used, with its uses, each thing once; public before draft."""
    uses: dict[str, dict[tuple[str, int | str], Use]] = defaultdict(dict)
    for key, use in _found():
        same = (use.kind, use.pk)
        if same not in uses[key] or use.is_public:
            uses[key][same] = use
    return {key: list(found.values()) for key, found in uses.items()}


def of_source(source: Source) -> list[Use]:
    return of_all().get(source.key, [])


def _found() -> Iterator[tuple[str, Use]]:
    yield from _in_rows()
    yield from _in_revisions()
    yield from _through_relations()
    for finder in _others:
        yield from finder()


@cache
def citing_fields() -> list[tuple[type[Model], list[str]]]:
    """Models with rich text in fields of their own, where a citation may stand."""
    found = []
    for model in apps.get_models():
        fields = [
            field.name
            for field in model._meta.local_fields
            if isinstance(field, (StreamField, RichTextField))
        ]
        if fields:
            found.append((model, fields))
    return found


def _in_rows() -> Iterator[tuple[str, Use]]:
    for model, fields in citing_fields():
        for name in fields:
            holding = model._default_manager.annotate(stored_text=Cast(name, TextField())).filter(
                stored_text__contains=citations.EMBED_TYPE
            )
            row: Any
            for row in holding:
                use = _use(row, is_public=getattr(row, "live", True))
                yield from ((key, use) for key in _keys(row.stored_text))


def _in_revisions() -> Iterator[tuple[str, Use]]:
    """The latest revision of each thing, and those that wait for their day."""
    latest = Page.objects.exclude(latest_revision=None).values("latest_revision_id")
    waiting = Revision.objects.annotate(stored_text=Cast("content", TextField())).filter(
        Q(pk__in=latest) | Q(approved_go_live_at__isnull=False),
        stored_text__contains=citations.EMBED_TYPE,
    )
    for revision in waiting.select_related("content_type"):
        model = revision.content_type.model_class()
        use = Use(
            kind=str(model._meta.verbose_name) if model else "page",
            title=str(revision.object_str),
            pk=int(revision.object_id),
            is_public=False,
            is_page=model is not None and issubclass(model, Page),
            clinic_id=revision.content.get("clinic"),
        )
        yield from ((key, use) for key in _keys(revision.stored_text))


def _keys(stored: str) -> list[str]:
    """Keys in stored JSON, whose quotation marks are escaped once, or twice inside a revision."""
    return citations.keys_in(stored.replace("\\", ""))


def _through_relations() -> Iterator[tuple[str, Use]]:
    """What points at sources, such as the library's exercises; also in drafts of it."""
    for relation in Source._meta.related_objects:
        if not relation.many_to_many or relation.related_model is None:
            continue
        model, name = relation.related_model, relation.field.name
        rows = model._default_manager.filter(**{f"{name}__isnull": False}).distinct()
        for row in rows.prefetch_related(name):
            use = _use(row, is_public=getattr(row, "live", True))
            yield from ((source.key, use) for source in getattr(row, name).all())
        yield from _in_drafts_of(model, name)


def _in_drafts_of(model: type[Model], name: str) -> Iterator[tuple[str, Use]]:
    if not hasattr(model, "latest_revision"):
        return
    keys = dict(Source.objects.values_list("pk", "key"))
    rows = model._default_manager.exclude(latest_revision=None).select_related("latest_revision")
    for row in rows:
        for pk in row.latest_revision.content.get(name) or []:
            if pk in keys:
                yield keys[pk], _use(row, is_public=False)


def _use(row: Model, *, is_public: bool) -> Use:
    return Use(
        kind=str(row._meta.verbose_name),
        title=str(row),
        pk=row.pk,
        is_public=is_public,
        is_page=isinstance(row, Page),
        clinic_id=getattr(row, "clinic_id", None),
    )


def told_to(user: Any, uses: list[Use]) -> list[Use]:
    """The same uses; another clinic's keep their kind and lose their title."""
    own = {"None", str(user.clinic_id)}
    return [
        use
        if user.is_superuser or str(use.clinic_id) in own
        else replace(use, title="of another clinic")
        for use in uses
    ]


def told(uses: list[Use], most: int = 5) -> str:
    """'exercise “G01 …”, article “Numb feet” and 3 more', for a message."""
    words = [str(use) for use in uses[:most]]
    more = f" and {len(uses) - most} more" if len(uses) > most else ""
    return ", ".join(words) + more
