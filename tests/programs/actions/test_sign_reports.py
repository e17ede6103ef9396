"""Something is wrong: told on any day, stored once, and acted on at once."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent
from patients.actions import episodes, once
from programs.actions import discharge, pauses, plans, sign_reports
from programs.course import today
from programs.models import Alert, Restriction, SignReport
from programs.models.session import NewSign
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


def tell(patient, *signs, **fields):
    given = {"report_id": uuid.uuid4(), "patient": patient, "by": patient.user}
    return sign_reports.record(**given | fields, signs=list(signs))


@pytest.mark.parametrize("sign", NewSign)
def test_each_sign_raises_its_alert_and_says_what_to_do(as_ana, ana, plan, sign):
    report = tell(ana, sign)
    [alert] = report.alerts.all()
    assert alert.message
    page = as_ana.get(f"/portal/wrong/{report.pk}/").content.decode()
    assert 'class="advice' in page
    if alert.severity in ("critical", "urgent"):
        assert today.load(ana).state == today.State.STOPPED


def test_a_sore_stops_all_on_every_kind_of_day(ana, plan, priya):
    pauses.pause(plan=plan, why="holiday", by=priya)
    tell(ana, skin_changed=True)
    assert [alert.rule for alert in Alert.objects.all()] == ["A5"]
    assert today.load(ana).state == today.State.STOPPED
    tell(ana, NewSign.CALF)  # another sign, while stopped
    assert Alert.objects.filter(rule="CALF").exists()


@pytest.mark.parametrize("state", ["no plan", "ended", "closed"])
def test_without_a_plan_too(as_ana, ana, plan, priya, state):
    if state == "ended":
        plans.end(plan=plan, by=priya)
    if state == "closed":
        discharge.end_care(episode=plan.episode, outcome="goals_met", by=priya)
    assert "Something is wrong" in as_ana.get("/portal/").content.decode()
    report = tell(ana, NewSign.STROKE)
    assert report.alerts.get().severity == "critical"


def test_the_head_of_who_takes_blood_thinners_is_critical(ana, plan, priya):
    assert tell(ana, NewSign.HIT_HEAD).alerts.get().severity == "urgent"
    episodes.change_episode(episode=plan.episode, by=priya, conditions=["anticoagulated"])
    assert tell(ana, NewSign.HIT_HEAD).alerts.get().severity == "critical"


def test_one_rule_once_a_report(ana, plan):
    report = tell(ana, NewSign.HIT_HEAD, NewSign.NO_RISE, NewSign.INFECTION, skin_changed=True)
    assert sorted(alert.rule for alert in report.alerts.all()) == ["A5", "A6"]
    assert "could not rise" in report.alerts.get(rule="A6").message


def test_sent_twice_it_is_stored_once(ana, bert, plan):
    one = uuid.uuid4()
    tell(ana, NewSign.CALF, report_id=one)
    tell(ana, NewSign.CALF, report_id=one)
    assert SignReport.objects.count() == Alert.objects.count() == Restriction.objects.count() == 1
    with pytest.raises(once.NotYours):
        tell(bert, NewSign.CALF, report_id=one)


def test_nothing_ticked_is_nothing_told(ana, plan):
    with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
        tell(ana)


def test_the_database_keeps_what_was_told(ana, plan):
    report = tell(ana, NewSign.CALF)
    with pytest.raises(IntegrityError, match="appended"), transaction.atomic():
        SignReport.objects.filter(pk=report.pk).update(signs=["dizzy"])


def test_what_it_holds_back_is_audited(ana, plan):
    tell(ana, NewSign.CALF)
    event = AuditEvent.objects.get(action="restriction.made")
    assert event.detail == {"kinds": ["all"], "rules": ["CALF"]}


# The page


def test_the_list_holds_all_of_brief_1_9(as_ana, ana, plan):
    page = as_ana.get("/portal/wrong/").content.decode()
    for words in (
        "sudden one-sided numbness",
        "Sudden loss of sight or balance",
        "worst headache",
        "Numb between the legs",
        "I suddenly can&#x27;t move",
        "Clumsy hands",
        "One calf is swollen",
        "Numbness right after an injury",
        "Fever, pus",
        "hot, red or swollen foot",
        "hit my head",
        "could not get up",
        "sore, blister",
    ):
        assert words in page, words
    assert "Shaky, sweaty" not in page


def test_low_sugar_is_asked_of_who_is_prone_to_it(as_ana, plan, priya):
    episodes.change_episode(episode=plan.episode, by=priya, conditions=["low_glucose"])
    assert "Shaky, sweaty" in as_ana.get("/portal/wrong/").content.decode()


def test_every_page_of_the_portal_leads_there(as_ana, ana, plan):
    for path in ("", "plan/", "progress/", "learn/", "messages/", "me/", "reminders/"):
        assert "/portal/wrong/" in as_ana.get(f"/portal/{path}").content.decode(), path


def test_the_form(as_ana, ana, bert, plan):
    refused = as_ana.post("/portal/wrong/", {})
    assert refused.status_code == 200
    assert "Tick what is wrong" in refused.content.decode()
    one = uuid.uuid4()
    data = {"signs": ["skin", "calf"], "note": "Since noon.", "report": str(one)}
    assert as_ana.post("/portal/wrong/", data).url == f"/portal/wrong/{one}/"
    report = SignReport.objects.get()
    assert (report.signs, report.skin_changed, report.note) == (["calf"], True, "Since noon.")
    told = as_ana.get(f"/portal/wrong/{one}/").content.decode()
    assert "Keep weight off the foot" in told
    assert client_of(bert.user).get(f"/portal/wrong/{one}/").status_code == 404
    taken = client_of(bert.user).post("/portal/wrong/", data)
    assert taken.status_code == 404
    other = as_ana.post("/portal/wrong/", data | {"owner": str(bert.user.uuid)})
    assert other.status_code == 404
    assert as_ana.post("/portal/wrong/", data | {"report": "x"}).status_code == 404
    assert as_ana.post("/portal/wrong/", {"signs": ["nonsense"]}).status_code == 200


def test_from_a_device_that_was_offline(as_ana, ana, plan):
    data = {"signs": ["dizzy"], "report": str(uuid.uuid4()), "waited": "7200"}
    answer = as_ana.post("/portal/wrong/", data, headers={"Accept": "application/json"})
    assert answer.json()["next"].startswith("/portal/wrong/")
    report = SignReport.objects.get()
    assert (report.received_at - report.told_at).total_seconds() > 7000
    bad = as_ana.post("/portal/wrong/", {}, headers={"Accept": "application/json"})
    assert bad.status_code == 422


def test_the_copy_on_a_device_holds_no_token(as_ana, plan):
    assert "csrfmiddlewaretoken" in as_ana.get("/portal/wrong/").content.decode()
    kept = as_ana.get("/portal/wrong/?have=")
    assert "csrfmiddlewaretoken" not in kept.content.decode()
    assert as_ana.get(f"/portal/wrong/?have={kept['X-Copy']}").status_code == 204
