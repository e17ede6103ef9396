"""What other programs read: the same record, by kind, by id, by parameters, page by page."""

import datetime as dt
import itertools
import json
import uuid
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts import staff
from accounts.limits import LIMITS
from accounts.models import AuditEvent, User
from accounts.smart import keys
from accounts.smart.scopes import KINDS
from fhir.elements import row_of
from fhir.parameters import PARAMETERS
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from patients.actions import episodes
from patients.actions import patients as patient_actions
from programs.actions import alert_work, monitoring, pauses, phases, restrictions, sessions
from programs.models import Alert, CheckIn, MonitoringCare, Plan, Session
from tests.conftest import client_of
from tests.fhir.apps import (
    FORM,
    SITE,
    ask,
    clinic_app,
    found,
    is_outcome,
    patient_app,
    patient_token,
    post,
    system_token,
)
from tests.fhir.conftest import do, made
from tests.fhir.valid import faults

pytestmark = pytest.mark.django_db
BASE = f"{SITE}/fhir"
OF_CLINIC = {"Organization", "Practitioner", "PractitionerRole", "Questionnaire"}
OF_PATIENT = sorted(set(KINDS) - OF_CLINIC - {"Patient"})


@pytest.fixture
def system(record, ruth):
    return system_token(clinic_app(ruth)).json()["access_token"]


@pytest.fixture
def mine(record, ruth):
    return patient_token(patient_app(ruth), record.user)["access_token"]


def bare(one):
    """Without the version, which the file has not."""
    meta = {name: said for name, said in one.get("meta", {}).items() if name != "versionId"}
    return {name: said for name, said in one.items() if name != "meta"} | (
        {"meta": meta} if meta else {}
    )


def by_name(resources):
    return {f"{one['resourceType']}/{one['id']}": bare(one) for one in resources}


def every(token, address):
    """All pages."""
    rows = []
    while address:
        answer = ask(token, address)
        rows += found(answer)
        links = {one["relation"]: one["url"] for one in answer.json()["link"]}
        address = links.get("next", "").removeprefix(f"{BASE}/")
    return rows


def test_search_and_file_are_the_same_record(record, system, mine):
    of_file = by_name(entry["resource"] for entry in made(record)["entry"])
    pages = (every(mine, f"{kind}?_count=500") for kind in KINDS)
    own = by_name(itertools.chain.from_iterable(pages))
    assert own == of_file
    for kind in OF_PATIENT:
        of_kind = {name: one for name, one in of_file.items() if name.startswith(f"{kind}/")}
        assert by_name(every(system, f"{kind}?patient={record.pk}&_count=500")) == of_kind, kind
    named = by_name(itertools.chain.from_iterable(every(system, kind) for kind in OF_CLINIC))
    of_clinic = {name for name in of_file if name.partition("/")[0] in OF_CLINIC}
    assert of_clinic <= set(named)
    assert all(named[name] == of_file[name] for name in of_clinic)


def test_each_is_read_by_its_id(record, system, mine):
    entries = made(record)["entry"]
    seen = {}
    for entry in entries:  # one of each kind and of each sort of row
        one = entry["resource"]
        seen[one["resourceType"], one["id"][36:]] = one
    assert {kind for kind, _ in seen} == set(KINDS)
    for one in seen.values():
        address = f"{one['resourceType']}/{one['id']}"
        for token in (system, mine):
            answer = ask(token, address)
            assert answer.status_code == 200, address
            assert bare(answer.json()) == one


def test_what_is_answered_is_without_a_fault(record, system):
    page = ask(system, f"Observation?patient={record.pk}&_count=500&_include=Observation:performer")
    Bundle.model_validate(page.json())
    whole = [
        {"fullUrl": f"{BASE}/{name}", "resource": one}
        for kind in KINDS
        for name, one in by_name(
            every(system, f"{kind}?patient={record.pk}" if kind in OF_PATIENT else kind)
        ).items()
    ]
    assert faults(made(record) | {"entry": whole}) == []


def test_pages_hold_each_once_also_when_something_comes_between(record, plan_of, system):
    first = ask(system, f"Observation?patient={record.pk}&_count=7")
    rows = found(first)
    assert len(rows) == 7
    total = first.json()["total"]
    do(plan_of, record, 40, pain_before=1)  # before what was read
    links = {one["relation"]: one["url"] for one in first.json()["link"]}
    rows += every(system, links["next"].removeprefix(f"{BASE}/"))
    assert len({one["id"] for one in rows}) == len(rows)
    assert len(rows) >= total


@pytest.fixture
def plan_of(record):
    return Plan.objects.filter(patient=record).order_by("version").first()


def test_a_page_that_followed_what_is_gone_is_gone(record, system):
    is_outcome(ask(system, f"Procedure?patient={record.pk}&_after=gone"), 410, "expired")


def test_what_changes_between_pages_of_an_order_is_not_lost(record, system, priya):
    address = f"Task?patient={record.pk}&_sort=_lastUpdated&_count=1"
    every_one = {one["id"] for one in found(ask(system, f"Task?patient={record.pk}&_count=500"))}
    page = ask(system, address)
    [first] = found(page)
    alert = Alert.objects.get(pk=first["id"])
    assert alert.acknowledged_at is None
    alert_work.leave_to_team(alert, by=priya, words="Who is there?")  # goes to the end
    links = {one["relation"]: one["url"] for one in page.json()["link"]}
    rest = every(system, links["next"].removeprefix(f"{BASE}/"))
    assert {one["id"] for one in rest} | {first["id"]} == every_one
    down = every(system, address.replace("_sort=", "_sort=-"))
    assert [one["id"] for one in down][::-1] == [one["id"] for one in every(system, address)]


def test_counting_alone(record, system):
    for counted in ("_summary=count", "_count=0"):
        said = ask(system, f"Procedure?patient={record.pk}&{counted}").json()
        assert said["total"] == Session.objects.filter(patient=record).count()
        assert "entry" not in said


def test_what_was_read_once_is_not_sent_again(record, system):
    first = ask(system, f"Patient/{record.pk}")
    again = ask(system, f"Patient/{record.pk}", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    version = first.json()["meta"]["versionId"]
    assert first["ETag"] == f'W/"{version}"'


def test_a_version_changes_with_what_is_said_alone(record, system, priya):
    address = f"Observation?patient={record.pk}&_count=500"
    before = {one["id"]: one["meta"]["versionId"] for one in found(ask(system, address))}
    again = {one["id"]: one["meta"]["versionId"] for one in found(ask(system, address))}
    assert again == before
    first = ask(system, f"Patient/{record.pk}")["ETag"]
    patient_actions.change(patient=record, by=priya, first_name="Anna")
    assert ask(system, f"Patient/{record.pk}")["ETag"] != first


# What is new


def changes(record, priya):
    """Everything that can happen to a record, and the kinds that say so."""
    episode = record.episodes.get()
    newest = Plan.objects.filter(patient=record).order_by("version").last()
    alert = Alert.objects.filter(patient=record, acknowledged_at=None, severity="moderate").first()
    care = MonitoringCare.objects.get(patient=record)
    return {
        "name": ("Patient", lambda: patient_actions.change(
            patient=record, by=priya, first_name="Anna")),
        "finding": ("Condition", lambda: episodes.change_episode(
            episode=episode, by=priya, walking_aid="cane")),
        "session": ("Procedure", lambda: do(newest, record, 0)),
        "pause": ("CarePlan", lambda: pauses.pause(
            plan=newest, why="flare", by=priya, last=record.clinic.today() + dt.timedelta(2))),
        "resume": ("CarePlan", lambda: pauses.resume(plan=newest, by=priya)),
        "phase": ("Goal", lambda: phases.start(
            phase=newest.phases.get(number=2), by=priya, reason="Steady")),
        "alert": ("Task", lambda: alert_work.snooze(
            alert=alert, until=timezone.now() + dt.timedelta(hours=1), by=priya,
            words="She is at work until noon.")),
        "restriction": ("Flag", lambda: restrictions.impose(
            episode=episode, kind="standing", why="Dizzy again on rising.", by=priya)),
        "misfit": ("Flag", lambda: misfit(record, episode)),
        "therapist": ("CareTeam", lambda: staff.change(
            user=priya, by=User.objects.get(email__startswith="ruth"), last_name="Nayar")),
        "colleague": ("Practitioner", lambda: staff.change(
            user=priya, by=User.objects.get(email__startswith="ruth"), credentials="PT")),
        "consent": ("Consent", lambda: monitoring.change(
            care=care, by=priya, withdrawn_on=record.clinic.today())),
    }  # fmt: skip


def misfit_first(record):
    """An alert that holds one exercise back already."""
    plan = Plan.objects.filter(patient=record).order_by("version").last()
    alert = Alert.objects.create(
        patient=record, plan=plan, rule="A24", severity="high", message="It no longer fits.",
        raised_at=timezone.now(), due_at=timezone.now(),
    )  # fmt: skip
    restrictions.of_misfits(alert, record.episodes.get(), ["G01"])


def misfit(record, episode):
    """A finding with which exercises no longer fit, and one more."""
    alert = Alert.objects.filter(patient=record, plan__isnull=False).first()
    restrictions.of_misfits(alert, episode, ["G02"])


@pytest.mark.parametrize(
    "what", ["name", "finding", "session", "pause", "phase", "alert", "restriction", "misfit",
             "therapist", "colleague", "consent"],
)  # fmt: skip
def test_what_changed_is_found_by_when(what, record, system, priya):
    kind, change = changes(record, priya)[what]
    if what == "misfit":
        misfit_first(record)
    whose = "" if kind in {"Patient", "Practitioner"} else f"patient={record.pk}&"
    begin = timezone.now() + dt.timedelta(milliseconds=2)  # moments are told to one
    address = f"{kind}?{whose}_lastUpdated=ge{begin.isoformat().replace('+', '%2B')}"
    assert not [one for one in found(ask(system, address)) if one["id"] == str(record.pk)]
    before = by_name(every(system, f"{kind}?{whose}_count=500"))
    assert not [name for name in by_name(found(ask(system, address))) if name in before]
    change()
    after = by_name(every(system, f"{kind}?{whose}_count=500"))
    news = {name for name, one in after.items() if before.get(name) != one}
    assert news
    assert news <= set(by_name(every(system, f"{address}&_count=500")))


def test_a_pause_that_is_taken_back_at_once_is_news_too(record, system, priya):
    known = changes(record, priya)
    pauses.withdraw(
        pause=record.episodes.get().pauses.get(),
        plan=Plan.objects.filter(patient=record).order_by("version").last(), by=priya,
    )  # fmt: skip
    known["pause"][1]()
    paused = found(ask(system, f"CarePlan?patient={record.pk}&status=on-hold"))
    assert len(paused) == 1
    begin = timezone.now().isoformat().replace("+", "%2B")
    known["resume"][1]()
    news = found(ask(system, f"CarePlan?patient={record.pk}&_lastUpdated=ge{begin}"))
    assert paused[0]["id"] in {one["id"] for one in news}


def test_what_comes_late_from_a_device_is_new_when_it_arrives(record, system, plan_of):
    begin = timezone.now().isoformat().replace("+", "%2B")
    late = do(plan_of, record, 3)
    news = found(ask(system, f"Procedure?patient={record.pk}&_lastUpdated=gt{begin}"))
    assert [one["id"] for one in news] == [str(late.pk)]
    assert CheckIn.objects.filter(patient=record, received_at__isnull=False).exists()


# Parameters


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


# What is wrong is said


def test_errors_are_outcomes(record, system):
    is_outcome(ask(None, "Patient"), 401, "login")
    is_outcome(ask("made-up", "Patient"), 401, "login")
    is_outcome(ask(system, "Patient/made-up"), 404, "not-found")
    is_outcome(ask(system, "Secret"), 404, "not-found")
    is_outcome(ask(system, ""), 404, "not-found")
    is_outcome(ask(system, "Patient/x/_history"), 404, "not-found")
    is_outcome(ask(system, "Patient?_format=xml"), 406, "not-supported")
    is_outcome(ask(system, "Patient", Accept="application/fhir+xml"), 406, "not-supported")
    assert ask(system, "Patient?_format=json").status_code == 200
    assert ask(system, "Patient", Accept="text/html, */*;q=0.8").status_code == 200
    is_outcome(
        Client().put(f"/fhir/Patient/{record.pk}", headers={"Authorization": f"Bearer {system}"}),
        405, "not-supported",
    )  # fmt: skip
    assert "Bearer" in ask(None, "Patient")["WWW-Authenticate"]
    assert "invalid_token" in ask("made-up", "Patient")["WWW-Authenticate"]


def test_a_login_opens_nothing_here(record, priya):
    for who in (priya, record.user):
        is_outcome(client_of(who).get(f"/fhir/Patient/{record.pk}"), 401, "login")


def test_a_fault_of_ours_is_an_outcome_too(record, system, monkeypatch):
    monkeypatch.setattr("fhir.searching.read", lambda *asked: 1 / 0)
    client = Client(raise_request_exception=False)
    answer = client.get(f"/fhir/Patient/{record.pk}", headers={"Authorization": f"Bearer {system}"})
    is_outcome(answer, 500, "exception")


def test_what_fails_is_counted_too(record, ruth, monkeypatch):
    token = system_token(clinic_app(ruth)).json()["access_token"]
    monkeypatch.setitem(LIMITS, "clinic_app", "3/m/key")
    said = [ask(token, f"Patient/{uuid.uuid4()}").status_code for _ in range(4)]
    assert said == [404, 404, 404, 429]


def test_nothing_that_failed_is_kept_by_who_stands_between(record, system):
    for address in ("Patient/x", "Patient?color=red", "Task", "Secret", "Patient?_format=xml"):
        assert "no-store" in ask(system, address)["Cache-Control"], address
    assert "no-store" in ask(None, "Patient")["Cache-Control"]


def test_too_much_in_one_question_is_refused(record, mine):
    many = ",".join(f"gt{year}" for year in range(1900, 1960))
    is_outcome(ask(mine, f"Observation?date={many}"), 400, "invalid")
    twice = "&".join(f"date=gt{year}" for year in range(1900, 1930))
    is_outcome(ask(mine, f"Observation?{twice}"), 400, "invalid")
    same = "&".join(["date=gt1900"] * 30)
    assert ask(mine, f"Observation?{same}").status_code == 200


def test_too_many_questions_wait(record, ruth, monkeypatch):
    token = system_token(clinic_app(ruth)).json()["access_token"]
    monkeypatch.setitem(LIMITS, "clinic_app", "2/m/key")
    assert [ask(token, "Organization").status_code for _ in range(2)] == [200, 200]
    answer = ask(token, "Organization")
    is_outcome(answer, 429, "throttled")
    assert int(answer["Retry-After"]) > 0


def test_a_page_of_another_site_may_ask_and_sends_no_cookie(record, system):
    before = Client().options("/fhir/Patient", headers={"Origin": "https://app.example.org"})
    assert before.status_code == 204
    assert "Authorization" in before["Access-Control-Allow-Headers"]
    answer = ask(system, "Patient", Origin="https://app.example.org")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "no-store" in answer["Cache-Control"]


# On record


def test_each_look_is_on_record_in_the_apps_name(record, bert, system):
    begin = timezone.now()
    ask(system, f"Patient/{record.pk}")
    ask(system, f"Procedure?patient={record.pk}")
    ask(system, f"Task?patient={bert.pk}")  # nothing found is a look, too
    ask(system, "Patient")
    rows = AuditEvent.objects.filter(at__gt=begin).order_by("at")
    assert [(one.action, one.patient_id, one.detail["page"]) for one in rows] == [
        ("patient.read", record.pk, "fhir Patient"),
        ("patient.read", record.pk, "fhir Procedure"),
        ("patient.read", bert.pk, "fhir Task"),
        ("patients.listed", None, "fhir Patient"),
    ]
    assert {(one.actor_name, one.actor_role, one.actor_id) for one in rows} == {
        ("Hospital", "app", None)
    }
    assert set(rows.last().named) >= {record.pk, bert.pk}
    looks = client_of(record.user).get("/portal/me/looks/").content.decode()
    assert "Hospital" in looks
    assert "a program that your clinic connected" in looks


def test_counting_is_a_look_and_so_is_finding_nothing(record, bert, system, mine):
    begin = timezone.now()
    one = Session.objects.filter(patient=record).first()
    ask(system, f"Patient?birthdate={record.birth_date}&_summary=count")
    ask(system, f"Procedure?_id={one.pk}&status=stopped")
    ask(mine, "Procedure?status=stopped")
    rows = AuditEvent.objects.filter(at__gt=begin).order_by("at")
    looked_at = [{one.patient_id, *one.named} - {None} for one in rows]
    assert len(looked_at) == 3
    assert all(record.pk in one for one in looked_at)


def test_who_asks_for_what_they_may_not_see_is_on_record(record, olivia, ruth, system):
    begin = timezone.now()
    ask(system, f"Patient/{olivia.pk}")
    narrow = system_token(clinic_app(ruth), "system/Task.rs").json()["access_token"]
    ask(narrow, f"Patient/{record.pk}")
    rows = AuditEvent.objects.filter(at__gt=begin, action="access.refused").order_by("at")
    assert [(one.subject_id, one.detail["status"]) for one in rows] == [
        (str(olivia.pk), 404),
        (str(record.pk), 403),
    ]
    assert {one.actor_name for one in rows} == {"Hospital"}
    assert not AuditEvent.objects.filter(clinic_id=olivia.clinic_id, at__gt=begin).exists()


def test_a_patients_app_is_on_record_in_the_patients_name(record, mine):
    ask(mine, f"Procedure?patient={record.pk}")
    event = AuditEvent.objects.filter(action="patient.read").latest("at")
    assert event.actor_id == record.user.uuid
    assert event.detail["app"]


def test_nobody_takes_an_apps_name_who_is_logged_in(record, ruth, priya, clinic):
    from accounts import audit, wall

    app = clinic_app(ruth)
    with wall.acting(priya):
        audit.record(action=audit.Action.PATIENT_READ, by=priya, patient=record, app=str(app.pk))
    assert AuditEvent.objects.latest("at").actor_name == str(priya)


# Who may what


LEVELS = {"patient": "own", "other patient": "none", "clinic": "all", "other clinic": "none"}


@pytest.mark.parametrize("kind", KINDS)
def test_kind_by_scope_by_clinic(kind, record, bert, ruth, olive):
    """Each kind, read and searched, by tokens of each scope, of both clinics, of both patients."""
    olive.role = "clinic_admin"
    others = [one for one in KINDS if one != kind]
    target = next(
        entry["resource"] for entry in made(record)["entry"]
        if entry["resource"]["resourceType"] == kind
    )  # fmt: skip
    one = f"{kind}/{target['id']}"
    many = f"{kind}?patient={record.pk}" if kind in OF_PATIENT else kind
    mine, hospital = patient_app(ruth), clinic_app(ruth)
    elsewhere = clinic_app(olive)

    def asked(token):
        answers = (ask(token, one), ask(token, many))
        has = any(row["id"] == target["id"] for row in found(answers[1])) if (
            answers[1].status_code == 200) else None  # fmt: skip
        return answers[0].status_code, answers[1].status_code, has

    def own(scope, who=record):
        return asked(patient_token(mine, who.user, scope=scope)["access_token"])

    def of(app, scope):
        return asked(system_token(app, scope).json()["access_token"])

    assert own(f"patient/{kind}.rs") == (200, 200, True)
    assert own("patient/*.read") == (200, 200, True)
    assert own(f"patient/{kind}.r") == (200, 403, None)
    assert own(f"patient/{kind}.s") == (403, 200, True)
    assert own(" ".join(f"patient/{other}.rs" for other in others)) == (403, 403, None)
    shared = kind in {"Organization"}
    assert own("patient/*.rs", bert) == ((200, 200, True) if shared else (404, 200, False))
    assert of(hospital, f"system/{kind}.rs") == (200, 200, True)
    assert of(hospital, " ".join(f"system/{other}.rs" for other in others)) == (403, 403, None)
    of_all = kind == "Questionnaire"  # of the installation's library
    assert of(elsewhere, "system/*.rs") == ((200, 200, True) if of_all else (404, 200, False))


# What it says of itself


def test_what_it_can_is_said_without_a_fault_and_without_a_token():
    answer = ask(None, "metadata")
    CapabilityStatement.model_validate(answer.json())
    rest = answer.json()["rest"][0]
    assert [one["type"] for one in rest["resource"]] == list(PARAMETERS)
    assert set(PARAMETERS) == set(KINDS)
    assert rest["security"]["service"][0]["coding"][0]["code"] == "SMART-on-FHIR"


def test_smart_finds_where_to_ask():
    said = ask(None, ".well-known/smart-configuration").json()
    assert said["token_endpoint"] == f"{BASE}/token"
    assert said["authorization_endpoint"] == f"{SITE}/portal/apps/authorize/"
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["token_endpoint_auth_signing_alg_values_supported"] == keys.ALGORITHMS
    assert {"launch-standalone", "client-public", "permission-v2"} <= set(said["capabilities"])
    assert json.dumps(said).count(SITE) == 3
    assert post("/fhir/metadata").status_code == 405
