"""The record to take along: every kind of row, every field filled."""

import datetime as dt
import json
import uuid
from decimal import Decimal
from io import BytesIO

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.utils import translation
from pypdf import PdfReader

from accounts.models import AuditEvent
from patients.models import MergedPatient, Patient
from programs.actions import notes, reminders
from programs.export import readable, record
from programs.export.rows import LEFT_OUT, is_person, owned_models
from programs.models import ClinicalNote, DraftStep, LiveTalk, MonitoringEntry
from programs.models.note import NoteKind
from programs.notes.known import days_of
from tests.programs.actions.test_monitoring import minutes, switch_on, talk
from tests.programs.handout.test_typeset import HARD, SCRIPTS

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 14, 9, 30, tzinfo=dt.UTC)
TYPED = "Wörter 😀 漢\x07\u0651 <b>"
# By the field's class, in which its own subclasses count; the first that fits.
VALUES = [
    (models.FileField, "kept/gone.webp"),
    (models.BinaryField, b"\x00\xff"),
    (models.BooleanField, True),
    (models.DecimalField, Decimal("1.50")),
    (models.FloatField, float("inf")),
    (models.IntegerField, 3),
    (models.UUIDField, uuid.UUID(int=7)),
    (models.DateTimeField, NOW),
    (models.DateField, NOW.date()),
    (models.TimeField, dt.time(7, 30)),
    (models.DurationField, dt.timedelta(days=2)),
    (models.JSONField, {"a": [1, None, TYPED]}),
    (DateTimeRangeField, (NOW, None)),
    (models.CharField, TYPED),
    (models.TextField, TYPED),
]
NOT_TAKEN_ALONG = {
    DraftStep: "how a draft came to be, before anything was prescribed",
    AuditEvent: "told as who looked at the record",
}


def value_of(field):
    if field.is_relation:
        return value_of(field.target_field)
    if isinstance(field, ArrayField):
        return [value_of(field.base_field)] * 2
    if field.choices:
        return field.flatchoices[-1][0]
    for kind, value in VALUES:
        if isinstance(field, kind):
            return value
    pytest.fail(f"Say in VALUES what a {type(field).__name__} holds, and try it in the export.")


def filled(model, patient, person):
    """Not saved: what the export makes of a row doesn't ask whether the row makes sense."""
    row = model()
    for field in model._meta.concrete_fields:
        if is_person(field):
            setattr(row, field.name, person)
        elif field.name != "patient":
            setattr(row, field.attname, value_of(field))
    row.patient = patient
    return row


def points_at_a_patient(model):
    return any(
        field.related_model is Patient or field.name in {"patient", "patient_id"}
        for field in model._meta.concrete_fields
    )


def test_every_model_with_a_patient_is_taken_along_or_has_a_reason_not_to_be():
    left = {model for model in apps.get_models() if points_at_a_patient(model)}
    assert left - set(owned_models()) == set(NOT_TAKEN_ALONG)
    assert set(LEFT_OUT) <= set(NOT_TAKEN_ALONG)


def test_every_field_of_every_model_survives_as_data(ana, priya, monkeypatch):
    monkeypatch.setattr(record, "rows_of", lambda model, patient: [filled(model, ana, priya)])
    made = json.loads(record.as_json(ana, made_at=NOW), parse_constant=pytest.fail)
    assert len(made["records"]) == len(owned_models())
    for model in owned_models():
        (row,) = made["records"][str(model._meta.verbose_name_plural)]
        assert row, model


@pytest.mark.parametrize("model", owned_models(), ids=lambda model: model.__name__)
def test_every_field_of_every_model_survives_in_words(model, ana, priya):
    for label, words in readable._lines(filled(model, ana, priya), ana):
        assert words.strip(), label
        assert "Project-Id-Version" not in words


def test_chosen_reminders_are_in_both(ana):
    reminders.choose(patient=ana, by=ana.user, by_email=True, times=[dt.time(7, 30), dt.time(19)])
    made = json.loads(record.as_json(ana, made_at=NOW))
    (choice,) = made["records"]["reminder choices"]
    assert choice["times"] == ["07:30:00", "19:00:00"]
    pages = PdfReader(BytesIO(readable.as_pdf(ana, made_at=NOW))).pages
    assert "7:30 a.m., 7 p.m." in " ".join("".join(p.extract_text() for p in pages).split())


def test_a_choice_that_is_no_more_is_said_as_it_was_kept(ana):
    ana.language = "tlh"
    assert ("Language", "tlh") in readable._lines(ana, ana)


@pytest.mark.parametrize("typed", [*SCRIPTS, *HARD])
def test_the_record_is_made_whatever_is_typed(typed, ana, plan):
    ana.first_name = ana.last_name = ana.record_number = typed
    plan.clinic.name = plan.title = typed
    ana.clinic = plan.clinic
    made = readable.as_pdf(ana, made_at=NOW)
    assert "Your record" in PdfReader(BytesIO(made)).pages[0].extract_text()


@pytest.mark.parametrize("typed", [one for one in HARD if "\ud800" not in one])
def test_the_data_is_made_whatever_is_typed(typed, ana):
    ana.first_name = typed
    assert json.loads(record.as_json(ana, made_at=NOW))["patient"]["first_name"] == typed


def test_older_versions_of_notes_minutes_and_talks_say_so(ana, plan, priya):
    switch_on(ana.clinic)
    begun, last = days_of(plan.episode, NoteKind.PROGRESS)
    old = notes.save(
        note_id=uuid.uuid4(), episode=plan.episode, kind=NoteKind.PROGRESS, language="en",
        first=begun, last=last, text="First.", by=priya,
    )  # fmt: skip
    notes.change(note_id=uuid.uuid4(), note=old, text="Second.", by=priya)
    today = ana.clinic.today()
    at = dt.datetime.combine(today, dt.time(), ana.clinic.zone)
    for enter, when in ((minutes, {"on": today}), (talk, {"at": at})):
        wrong = enter(ana, priya, **when)
        enter(ana, priya, 1, replaces=wrong, why="Typed too much.", **when)
    for model in (ClinicalNote, MonitoringEntry, LiveTalk):
        told = ["Put right later" in str(entry) for entry in readable._entries(model, ana)]
        assert sorted(told) == [False, True], model


@pytest.mark.parametrize(("language", "words"), [("en", "made twice"), ("es", "dos veces")])
def test_a_record_that_was_merged_has_a_title(language, words):
    with translation.override(language):
        assert words in readable._title(MergedPatient)
