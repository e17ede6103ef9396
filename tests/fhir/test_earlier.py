"""A record that another clinic gave along is read again as the same, and decides about nothing."""

import json
import re
import uuid
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import wall
from accounts.models import AuditEvent
from fhir import earlier
from fhir.record import as_bundle
from patients.actions import earlier_records
from patients.earlier import Earlier, day
from patients.incoming import UnreadableError
from patients.models import EarlierRecord, RedFlagScreen
from programs.actions import merging
from programs.models import Alert, CheckIn, Plan, Session
from tests.conftest import client_of, make_patient
from tests.fhir.conftest import do, earlier_record
from tests.fhir.test_record import ANSWERS, LOGS

pytestmark = pytest.mark.django_db


def taken(patient):
    return as_bundle(patient, made_at=timezone.now())


def read(patient):
    return earlier.read(taken(patient), patient.clinic).content


def words_of(entry):
    return dict(entry.lines)


def same_sessions(patient, content):
    """Each as its row has it, by the row alone."""
    rows = list(Session.objects.filter(patient=patient).order_by("done_at", "pk"))
    replaced = {row.replaces_id for row in rows}
    zone = patient.clinic.zone
    at = [row.done_at.astimezone(zone).isoformat(timespec="seconds") for row in rows]
    assert sorted(one.at for one in content.sessions) == sorted(at)
    by_moment = {}
    for one in content.sessions:
        by_moment.setdefault((one.at, one.is_wrong), []).append(one)
    for row, moment in zip(rows, at, strict=True):
        found = by_moment[moment, row.pk in replaced]
        assert any(_is_of(one, row) for one in found), (row, found)


def _is_of(one, row):
    said = words_of(one)
    asked = {
        "Pain before the session, 0 to 10": row.pain_before,
        "Pain after the session, 0 to 10": row.pain_after,
        "Effort, 0 to 10": row.effort,
        "Falls since the last session": _counted(row.falls, "falls"),
        "Near-falls since the last session": _counted(row.near_falls, "near-falls"),
    }
    for title, value in asked.items():
        if value is None and title in said and said[title] != "not answered":
            return False
        if value is not None and said.get(title) != str(value):
            return False
    for log in row.exercise_logs.all():
        words = str(log.get_done_display()) if log.done else "not answered"
        if not said.get(log.prescription.kept.title, "").startswith(words):
            return False
    is_hurt = {True: "yes", False: "no", None: None}[row.fall_injury]
    if said.get("Hurt in a fall, or hit the head") != is_hurt:
        return False
    return one.note == " ".join([row.note] if row.note else [])


def _counted(number, unit):
    return None if number is None else f"{number} {unit}"


def test_a_record_with_something_of_each_kind_is_read_as_the_same(record):
    content = read(record)
    same_sessions(record, content)
    plans = list(Plan.objects.frozen().filter(patient=record).order_by("version"))
    assert [one.title for one in content.plans] == [str(one) for one in plans]
    for found, plan in zip(content.plans, plans, strict=True):
        rows = list(plan.prescriptions.filter(included=True))
        assert sorted(one.title for one in found.orders) == sorted(r.kept.title for r in rows)
        assert len(found.goals) == plan.phases.count()
        for row in rows:
            order = next(one for one in found.orders if one.title == row.kept.title)
            assert row.dosage_text in order.amount
    assert {one.status for one in content.plans} == {"revoked", "active"}
    [course] = content.courses
    episode = record.episodes.get()
    assert episode.get_cause_display() in course.words
    found = dict(course.findings)
    assert found["Protective sensation"] == episode.get_sensation_display()
    falls = episode.falls_12_months
    counted = "not answered" if falls is None else f"{falls} falls a year"
    assert found["Falls in the last 12 months"] == counted
    assert len(content.alerts) == Alert.objects.filter(patient=record).count()
    forms = CheckIn.objects.filter(patient=record).count()
    screens = RedFlagScreen.objects.filter(patient=record).count()
    assert len(content.forms) == forms + screens
    assert any("Left out" in one.words for one in content.active_cautions)
    assert any("Red flag" in one.words and not one.is_active for one in content.cautions)
    assert content.told


def test_scores_and_answers_of_forms_are_read_in_words(record):
    content = read(record)
    every = [line for one in content.forms for line in one.lines]
    assert len(every) > 20
    assert all(title and words for title, words in every)


def test_it_is_kept_as_it_was_read(record):
    content = read(record)
    assert Earlier.from_json(json.loads(json.dumps(content.to_json()))) == content


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(ANSWERS, LOGS), max_size=3))
def test_random_histories_are_read_again_as_the_same(plan, ana, told):
    rows = list(plan.phases.first().prescriptions.all())
    for number, (answers, done) in enumerate(told, start=1):
        logs = dict(zip([row.pk for row in rows], done, strict=False))
        do(plan, ana, number, logs=logs, **answers)
    same_sessions(ana, read(ana))


def test_what_is_of_somebody_else_is_left_out(record, bert):
    bundle = json.loads(taken(record))
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "Procedure":
            entry["resource"]["subject"] = {"reference": f"Patient/{bert.pk}"}
    content = earlier.read(json.dumps(bundle).encode(), record.clinic).content
    assert content.sessions == []
    assert content.plans


def test_a_bundle_of_somebody_elses_make_names_its_parts_by_addresses_of_its_own(clinic):
    """`urn:uuid:` and no ids, a version in a reference, parts of an observation, odd numbers."""

    def entry(number, kind, **rest):
        return {"fullUrl": f"urn:uuid:{number}", "resource": {"resourceType": kind} | rest}

    me = {"reference": "urn:uuid:1"}
    pressure = [
        {"code": {"text": "Upper"}, "valueQuantity": {"value": 1234567, "unit": "mm"}},
        {"code": {"text": "Lower"}, "valueQuantity": {"value": 5, "comparator": "<", "unit": "mg"}},
        {"code": {"text": "Odd"}, "valueRange": {"low": {"value": 1}}},
    ]
    bundle = {"resourceType": "Bundle", "entry": [
        entry(1, "Patient", name=[{"family": "Lopez"}]),
        entry(2, "Procedure", id="p", subject=me, code={"text": "Walk"}, status="completed"),
        entry(3, "Observation", subject=me, partOf=[{"reference": "Procedure/p/_history/3"}],
              code={"text": "Steps"}, valueInteger=900),
        entry(4, "Observation", subject=me, code={"text": "Pressure"}, component=pressure),
        entry(5, "Procedure", subject={"display": "somebody"}, code={"text": "Not hers"}),
    ]}  # fmt: skip
    content = earlier.read(json.dumps(bundle).encode(), clinic).content
    assert [(one.title, one.lines) for one in content.sessions] == [("Walk", [("Steps", "900")])]
    [told] = content.told
    assert told.lines == [("Upper", "1234567 mm"), ("Lower", "< 5 mg")]


@pytest.mark.parametrize(
    "data",
    [b"", b"no", b"[]", b"{}", b'{"resourceType": "Bundle"}', b"[" * 9000, b"\xff\xfe",
     b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}]}',
     b'{"resourceType": "Bundle", "entry": 7}', b'{"resourceType": "Patient"}'],
)  # fmt: skip
def test_what_is_no_record_of_one_person_is_refused_in_words(data, clinic):
    with pytest.raises(UnreadableError):
        earlier.read(data, clinic)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip
NAMES = ["subject", "code", "status", "note", "partOf", "focus", "component", "valueQuantity",
         "item", "answer", "period", "activity", "goal", "diagnosis", "extension", "id", "authored",
         "questionnaire", "performedDateTime", "orderDetail", "derivedFrom"]  # fmt: skip
KINDS = ["Procedure", "Observation", "CarePlan", "QuestionnaireResponse", "Flag", "Task",
         "EpisodeOfCare", "Condition", "Questionnaire", "Goal", "ServiceRequest"]  # fmt: skip
RESOURCE = st.tuples(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(NAMES), JSON))


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.lists(RESOURCE, min_size=1, max_size=5))
def test_odd_resources_are_no_fault(clinic, given_):
    entry = [{"resource": {"resourceType": "Patient", "id": "a"}}]
    entry += [{"resource": rest | {"resourceType": kind}} for kind, rest in given_]
    data = json.dumps({"resourceType": "Bundle", "entry": entry}).encode()
    try:
        content = earlier.read(data, clinic).content
    except UnreadableError:
        return
    assert Earlier.from_json(json.loads(json.dumps(content.to_json()))) == content


def brought(client, patient, content, **typed):
    file = SimpleUploadedFile("record.json", content, "application/json")
    return client.post(reverse("earlier_add", args=[patient.pk]), {"file": file} | typed)


def test_it_is_brought_along_once_read_and_taken_away(record, as_priya, priya):
    content = taken(record)
    place = brought(as_priya, record, content)["Location"]
    page = as_priya.get(place).content.decode()
    assert "Active there:" in page
    assert "Ask the red flags anew." in page
    assert "Pain before the session" in page
    assert "brought along before" in brought(as_priya, record, content).content.decode()
    assert EarlierRecord.objects.count() == 1
    listed = as_priya.get(reverse("workspace:patient_record", args=[record.pk])).content.decode()
    assert f'href="{place}"' in listed
    as_priya.post(place, {"take_away": "1"})
    assert not EarlierRecord.objects.exists()
    actions = AuditEvent.objects.filter(patient_id=record.pk).values_list("action", flat=True)
    assert {"earlier.brought", "earlier.taken_away"} <= set(actions)


def test_a_record_of_somebody_else_asks_first(record, as_priya, priya):
    other = make_patient(priya, "Cora")
    content = taken(record)
    answer = brought(as_priya, other, content).content.decode()
    assert f"This record is about Ana Reyes, born {day(str(record.birth_date))}" in answer
    assert not EarlierRecord.objects.exists()
    tick = sha256(content).hexdigest()
    assert re.search(rf'<input[^>]* name="is_same"[^>]* value="{tick}"', answer), answer
    another = content.replace(b"Steadier", b"Shakier")
    assert brought(as_priya, other, another, is_same=tick).status_code == 200
    assert brought(as_priya, other, content, is_same=tick).status_code == 302


def test_it_decides_about_nothing(record, as_priya, priya):
    """Flags, scores and sessions of it are no findings here."""
    other = make_patient(priya, "Cora")
    content = taken(record)
    brought(as_priya, other, content, is_same=sha256(content).hexdigest())
    assert EarlierRecord.objects.filter(patient=other).exists()
    assert not Session.objects.filter(patient=other).exists()
    assert not Alert.objects.filter(patient=other).exists()
    assert not other.episodes.exists()


def test_who_does_not_treat_the_patient_reads_none_of_it(record, as_priya, colm, ruth, olive):
    place = brought(as_priya, record, taken(record))["Location"]
    assert client_of(colm).get(place).status_code == 404
    assert client_of(olive).get(place).status_code == 404
    assert client_of(ruth).get(place).status_code == 403
    assert brought(client_of(colm), record, taken(record)).status_code == 404
    other = place.replace(str(record.pk), str(uuid.uuid4()))
    assert as_priya.get(other).status_code == 404


def test_the_same_record_in_two_that_are_merged_is_taken_away_first(ana, priya, ruth):
    other = make_patient(priya, "Anna")
    second = earlier_record(other, priya)
    earlier_record(ana, priya)
    assert any("brought along to both" in one for one in merging.hindrances(ana, other))
    earlier_records.take_away(record=second, by=priya)
    with wall.acting(ruth):
        merging.merge(kept=ana, gone=other, by=ruth)
    assert ana.earlierrecords.count() == 1
