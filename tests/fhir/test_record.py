"""What goes to another clinic: whole, without a fault, and without what nobody said."""

import datetime as dt
import tracemalloc
import uuid
from xml.dom import minidom

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fhir.questionnaires import NOWHERE, region
from fhir.record import as_bundle
from patients.actions import caregivers
from programs.actions import plans, prescriptions
from programs.actions.sessions import Log
from programs.measures.foot_regions import REGIONS
from programs.models import CheckIn, Plan, Session
from programs.models.session import Done, Feeling, Hands, NewSign, Settled, SkinCheck
from tests.conftest import make_plan
from tests.fhir.conftest import do, made, measure, of_kind
from tests.fhir.valid import faults

pytestmark = pytest.mark.django_db

KINDS = {
    "CarePlan", "CareTeam", "Condition", "Consent", "EpisodeOfCare", "Flag", "Goal", "Observation",
    "Organization", "Patient", "Practitioner", "PractitionerRole", "Procedure", "Provenance",
    "Questionnaire", "QuestionnaireResponse", "RelatedPerson", "ServiceRequest", "Task",
}  # fmt: skip


def test_there_is_something_of_each_kind_and_no_fault(bundle):
    assert {entry["resource"]["resourceType"] for entry in bundle["entry"]} == KINDS
    assert faults(bundle) == []


def test_a_patient_without_anything_is_a_bundle_too(bert):
    bundle = made(bert)
    assert faults(bundle) == []
    assert {one["resourceType"] for one in of_kind(bundle, "Patient")} == {"Patient"}
    assert not of_kind(bundle, "Observation")


def observations(bundle, title):
    return [one for one in of_kind(bundle, "Observation") if one["code"].get("text") == title]


def test_what_was_not_answered_is_absent_with_a_reason_and_never_0(bundle, record):
    pains = observations(bundle, "Pain after the session, 0 to 10")
    assert len(pains) == Session.objects.filter(patient=record).count()
    silent = [one for one in pains if "dataAbsentReason" in one]
    said = [one for one in pains if "valueQuantity" in one]
    assert [one["valueQuantity"]["value"] for one in said] == [4]
    assert len(silent) == len(pains) - 1
    assert silent[0]["dataAbsentReason"]["coding"][0]["code"] == "unknown"


def test_a_0_that_was_said_is_there(bundle):
    pains = observations(bundle, "Pain before the session, 0 to 10")
    assert 0 in [one["valueQuantity"]["value"] for one in pains if "valueQuantity" in one]
    assert pains[0]["code"]["coding"][0]["code"] == "72514-3"


def test_a_question_that_is_not_asked_of_everybody_is_left_away(bundle):
    assert not observations(bundle, "Blood sugar before the session")
    assert len(observations(bundle, "How standing exercises were held on to")) == 1


def test_what_was_put_right_is_there_as_an_error_and_names_its_successor(bundle, record):
    wrong = Session.objects.get(patient=record, pain_before=9)
    procedure = next(one for one in of_kind(bundle, "Procedure") if one["id"] == str(wrong.pk))
    assert procedure["status"] == "entered-in-error"
    told = observations(bundle, "Pain before the session, 0 to 10")
    of_it = [one for one in told if one["partOf"][0]["reference"].endswith(str(wrong.pk))]
    assert [one["status"] for one in of_it] == ["entered-in-error"]
    revisions = [one for one in of_kind(bundle, "Provenance") if "entity" in one]
    named = {one["entity"][0]["what"]["reference"] for one in revisions}
    assert f"Procedure/{wrong.pk}" in named


def test_who_entered_a_session_that_was_not_the_patient(bundle, record, mara):
    told = [one for one in of_kind(bundle, "Provenance") if "Procedure" in str(one["target"])]
    agents = {one["agent"][0]["who"]["reference"].split("/")[0] for one in told}
    assert agents == {"Practitioner", "RelatedPerson", "Patient"}
    assert f"RelatedPerson/{mara.pk}" in {one["agent"][0]["who"]["reference"] for one in told}


def test_a_session_that_was_stopped_and_one_in_which_nothing_was_done(bundle):
    by_status = {one["status"]: one for one in of_kind(bundle, "Procedure")}
    assert {"completed", "stopped", "unknown", "entered-in-error"} == by_status.keys()
    assert by_status["stopped"]["statusReason"]["text"].startswith("The patient stopped")


def test_how_long_a_session_took_is_said_where_it_is_known(record, bundle):
    assert "55411-3" not in str(bundle)
    plan = Plan.objects.active().get(patient=record)
    session = do(plan, record, 1, took_seconds=755)
    told = made(record)
    assert faults(told) == []
    (took,) = observations(told, "Exercise duration")
    assert took["valueQuantity"]["value"] == 13
    assert took["valueQuantity"]["code"] == "min"
    panels = [one for one in observations(told, "Physical activity") if len(one["hasMember"]) == 2]
    assert [one["partOf"] for one in panels] == [[{"reference": f"Procedure/{session.pk}"}]]


def test_a_plan_names_its_version_before_and_what_each_asks_for(bundle, record):
    older, newer = Plan.objects.frozen().filter(patient=record).order_by("version")
    plans = {one["id"]: one for one in of_kind(bundle, "CarePlan")}
    assert plans[str(newer.pk)]["replaces"] == [{"reference": f"CarePlan/{older.pk}"}]
    assert [plans[str(older.pk)]["status"], plans[str(newer.pk)]["status"]] == ["revoked", "active"]
    row = newer.prescriptions.filter(included=True)[0]
    order = next(one for one in of_kind(bundle, "ServiceRequest") if one["id"] == str(row.pk))
    timing = order["occurrenceTiming"]["repeat"]
    assert (timing["frequency"], timing["period"], timing["periodUnit"]) == (
        row.times_per_day, 1, "d",
    )  # fmt: skip
    assert len(timing["dayOfWeek"]) == min(row.days_per_week, len(newer.weekdays))
    assert order["status"] == ("active" if row.phase.number == 2 else order["status"])
    (amount,) = (one for one in order["extension"] if "extension" in one)
    numbers = {one["url"]: one.get("valueInteger") for one in amount["extension"]}
    assert (numbers["sets"], numbers["reps"]) == (row.sets, row.reps)


def test_only_exercises_of_the_present_phase_are_due(record):
    """Phase 2 began today; phase 1 is passed, phase 3 nobody has decided about."""
    newer = Plan.objects.active().get(patient=record)
    bundle = made(record)
    orders = {one["id"]: one for one in of_kind(bundle, "ServiceRequest")}
    found = {}
    for row in newer.prescriptions.filter(included=True).select_related("phase"):
        order = orders[str(row.pk)]
        bounds = order["occurrenceTiming"]["repeat"].get("boundsPeriod")
        found.setdefault(row.phase.number, set()).add((order["status"], bounds is not None))
    assert found.pop(2) == {("active", True)}
    assert all(said <= {("draft", False), ("completed", True)} for said in found.values())
    assert ("draft", False) in found[3]
    told = next(one for one in of_kind(bundle, "CarePlan") if one["id"] == str(newer.pk))
    assert "not begun:" in told["text"]["div"]
    goals = {one["lifecycleStatus"] for one in of_kind(bundle, "Goal")}
    assert goals == {"active", "planned", "completed", "cancelled"} & goals


def test_what_nobody_did_is_told_as_left_out_only_where_it_was_said(plan, ana):
    rows = [row.pk for row in plan.phases.first().prescriptions.all()]
    left = do(plan, ana, 3, logs=dict.fromkeys(rows, Log("none", why_not="tired")))
    silent = do(plan, ana, 2, logs=dict.fromkeys(rows, Log("")))
    nothing = do(plan, ana, 1, logs={})
    told = {one["id"]: one for one in of_kind(made(ana), "Procedure")}
    assert told[str(left.pk)]["status"] == "not-done"
    assert told[str(left.pk)]["statusReason"]["text"] == "Too tired"
    assert told[str(silent.pk)]["status"] == told[str(nothing.pk)]["status"] == "unknown"
    assert "not answered" in told[str(silent.pk)]["text"]["div"]


def test_a_version_that_waits_is_no_active_plan(plan, ana, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="After the holiday.")
    plans.change(plan=draft, by=priya, starts_on=ana.clinic.today() + dt.timedelta(days=5))
    waits = plans.activate(plan=draft, by=priya, reason="After the holiday.")
    told = {one["id"]: one["status"] for one in of_kind(made(ana), "CarePlan")}
    assert told == {str(plan.pk): "active", str(waits.pk): "draft"}
    assert faults(made(ana)) == []
    plans.end(plan=waits, by=priya, outcome="no_change", summary="It did not help.")
    told = {one["id"]: one["status"] for one in of_kind(made(ana), "CarePlan")}
    assert told[str(waits.pk)] == "revoked"
    assert "active" not in told.values()


def test_an_end_says_nothing_of_the_feet(plan, ana, priya):
    plans.end(plan=plan, by=priya, outcome="no_change", summary="It did not help.")
    bundle = made(ana)
    assert faults(bundle) == []
    (condition,) = of_kind(bundle, "Condition")
    assert condition["clinicalStatus"]["coding"][0]["code"] == "active"
    assert "verificationStatus" not in condition
    assert {one["lifecycleStatus"] for one in of_kind(bundle, "Goal")} == {"completed", "cancelled"}
    assert not [one for one in of_kind(bundle, "ServiceRequest") if one["status"] == "active"]


def test_seconds_are_seconds_and_yes_is_no_number(ana, episode, priya):
    measure(ana, priya, "M7", 3, seconds=13.2)
    bundle = made(ana)
    (walk,) = [one for one in of_kind(bundle, "Observation")
               if one["code"].get("coding", [{}])[0].get("code") == "89423-8"]  # fmt: skip
    assert walk["valueQuantity"]["code"] == "s"
    assert walk["performer"] == [{"reference": f"Practitioner/{priya.uuid}"}]
    measure(ana, priya, "M13", 2, falls=1, near_falls=0, injury=True)
    told = {one["code"]["text"]: one for one in of_kind(made(ana), "Observation")}
    (hurt,) = [one for words, one in told.items() if words.endswith("Were you hurt?")]
    (fell,) = [one for words, one in told.items() if words.endswith("How often did you fall?")]
    assert hurt["valueBoolean"] is True
    assert fell["valueQuantity"]["value"] == 1


def test_nobody_is_named_as_who_found_it_or_took_it_where_that_is_not_known(record):
    older = CheckIn.objects.filter(patient=record, form=None, replaces=None)[0]
    older.pk, older.taken_by, older._state.adding = uuid.uuid4(), None, True
    older.save(force_insert=True)
    bundle = made(record)
    assert faults(bundle) == []
    (first,) = [one for one in of_kind(bundle, "QuestionnaireResponse")
                       if one["id"] == str(older.pk)]  # fmt: skip
    assert first["author"]["reference"].startswith("Organization/")
    (feeling,) = observations(bundle, "Protective sensation")
    assert "performer" not in feeling
    assert not [one for one in observations(bundle, "Somebody can stand by during balance "
                "exercises at home") if one["valueBoolean"] is False]  # fmt: skip


def test_who_never_accepted_is_told_of_to_nobody(ana):
    shares = {"does_sessions": False, "reads_messages": False}
    caregivers.invite(patient=ana, by=ana.user, name="Luis", email="luis@family.test", **shares)
    assert not of_kind(made(ana), "RelatedPerson")


def test_signs_that_no_page_can_show_do_not_break_a_narrative(record):
    plan = Plan.objects.active().get(patient=record)
    do(plan, record, 1, note="Pasted\x0bfrom\x0cWord")
    for entry in made(record)["entry"]:
        minidom.parseString(entry["resource"]["text"]["div"])


def test_a_log_of_what_was_no_part_of_the_plan_names_no_order(episode, ana, priya):
    draft = make_plan(episode, priya, active=False)
    row = draft.phases.first().prescriptions.first()
    prescriptions.change(prescription=row, by=priya, included=False)
    plan = plans.activate(plan=draft, by=priya, at=timezone.now() - dt.timedelta(days=9))
    do(plan, ana, 2, logs={row.pk: Log("all")})
    bundle = made(ana)
    assert faults(bundle) == []
    assert str(row.pk) not in str(bundle)


def test_a_draft_is_nobodys_order(record, priya):
    plan = Plan.objects.active().get(patient=record)
    draft = plans.adapt(plan=plan, by=priya, reason="Perhaps later.")
    told = str(made(record))
    assert str(plan.pk) in told
    assert str(draft.pk) not in told
    assert not [row for row in draft.prescriptions.all() if str(row.pk) in told]


def test_forms_are_there_as_they_were_answered(bundle):
    forms = {f"{one['url']}|{one['version']}": one for one in of_kind(bundle, "Questionnaire")
             if "version" in one}  # fmt: skip
    answered = [one for one in of_kind(bundle, "QuestionnaireResponse")
                if one.get("questionnaire", "").count("|")]  # fmt: skip
    assert {one["questionnaire"] for one in answered} == forms.keys()
    for response in answered:
        names = {item["linkId"] for item in _every(forms[response["questionnaire"]]["item"])}
        assert {item["linkId"] for item in _every(response["item"])} <= names


def _every(items):
    for item in items:
        yield item
        yield from _every(item.get("item", []))


def test_nowhere_is_an_answer_and_a_condition_is_a_condition(bundle):
    monthly = next(one for one in of_kind(bundle, "Questionnaire")
                   if one["title"] == "Since you began")  # fmt: skip
    why = monthly["item"][-1]
    assert why["enableWhen"] == [{"question": "q.stopped", "operator": "=", "answerBoolean": True}]
    response = next(one for one in of_kind(bundle, "QuestionnaireResponse")
                    if one.get("questionnaire", "").startswith(monthly["url"]))  # fmt: skip
    given = {one["linkId"]: one.get("answer") for one in _every(response["item"])}
    assert [one["valueCoding"]["code"] for one in given["q.numb"]] == ["nowhere"]
    assert given["q.stopped"] == [{"valueBoolean": True}]


def test_a_corrected_measure_is_an_error_and_its_scores_too(bundle):
    stands = [one for one in of_kind(bundle, "Observation")
              if one["code"].get("coding", [{}])[0].get("code") == "66247-8"]  # fmt: skip
    found = sorted((one["status"], one["valueQuantity"]["value"]) for one in stands)
    assert [status for status, _ in found] == ["entered-in-error", "final"]


def test_people_with_and_without_numbers(record, priya):
    bundle = made(record)
    (patient,) = of_kind(bundle, "Patient")
    assert patient["gender"] == "unknown"
    assert len(patient["identifier"]) == 1
    type(record).objects.filter(pk=record.pk).update(gender="other", record_number="R-7")
    type(priya).objects.filter(pk=priya.pk).update(npi="1234567893")
    record.refresh_from_db()
    bundle = made(record)
    (patient,) = of_kind(bundle, "Patient")
    assert patient["gender"] == "other"
    assert patient["identifier"][1]["value"] == "R-7"
    numbers = [one["value"] for who in of_kind(bundle, "Practitioner") for one in who["identifier"]]
    assert "1234567893" in numbers
    assert faults(bundle) == []


def test_the_sex_that_norms_ask_for_is_told_as_no_gender(record):
    type(record).objects.filter(pk=record.pk).update(sex="female")
    record.refresh_from_db()
    assert of_kind(made(record), "Patient")[0]["gender"] == "unknown"


def test_what_was_typed_does_nothing_in_a_narrative(record):
    plan = Plan.objects.active().get(patient=record)
    do(plan, record, 1, note="<script>alert(1)</script> & <b>bold</b>")
    bundle = made(record)
    assert faults(bundle) == []
    assert "&lt;script&gt;" in str([one["text"]["div"] for one in of_kind(bundle, "Procedure")])


def test_red_flags_name_what_was_present_and_how_the_others_were_asked(bundle):
    screens = [one for one in of_kind(bundle, "QuestionnaireResponse")
               if one["questionnaire"].endswith("red-flag-screen")]  # fmt: skip
    present = [item["linkId"] for one in screens for item in one["item"]]
    assert sorted(present) == ["others", "others", "spreading"]
    flags = [one for one in of_kind(bundle, "Flag") if "Red flag" in one["code"]["text"]]
    assert [one["status"] for one in flags] == ["inactive"]


def test_it_is_in_english_whatever_the_patient_reads(record):
    type(record).objects.filter(pk=record.pk).update(language="es")
    record.refresh_from_db()
    assert "Pain before the session" in str(made(record))


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "pain_before": st.integers(0, 10),
        "pain_after": st.integers(0, 10),
        "effort": st.integers(0, 10),
        "feelings": st.lists(st.sampled_from(Feeling.values), unique=True),
        "numb_regions": st.lists(st.sampled_from(sorted(REGIONS)), unique=True),
        "settled": st.sampled_from(["", *Settled.values]),
        "skin_before": st.sampled_from(["", *SkinCheck.values]),
        "skin_check": st.sampled_from(["", *SkinCheck.values]),
        "falls": st.integers(0, 50),
        "near_falls": st.integers(0, 50),
        "fall_injury": st.booleans(),
        "hands": st.sampled_from(["", *Hands.values]),
        "glucose": st.integers(10, 900),
        "new_signs": st.lists(st.sampled_from(NewSign.values), unique=True, max_size=3),
        "note": st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40),
        "stopped": st.booleans(),
    },
)
LOGS = st.lists(st.sampled_from(["", *Done.values]), min_size=6, max_size=6)


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(ANSWERS, LOGS), max_size=3))
def test_random_histories_have_no_fault(plan, ana, told):
    before = Session.objects.filter(patient=ana).count()
    rows = list(plan.phases.first().prescriptions.all())
    for number, (answers, done) in enumerate(told, start=1):
        logs = dict(zip([row.pk for row in rows], done, strict=False))
        do(plan, ana, number, logs=logs, **answers)
    bundle = made(ana)
    assert faults(bundle) == []
    assert len(of_kind(bundle, "Procedure")) == before + len(told)


def test_three_years_of_daily_sessions_stay_within_100_megabytes(plan, ana):
    begun = timezone.now() - dt.timedelta(days=3 * 365)
    Session.objects.bulk_create(
        Session(
            clinic=ana.clinic, patient=ana, plan=plan, phase=plan.phases.first(),
            entered_by=ana.user, done_at=begun + dt.timedelta(days=day),
            done_on=(begun + dt.timedelta(days=day)).date(), pain_before=day % 10, falls=0,
        )
        for day in range(3 * 365)
    )  # fmt: skip
    tracemalloc.start()
    content = as_bundle(ana, made_at=timezone.now())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(content) > 3 * 365 * 1000
    assert most < 100 * 1024 * 1024


def test_a_region_that_is_no_more_is_not_nowhere():
    assert region("L_heel_of_before") == {"code": "L_heel_of_before", "display": "L_heel_of_before"}
    assert region(NOWHERE)["display"] == "nowhere"


def test_a_note_on_a_form_is_told_as_hl7_says(bundle):
    notes = [part for one in of_kind(bundle, "QuestionnaireResponse")
             for part in one.get("extension", ())]  # fmt: skip
    assert {one["url"] for one in notes} == {"http://hl7.org/fhir/StructureDefinition/note"}
    assert {one["valueAnnotation"]["text"] for one in notes} >= {"Long month."}
