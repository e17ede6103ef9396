"""What the public site may show and find of the library: the platform's public part, no dosage."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Func, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cms import embeds, site_menu
from cms.embeds import ProgramSummary
from cms.search import findable
from cms.search.findable import Entry, Kind
from cms.site_menu import Part
from programs.measures.spoken import said
from programs.models import Exercise, Program
from programs.models.program import Visibility

EXERCISE = "exercise"
# Of the keys of search entries: the site's own language has none.
_ENDINGS = {
    code: "" if code == settings.LANGUAGE_CODE else f":{code}" for code, _name in settings.LANGUAGES
}


def register() -> None:
    findable.register(Kind(EXERCISE, _("Exercises"), _entries, _keys, 2))
    embeds.register_programs(choices=choices, find=find)
    site_menu.register(Part(_("Exercises"), "programs:public_exercises", here="exercises"))


def _key(exercise: Exercise, language: str) -> str:
    """Of the search entry in a language."""
    return f"{exercise.uuid}{_ENDINGS[language]}"


def _keys() -> Any:
    """Of all languages, whether an exercise is told in it or not."""
    endings = Value(list(_ENDINGS.values()), output_field=ArrayField(CharField()))
    each = Func(endings, function="unnest", output_field=CharField())
    key = Func(
        Cast("uuid", CharField()),
        each,
        template="%(expressions)s",
        arg_joiner=" || ",
        output_field=CharField(),
    )
    return Exercise.objects.public().annotate(key=key).values("key")


def _entries() -> Iterator[Entry]:
    for exercise in Exercise.objects.public().prefetch_related("texts"):
        yield from entries(exercise)


def entries(exercise: Exercise) -> Iterator[Entry]:
    """One for each language that it is told in."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            told = exercise.spoken
            if told["language"] != language:
                continue
            words = [told["start"], *told["steps"], told["patient_care"], exercise.plain_kind]
            yield Entry(
                key=_key(exercise, language),
                title=told["patient_title"],
                lead=told["cue"],
                text="\n".join(filter(None, map(str, words))),
                address=reverse("programs:public_exercise", args=[exercise.uuid]),
                language=language,
            )


def exercise_changed(exercise: Exercise) -> None:
    """Write its search entries anew, or take them out."""
    for language in _ENDINGS:
        findable.remove(EXERCISE, _key(exercise, language))
    for public in Exercise.objects.public().filter(pk=exercise.pk):
        for one in entries(public):
            findable.write(EXERCISE, one)


def _public_programs() -> QuerySet[Program]:
    """The platform's, published and not archived. A clinic's own are never public."""
    return Program.objects.active().filter(clinic=None, visibility=Visibility.PLATFORM)


def choices() -> list[tuple[str, str]]:
    return [(program.code, str(program)) for program in _public_programs()]


def find(code: str) -> ProgramSummary | None:
    """Phases and what is done in them; only exercises of the platform are named."""
    program = _public_programs().filter(code=code).first()
    if program is None:
        return None
    phases = program.phases.prefetch_related("exercises__exercise__texts")
    return ProgramSummary(
        title=said(program.patient_title or program.title),
        summary=said(program.summary),
        weeks=program.weeks,
        phases=[(said(phase.title), said(phase.goal), _names(phase)) for phase in phases],
    )


def _names(phase: Any) -> list[str]:
    rows = [row.exercise for row in phase.exercises.all() if row.exercise.clinic_id is None]
    return list(dict.fromkeys(exercise.spoken["patient_title"] for exercise in rows))
