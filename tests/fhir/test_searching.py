"""Search parameters: tokens, dates, references, words; order; and what comes along."""

import datetime as dt
import uuid
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client

from fhir.elements import row_of
from fhir.resources.R4B.bundle import Bundle
from patients.actions import patients as patient_actions
from programs.actions import sessions
from programs.models import Plan, Session
from tests.fhir.apps import (
    BASE,
    FORM,
    OF_PATIENT,
    ask,
    clinic_app,
    found,
    is_outcome,
    system_token,
)

pytestmark = pytest.mark.django_db


def test_every_parameter_that_is_said_to_be_known_is(record, system):
    values = {"date": "ge2000", "token": "x", "reference": "Patient/x", "string": "x", "uri": "x"}
    statement = ask(None, "metadata").json()
    for one in statement["rest"][0]["resource"]:
        whose = f"patient={record.pk}&" if one["type"] in OF_PATIENT else ""
        for parameter in one["searchParam"]:
            if parameter["name"] == "patient":
                continue
            address = f"{one['type']}?{whose}{parameter['name']}={values[parameter['type']]}"
            assert ask(system, address).status_code == 200, address
            missing = f"{one['type']}?{whose}{parameter['name']}:missing=false"
            assert ask(system, missing).status_code == 200
        for include in one.get("searchInclude", []):
            answer = ask(system, f"{one['type']}?{whose}_include={include}")
            assert answer.status_code == 200, include


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("code=72514-3&code:text=before", 6),
        ("code=http://loinc.org|72514-3&code:text=before", 6),
        ("code=http://snomed.info/sct|72514-3", 0),
        ("code=|72514-3", 0),
        ("code:text=PAIN before", 6),
        ("code=72514-3&status=entered-in-error&code:text=before", 1),
        ("code=72514-3&code:text=before&status:not=entered-in-error", 5),
    ],
)
def test_tokens(asked, count, record, system):
    rows = found(ask(system, f"Observation?patient={record.pk}&_count=500&{asked}"))
    before = [one for one in rows if "before" in one["code"]["text"]]
    answered = [one for one in before if one["status"] in {"final", "entered-in-error"}]
    everyone = Session.objects.filter(patient=record).count()
    expected = {6: everyone, 5: everyone - replaced_of(record), 1: replaced_of(record)}
    assert len(answered) == expected.get(count, count)


def replaced_of(record):
    return Session.objects.filter(patient=record).exclude(replaces=None).count()


def days(record, system, asked):
    rows = found(ask(system, f"Procedure?patient={record.pk}&_count=500&{asked}"))
    return sorted(
        (record.clinic.today() - dt.date.fromisoformat(when(one)[:10])).days for one in rows
    )


def when(one):
    return one.get("performedDateTime") or one["performedPeriod"]["start"]


def test_dates_are_days_of_the_clinic(record, system, plan_of):
    today = record.clinic.today()

    def day(ago):
        return (today - dt.timedelta(days=ago)).isoformat()

    assert days(record, system, f"date={day(30)}") == [30]
    assert days(record, system, f"date=gt{day(20)}") == [16, 18, 18]
    assert days(record, system, f"date=ge{day(20)}") == [16, 18, 18, 20, 20]
    assert days(record, system, f"date=ge{day(28)}&date=lt{day(25)}") == [27, 28]
    assert days(record, system, f"date=le{day(30)}") == [30]
    assert days(record, system, f"date=sa{day(18)}") == [16]
    assert days(record, system, f"date=eb{day(28)}") == [30]
    assert len(days(record, system, f"date=ne{day(30)}")) == 9
    assert len(days(record, system, f"date=ge{today.year - 1}")) == 10
    # Eleven at night in New York is another day in UTC.
    evening = dt.datetime.combine(today - dt.timedelta(days=41), dt.time(23), record.clinic.zone)
    sessions.record(
        session_id=uuid.uuid4(), plan=plan_of, done={}, by=record.user, at=evening, pain_before=1
    )  # fmt: skip
    assert len(days(record, system, f"date={day(41)}")) == 1
    assert len(days(record, system, f"date={evening.astimezone(dt.UTC).isoformat()[:-6]}Z")) == 1


@pytest.mark.parametrize(
    "given", ["x", "2026-13", "2026-02-30", "ge", "2026-01-01T25:00", "99999", "0000", "9999-12-31",
              "2026-01-01T00:00:00+99:00", "ge9999"],
)  # fmt: skip
def test_what_is_no_date_is_said(given, record, system):
    is_outcome(ask(system, f"Procedure?patient={record.pk}&date={given}"), 400, "invalid")


def test_references_and_names(record, system, priya):
    plan = Plan.objects.filter(patient=record).order_by("version").first()
    session = Session.objects.filter(patient=record).first()
    for how in (f"CarePlan/{plan.pk}", f"{BASE}/CarePlan/{plan.pk}", f"{plan.pk}"):
        rows = found(ask(system, f"Procedure?patient={record.pk}&based-on={how}&_count=500"))
        assert len(rows) == Session.objects.filter(plan=plan).count()
    parts = found(ask(system, f"Observation?patient={record.pk}&part-of=Procedure/{session.pk}"))
    assert {row_of(one["id"]) for one in parts} == {session.pk}
    for asked in ("name=rey", "family=REYES", "given=an", "name:contains=eye", "name:exact=Reyes",
                  f"birthdate={record.birth_date}", f"_id={record.pk}",
                  f"identifier=urn:ietf:rfc:3986|urn:uuid:{record.pk}"):  # fmt: skip
        assert str(record.pk) in {one["id"] for one in found(ask(system, f"Patient?{asked}"))}, (
            asked
        )
    for asked in ("name=eye", "name:exact=rey", "birthdate=1900-01-01", "_id=x", "gender=male"):
        assert str(record.pk) not in {one["id"] for one in found(ask(system, f"Patient?{asked}"))}
    patient_actions.change(patient=record, by=priya, email="ana@mail.test", phone="+1 202 555 0143")
    record.refresh_from_db()
    phone = quote(record.phone)
    for asked in ("email=ana@mail.test", "email=email|ana@mail.test", f"phone={phone}"):
        assert found(ask(system, f"Patient?{asked}")), asked
    assert not found(ask(system, "Patient?phone=ana@mail.test"))
    assert not found(ask(system, f"Patient?email={phone}"))


def test_several_patients_are_no_search(record, bert, system):
    for asked in (f"patient={record.pk},{bert.pk}", "patient="):
        is_outcome(ask(system, f"Procedure?{asked}"), 400, "invalid")


def test_alternatives_and_both(record, system):
    ids = [str(pk) for pk in Session.objects.filter(patient=record).values_list("pk", flat=True)]
    rows = found(ask(system, f"Procedure?_id={ids[0]},{ids[1]}"))
    assert {one["id"] for one in rows} == set(ids[:2])
    assert len(found(ask(system, f"Procedure?_id={ids[0]},{ids[0]}"))) == 1
    assert not found(ask(system, f"Procedure?_id={ids[0]}&_id={ids[1]}"))
    assert not found(ask(system, f"Procedure?patient={record.pk}&code:text=a\\,b"))


def test_sorting(record, system):
    address = f"Procedure?patient={record.pk}&_count=500&_sort="
    rows = [when(one) for one in found(ask(system, f"{address}-date"))]
    assert rows == sorted(rows, reverse=True)
    assert [when(one) for one in found(ask(system, f"{address}date"))] == sorted(rows)
    names = [one["id"] for one in found(ask(system, f"{address}_id"))]
    assert names == sorted(names)
    is_outcome(ask(system, f"{address}status"), 400, "invalid")


def test_what_it_leads_to_comes_along(record, system):
    answer = ask(
        system, f"CarePlan?patient={record.pk}&_include=CarePlan:goal&_include=CarePlan:patient"
                "&_include=CarePlan:care-team&_revinclude=Provenance:target",
    ).json()  # fmt: skip
    kinds = {
        one["resource"]["resourceType"]
        for one in answer["entry"]
        if one["search"]["mode"] == "include"
    }
    assert kinds == {"Goal", "Patient", "CareTeam", "Provenance"}
    names = [one["fullUrl"] for one in answer["entry"]]
    assert len(set(names)) == len(names)
    Bundle.model_validate(answer)


def test_nothing_comes_along_that_no_scope_lets(record, ruth):
    token = system_token(clinic_app(ruth), "system/CarePlan.rs").json()["access_token"]
    answer = ask(token, f"CarePlan?patient={record.pk}&_include=CarePlan:goal"
                        "&_revinclude=Provenance:target").json()  # fmt: skip
    assert {one["resource"]["resourceType"] for one in answer["entry"]} == {"CarePlan"}


def test_a_search_can_be_sent_as_a_form(record, system):
    def sent(kind, body):
        return Client().post(
            "/fhir/Patient/_search", body, content_type=kind,
            headers={"Authorization": f"Bearer {system}"},
        )  # fmt: skip

    assert [one["id"] for one in found(sent(FORM, "given=Ana"))] == [str(record.pk)]
    # What is no form would be read as nothing, and find everybody.
    for kind in ("application/json", "text/plain", "", "multipart/form-data; boundary=x"):
        is_outcome(sent(kind, '{"given": "Zoe"}'), 415, "not-supported")
    is_outcome(sent(FORM, "&".join(f"a{number}=" for number in range(6000))), 400, "invalid")
    is_outcome(sent(FORM, "x" * 3_200_000), 413, "too-long")


@pytest.mark.parametrize(
    "asked",
    ["color=red", "status:below=x", "date:exact=2026", "_tag=x", "_include=Observation:x",
     "_include=CarePlan:goal", "_revinclude=Task:focus", "patient:Device=x", "_count=x",
     "_count=-1", "_lastUpdated:x=2026", "subject.name=x", "_has:Task:patient:code=x", "_text=x"],
)  # fmt: skip
def test_what_is_not_known_is_refused_so_that_nobody_takes_more(asked, record, system):
    address = f"Observation?patient={record.pk}&{asked}"
    is_outcome(ask(system, address), 400, "invalid")
    if not asked.startswith("_count"):
        lenient = ask(system, address, Prefer="handling=lenient")
        assert lenient.status_code == 200
        [self_link] = [one for one in lenient.json()["link"] if one["relation"] == "self"]
        assert urlsplit(self_link["url"]).query == f"patient={record.pk}"


@pytest.mark.parametrize("asked", ["_elements=id", "_totalMethod=count", "_pretty=true"])
def test_what_only_shapes_an_answer_is_left_away(asked, record, system):
    whole = ask(system, f"Procedure?patient={record.pk}").json()
    assert ask(system, f"Procedure?patient={record.pk}&{asked}").json() == whole


def test_of_a_clinic_somebody_has_to_be_named(record, system):
    for kind in OF_PATIENT:
        assert "name one patient" in is_outcome(ask(system, kind), 400, "invalid")


def test_whoever_is_not_to_be_seen_has_nothing(record, olivia, bert, system, mine):
    for whose in (olivia.pk, "x", "Practitioner/x", f"https://evil.example/Patient/{record.pk}"):
        for kind in OF_PATIENT:
            assert found(ask(system, f"{kind}?patient={whose}")) == []
    assert found(ask(mine, f"Procedure?patient={bert.pk}")) == []
    assert found(ask(mine, f"Procedure?patient={record.pk}&patient={bert.pk}")) == []
    assert {one["id"] for one in found(ask(mine, "Patient"))} == {str(record.pk)}
    assert found(ask(mine, f"Patient?_id={bert.pk}")) == []
