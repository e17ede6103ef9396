"""The whole record to read: a tagged PDF, made as the handout is."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, FileField, Model, QuerySet
from django.utils import formats, timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from patients.looks import looks_at
from patients.models import Patient, RecordLink, SentToRecord
from programs.export.rows import is_person, owned_models, person_words, rows_of
from programs.export.words import fields_of, is_silent
from programs.handout import typeset
from programs.handout.render import Paper
from programs.measures.spoken import said
from programs.models import CheckIn, ExerciseLog, Prescription
from programs.models.replaceable import Replaceable
from programs.progress.answered import scored

TEMPLATE = Path(__file__).with_name("record.typ")
# In the order in which people ask; what is not named follows under its own name.
TITLES = {
    "Episode": _("What your therapist found"),
    "RedFlagScreen": _("Questions about warning signs"),
    "Plan": _("Your plans"),
    "Prescription": _("Your exercises"),
    "Session": _("Your sessions"),
    "ExerciseLog": _("What you did in each session"),
    "CheckIn": _("Your answers to forms"),
    "Question": _("Your questions"),
    "ClinicalNote": _("Your therapist's notes"),
    "Letter": _("Letters about you"),
    "Alert": _("What your therapist was asked to look at"),
    "Pause": _("Breaks"),
    "MonitoringCare": _("What you agreed to about remote monitoring"),
    "MonitoringEntry": _("Minutes that your therapist worked on your remote monitoring"),
    "LiveTalk": _("Talks about your remote monitoring"),
    "MonitoringAnswers": _("Other services, asked for remote monitoring"),
    "MonitoringLock": _("Months of remote monitoring that were signed"),
    "PlanPhase": _("Phases of your plans"),
    "PhaseStart": _("When each phase began"),
    "CareTeamMember": _("Your care team"),
    "Invitation": _("Your invitations"),
    "MergedPatient": _("Records about you that were made twice"),
    "EarlierRecord": _("Records that you brought along"),
    "RecordLink": _("Other records that name you"),
    "SentToRecord": _("What was sent to other records"),
    "PrivacyAcceptance": _("Privacy notices that you accepted"),
}
Line = tuple[str, str]


def as_pdf(patient: Patient, *, made_at: dt.datetime, paper: Paper = Paper.A4) -> bytes:
    """Tagged for screen readers (PDF/UA-1), in the language that is active."""
    data = {
        "title": gettext("Your record"),
        "language": (get_language() or "en")[:2],
        "patient": str(patient),
        "clinic": patient.clinic.name,
        "phone": patient.clinic.phone,
        "made": gettext("Made on {moment}").format(moment=_moment(made_at, patient)),
        "page": gettext("Page"),
        "sections": _sections(patient),
    }
    return typeset.pdf(TEMPLATE, data, paper=paper.value)


def _sections(patient: Patient) -> list[dict[str, Any]]:
    """Title and entries; an entry is its lines, each a label and words."""
    names = list(TITLES)
    known = sorted(
        owned_models(),
        key=lambda model: names.index(model.__name__) if model.__name__ in names else len(names),
    )
    sections = [
        {"title": gettext("About you"), "entries": [_lines(patient, patient)]},
        *({"title": _title(model), "entries": _entries(model, patient)} for model in known),
        {"title": gettext("Who looked at your record"), "entries": _looks(patient)},
    ]
    return [section for section in sections if any(section["entries"])]


def _title(model: type[Model]) -> str:
    return str(TITLES.get(model.__name__, capfirst(str(model._meta.verbose_name_plural))))


def _entries(model: type[Model], patient: Patient) -> list[list[Line]]:
    rows = rows_of(model, patient)
    if model is CheckIn:
        replaced = _replaced(rows)
        return [
            [*_lines(row, patient), *_answers(row, scores), *_of_right(row, replaced)]
            for row, scores in scored(list(rows.select_related("form__form")))
        ]
    if issubclass(model, Replaceable):
        replaced = _replaced(rows)
        return [[*_lines(row, patient), *_of_right(row, replaced)] for row in rows]
    if model is ExerciseLog:
        rows = rows.select_related("session", "prescription")
    begin = _BEGINS.get(model)
    return [[*(begin(row, patient) if begin else ()), *_lines(row, patient)] for row in rows]


def _replaced(rows: QuerySet[Any]) -> set[UUID]:
    """Those that a newer record has put right."""
    return set(rows.exclude(replaces=None).values_list("replaces_id", flat=True))


def _of_right(row: Replaceable, replaced: set[UUID]) -> list[Line]:
    said = []
    if row.pk in replaced:
        said.append(gettext("Put right later: it no longer counts."))
    if isinstance(row, CheckIn) and row.form_id is None and not row.versions:
        said.append(gettext("Nothing was measured."))
    return [(gettext("What became of it"), " ".join(said))] if said else []


def _of_log(row: ExerciseLog, patient: Patient) -> list[Line]:
    return [
        (gettext("Session of"), _moment(row.session.done_at, patient)),
        (gettext("Exercise"), row.prescription.shown.plain_title),
    ]


def _of_prescription(row: Prescription, patient: Patient) -> list[Line]:
    return [
        (gettext("Exercise"), row.shown.plain_title),
        (gettext("How much"), f"{row.dosage_text}; {row.frequency_text}"),
    ]


def _of_link(row: RecordLink, patient: Patient) -> list[Line]:
    told = [(gettext("What it said of you"), "; ".join(row.told))] if row.told else []
    return [(gettext("Whose record"), row.record.name), *told]


def _of_sent(row: SentToRecord, patient: Patient) -> list[Line]:
    return [(gettext("Whose record"), row.link.record.name)]


# What is said of a row before its own fields.
_BEGINS: dict[type[Model], Callable[[Any, Patient], list[Line]]] = {
    ExerciseLog: _of_log,
    Prescription: _of_prescription,
    RecordLink: _of_link,
    SentToRecord: _of_sent,
}


def _answers(row: CheckIn, scores: list[Any]) -> list[Line]:
    told = [
        (
            said(score.label),
            f"{score.value:g}" if score.value is not None else gettext("not answered"),
        )
        for score in scores
    ]
    return [*told, *row.asked]


def _looks(patient: Patient) -> list[list[Line]]:
    return [
        [
            (gettext("Day"), formats.date_format(look["day"])),
            (gettext("Who"), look["actor_name"]),
            (gettext("Times"), str(look["times"])),
        ]
        for look in looks_at(patient)
    ]


def _lines(row: Model, patient: Patient) -> list[Line]:
    """What is filled in, under the fields' own names."""
    pairs = [
        (capfirst(gettext(str(field.verbose_name))), _words(row, field, patient))
        for field in fields_of(type(row))
    ]
    return [(label, words) for label, words in pairs if words]


def _words(row: Model, field: Field, patient: Patient) -> str:  # noqa: PLR0911 - one answer a kind
    value = getattr(row, field.attname)
    if is_person(field):
        return person_words(getattr(row, field.name))
    if value in (None, "", []) or is_silent(field):
        return ""
    if isinstance(field, FileField):
        return gettext("a file: it is inside the other download")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dt.datetime):
        return _moment(value, patient)
    if isinstance(value, dt.date):
        return formats.date_format(value)
    if field.name == "weekdays":
        return ", ".join(str(WEEKDAYS_ABBR[one]) for one in value)
    if isinstance(field, ArrayField):
        return ", ".join(_word(field.base_field, one) for one in value)
    return _word(field, value)


def _word(field: Field, value: Any) -> str:
    """A choice by its name; what was typed as it is."""
    if isinstance(value, dt.time):
        return formats.time_format(value)
    label = dict(field.flatchoices).get(value)
    return str(value) if label is None else gettext(str(label))


def _moment(value: dt.datetime, patient: Patient) -> str:
    return formats.date_format(timezone.localtime(value, patient.clinic.zone), "DATETIME_FORMAT")
