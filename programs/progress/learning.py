"""What a patient may want to read: what belongs to the plan first, each with the reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, ReferenceIndex

from cms.models import ArticlePage
from patients.models import Patient
from programs.course.today import Today
from programs.models import Exercise, Prescription, SavedPage
from programs.models.described import Kind
from programs.progress import of_patient as progress


@dataclass(frozen=True)
class Reading:
    """An article for this patient; `why` is empty where it belongs to no exercise of theirs."""

    article: ArticlePage
    address: str
    why: str
    is_saved: bool
    is_translated: bool


@dataclass(frozen=True)
class Learn:
    """`exercises` of the present phase, with whether each is saved."""

    exercises: list[tuple[Prescription, bool]]
    belonging: list[Reading]
    others: list[Reading]

    @property
    def saved(self) -> list[Reading]:
        return [one for one in (*self.belonging, *self.others) if one.is_saved]


def load(patient: Patient, today: Today, *, address: Callable[[ArticlePage], str]) -> Learn:
    """Seven queries, however many articles there are; `address` says where one is read."""
    rows = progress.phase_prescriptions(today)
    saved = SavedPage.objects.filter(patient=patient).select_related("article")
    articles = {one.article.translation_key for one in saved if one.article}
    exercises = {one.exercise_id for one in saved}
    shown = _shown_in(rows)
    kinds = list(dict.fromkeys(Kind(row.shown.kind) for row in rows))
    locale = Locale.get_active()
    readings = [
        Reading(
            page,
            address(page),
            _why(page, shown, rows, kinds),
            is_saved=page.translation_key in articles,
            is_translated=page.locale_id == locale.pk,
        )
        for page in ArticlePage.objects.listed()
        .read_in(locale)
        .prefetch_related("tagged_items__tag")
    ]
    return Learn(
        exercises=[(row, row.exercise_id in exercises) for row in rows],
        belonging=[one for one in readings if one.why],
        others=[one for one in readings if not one.why],
    )


def _shown_in(rows: Iterable[Prescription]) -> dict[int, set[int]]:
    """Pages that show an exercise of the plan: page id to the exercises' ids."""
    wanted = [str(row.exercise_id) for row in rows]
    found: dict[int, set[int]] = {}
    types = ContentType.objects.get_for_models(Exercise, Page)
    references = ReferenceIndex.objects.filter(
        to_content_type=types[Exercise], base_content_type=types[Page], to_object_id__in=wanted
    )
    for page, exercise in references.values_list("object_id", "to_object_id"):
        found.setdefault(int(page), set()).add(int(exercise))
    return found


def _why(
    page: ArticlePage, shown: dict[int, set[int]], rows: list[Prescription], kinds: list[Kind]
) -> str:
    titles = [row.shown.plain_title for row in rows if row.exercise_id in shown.get(page.pk, set())]
    if titles:
        return _("Shows “%(exercise)s” of your plan.") % {"exercise": titles[0]}
    tags = {item.tag.name for item in page.tagged_items.all()}
    # A translated article's tags are in its language, as patients call the kinds.
    kind = next((one for one in kinds if tags & {one.value, one.plain}), None)
    if kind is None:
        return ""
    return _("About the kind of exercise you do: %(kind)s.") % {"kind": kind.plain}
