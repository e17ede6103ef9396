"""Remote monitoring: consent and papers, minutes and talks, answers, signing a month."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import audit
from accounts.models import MonitoredDays
from accounts.stale import StaleError, stamp_of
from patients.actions import messages, once
from programs.actions import check_ins, discharge, monitoring, sessions
from programs.actions.sign_reports import record as report_signs
from programs.models import (
    LiveTalk,
    Measure,
    MonitoringAnswers,
    MonitoringCare,
    MonitoringEntry,
    MonitoringLock,
    Session,
)
from programs.monitoring.calendar import last_of, month_before, month_of
from programs.progress import monitoring as reading
from programs.progress import monitoring_log
from programs.progress import monitoring_sheet as sheets
from tests.conftest import form_of, make_episode, make_plan
from tests.stage import kept
from tests.trail import newest

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
NONE = {"other_practitioner": False, "physiologic": False, "global_period": False,
        "home_health": False}  # fmt: skip


def switch_on(clinic, **settings):
    clinic.monitoring = True
    for name, value in settings.items():
        setattr(clinic, name, value)
    clinic.full_clean()
    clinic.save()


@kept
def monitored(ana, episode, plan, priya):
    """Ana has consented two months ago, and everything is on record."""
    switch_on(ana.clinic)
    consent = month_before(month_before(month_of(ana.clinic.today())))
    return monitoring.begin(episode=episode, by=priya, **papers(consent))


def papers(consent, **more):
    return {
        "consent_on": consent,
        "consent_how": "spoken",
        "cost_told": True,
        "starts_on": consent,
        "set_up_on": consent,
        "set_up_words": "How to log a session.",
        "set_up_with": "both",
        "set_up_minutes": 20,
        "body": "msk",
        "impairment": "R26.81 unsteadiness on feet",
        "reason": "Balance work is adapted each week.",
        "certified_on": consent,
        "certified_until": consent + dt.timedelta(days=200),
        "payer": "Medicare Part B",
    } | more


def last_month(patient):
    return month_before(month_of(patient.clinic.today()))


def minutes(patient, by, count=12, on=None, **more):
    return monitoring.record_minutes(
        entry_id=more.pop("entry_id", uuid.uuid4()),
        patient=patient,
        done_on=on or last_month(patient),
        minutes=count,
        what=more.pop("what", "Read the answers of the week."),
        by=by,
        **more,
    )


def talk(patient, by, count=10, at=None, **more):
    day = last_month(patient)
    values = {
        "talk_id": uuid.uuid4(),
        "began_at": at or dt.datetime.combine(day, dt.time(14), patient.clinic.zone),
        "minutes": count,
        "channel": "phone",
        "with_whom": "patient",
        "what": "Talked about the new stretch.",
    }
    return monitoring.record_talk(patient=patient, by=by, **(values | more))


def log(plan, day, by=None, **answers):
    at = dt.datetime.combine(day, dt.time(12), plan.clinic.zone)
    values = {"pain_after": 2} | answers
    return sessions.record(
        session_id=uuid.uuid4(), plan=plan, done={}, by=by or plan.patient.user, at=at, **values
    )


def month_read(patient, month=None):
    return reading.of_patient(patient, month or last_month(patient))


# Consent and papers


def test_what_was_entered_is_kept_and_the_trail_repeats_no_words(monitored):
    event = newest("monitoring.changed")
    assert monitored.made_by.first_name == "Priya"
    assert "impairment" in event.detail["fields"]
    assert "R26.81" not in str(event.detail)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"consent_how": ""}, "A consent has a date"),
        ({"consent_words": ""}, "A consent has a date"),
        ({"withdrawn_on": dt.date(2020, 1, 1)}, "withdrawn on its day or later"),
        ({"starts_on": dt.date(2020, 1, 1)}, "on the day of the consent or later"),
        ({"consent_on": None}, "on the day of the consent or later"),
        ({"set_up_with": ""}, "who understood it"),
        ({"set_up_assistant_minutes": 21}, "a part of all minutes"),
        ({"certified_until": None}, "A certification has"),
        ({"certified_until": dt.date(2020, 1, 1)}, "A certification has"),
        ({"impairment": ""}, "Name the impairment"),
        ({"consent_on": dt.date(2999, 1, 1)}, "still to come"),
        ({"set_up_on": dt.date(2999, 1, 1)}, "still to come"),
    ],
)
def test_papers_that_do_not_fit(changed, words, ana, episode, priya):
    switch_on(ana.clinic)
    consent = ana.clinic.today() - dt.timedelta(days=9)
    with pytest.raises(ValidationError, match=words):
        monitoring.begin(episode=episode, by=priya, **papers(consent, **changed))


FIRST, FAR = dt.date.min, dt.date.max
DAYS = ["consent_on", "withdrawn_on", "starts_on", "set_up_on", "certified_on", "certified_until"]


@pytest.mark.parametrize("name", DAYS)
@pytest.mark.parametrize("day", [FIRST, dt.date(1950, 1, 1), FAR])
def test_days_that_nobody_means_are_refused_beside_them(name, day, monitored, ana, priya):
    with pytest.raises(ValidationError) as error:
        monitoring.change(care=monitored, by=priya, **{name: day})
    assert set(error.value.message_dict) == {name}
    priya.clinic.refresh_from_db()
    assert len(reading.of_clinic(priya, last_month(ana))) == 1


def test_a_withdrawal_on_the_first_day_of_all_days_is_refused(ana, episode, priya):
    switch_on(ana.clinic)
    with pytest.raises(ValidationError) as error:
        monitoring.begin(
            episode=episode, by=priya, **papers(FIRST, withdrawn_on=FIRST, certified_until=FIRST)
        )
    assert {"consent_on", "withdrawn_on"} <= set(error.value.message_dict)


@pytest.mark.parametrize(
    "changed",
    [
        {"consent_how": ""},
        {"withdrawn_on": dt.date(2020, 1, 1)},
        {"starts_on": dt.date(2020, 1, 1)},
        {"consent_on": None},
        {"set_up_with": ""},
        {"set_up_assistant_minutes": 21},
        {"certified_until": None},
        {"impairment": ""},
    ],
)
def test_the_database_refuses_them_too(changed, monitored):
    with pytest.raises(IntegrityError), transaction.atomic():
        MonitoringCare.objects.filter(pk=monitored.pk).update(**changed)


def test_nothing_has_to_be_known_at_once(ana, episode, priya):
    switch_on(ana.clinic)
    begun = monitoring.begin(episode=episode, by=priya)
    assert begun.consent_on is None
    [warning] = month_read(ana).warnings
    assert "No consent" in warning


def test_a_page_from_before_sets_nothing_back(monitored, priya):
    stamp = stamp_of(monitored, ["payer"])
    monitoring.change(care=monitored, by=priya, payer="Aetna")
    with pytest.raises(StaleError):
        monitoring.change(care=monitored, by=priya, read=stamp, payer="Medicare")


def test_after_a_withdrawal_a_new_consent_is_a_new_row(monitored, ana, episode, priya):
    with pytest.raises(ValidationError, match="begun already"):
        monitoring.begin(episode=episode, by=priya)
    today = ana.clinic.today()
    monitoring.change(care=monitored, by=priya, withdrawn_on=today)
    monitoring.begin(episode=episode, by=priya, **papers(today))
    assert ana.monitoringcares.count() == 2
    assert [care.withdrawn_on for care in ana.monitoringcares.all()] == [today, None]


def test_papers_come_late_but_a_closed_episode_is_not_begun(monitored, ana, episode, priya):
    discharge.end_care(episode=episode, outcome="goals_met", by=priya)
    monitoring.change(care=monitored, by=priya, payer="Aetna")
    monitored.refresh_from_db()
    assert monitored.payer == "Aetna"
    with pytest.raises(ValidationError, match="closed"):
        monitoring.begin(episode=episode, by=priya)


def test_switched_off_nothing_is_written(monitored, ana, episode, priya):
    switch_on(ana.clinic, monitoring=False)
    ana.clinic.refresh_from_db()
    month = last_month(ana)
    for write in (
        lambda: monitoring.change(care=monitored, by=priya, payer="Aetna"),
        lambda: minutes(ana, priya),
        lambda: talk(ana, priya),
        lambda: monitoring.answer(
            answers_id=uuid.uuid4(), patient=ana, month=month, by=priya, **NONE
        ),
        lambda: monitoring.sign(patient=ana, month=month, conclusion="All is well.", by=priya),
        lambda: monitoring.open_again(patient=ana, month=month, why="It was wrong.", by=priya),
    ):
        with pytest.raises(ValidationError, match="not switched on"):
            write()


def test_who_does_not_treat_enters_nothing(monitored, ana, ruth):
    with pytest.raises(ValidationError, match="Only a therapist"):
        minutes(ana, ruth)


# Minutes and talks


def test_minutes_are_stored_once_however_often_they_are_sent(monitored, ana, bert, priya, colm):
    key = uuid.uuid4()
    first = minutes(ana, priya, entry_id=key)
    again = minutes(ana, priya, 99, entry_id=key)
    assert (first.pk, again.minutes) == (again.pk, 12)
    assert MonitoringEntry.objects.count() == 1
    assert newest("monitoring.timed").detail == {"minutes": 12}
    with pytest.raises(once.NotYours):
        minutes(bert, colm, entry_id=key)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"count": 0}, "Enter the minutes"),
        ({"count": 481}, "480"),
        ({"assistant_minutes": 13}, "a part of all minutes"),
        ({"what": "ok"}, "in a sentence"),
        ({"on": dt.date(2999, 1, 1)}, "still to come"),
        ({"on": dt.date(2024, 12, 31)}, "no worksheets of that time"),
        ({"on": dt.date.min}, "no worksheets of that time"),
        ({"on": dt.date.max}, "still to come"),
    ],
)
def test_minutes_that_make_no_sense(changed, words, monitored, ana, priya):
    with pytest.raises(ValidationError, match=words):
        minutes(ana, priya, **changed)


def test_put_right_the_old_entry_is_kept_and_no_longer_counts(monitored, ana, priya, colm):
    old = minutes(ana, priya, 14)
    talk(ana, priya, 5)
    new = minutes(ana, colm, 4, replaces=old, why="Typed 14 for 4.")
    found = month_read(ana)
    assert found.sheet.minutes.total == 9
    assert (new.by, new.entered_by) == (priya, colm)
    assert MonitoringEntry.objects.count() == 2
    [row] = [row for row in sheets.document(found)["minutes"] if not row["talk"]]
    assert "put right by Colm" in row["remark"]
    assert "was 14 minutes" in row["remark"]
    assert newest("monitoring.put_right").detail["replaces"] == str(old.pk)
    with pytest.raises(ValidationError, match="already"):
        minutes(ana, priya, 5, replaces=old, why="Typed 14 for 5.")


def test_taking_back_needs_a_reason(monitored, ana, priya):
    old = talk(ana, priya)
    with pytest.raises(ValidationError, match="in a sentence"):
        talk(ana, priya, 0, replaces=old, why="x")
    talk(ana, priya, 0, replaces=old, why="It was another patient.")
    found = month_read(ana)
    assert (found.sheet.minutes.total, found.sheet.minutes.talks) == (0, 0)
    assert "taken back" in sheets.document(found)["minutes"][0]["remark"]


def test_another_patients_entry_is_not_put_right(monitored, ana, bert, priya, colm):
    old = minutes(ana, priya)
    with pytest.raises(once.NotYours):
        minutes(bert, colm, replaces=old, why="Typed for another.")


@pytest.mark.parametrize("model", [MonitoringEntry, LiveTalk, MonitoringAnswers, MonitoringLock])
def test_what_was_entered_is_never_edited(model, monitored, ana, priya):
    month = last_month(ana)
    minutes(ana, priya)
    talk(ana, priya)
    monitoring.answer(answers_id=uuid.uuid4(), patient=ana, month=month, by=priya, **NONE)
    monitoring.sign(patient=ana, month=month, conclusion="All went well.", by=priya)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for act in (model.objects.all().delete, lambda: model.objects.update(clinic=ana.clinic)):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            act()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        # The clinic's clock goes back on 1 November 2026 and forward on 8 March 2026.
        (dt.datetime(2026, 11, 1, 3, 59, tzinfo=dt.UTC), dt.date(2026, 10, 31)),
        (dt.datetime(2026, 11, 1, 4, 0, tzinfo=dt.UTC), dt.date(2026, 11, 1)),
        (dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC), dt.date(2026, 11, 1)),
        (dt.datetime(2026, 3, 1, 4, 59, tzinfo=dt.UTC), dt.date(2026, 2, 28)),
        (dt.datetime(2026, 4, 1, 3, 59, tzinfo=dt.UTC), dt.date(2026, 3, 31)),
    ],
)
def test_a_talk_is_of_the_clinics_day_and_month(moment, day, monitored, ana, priya, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 12, 15, tzinfo=dt.UTC))
    assert talk(ana, priya, at=moment).done_on == day


# Who else bills what, signing


def test_the_newest_answers_count(monitored, ana, priya):
    month = last_month(ana)
    for value in (True, False):
        monitoring.answer(
            answers_id=uuid.uuid4(), patient=ana, month=month, by=priya,
            **(NONE | {"physiologic": value}),
        )  # fmt: skip
    assert month_read(ana).facts.answers.physiologic is False
    assert MonitoringAnswers.objects.count() == 2


def test_answers_are_stored_once(monitored, ana, priya):
    key = uuid.uuid4()
    for _ in range(2):
        monitoring.answer(answers_id=key, patient=ana, month=last_month(ana), by=priya, **NONE)
    assert MonitoringAnswers.objects.count() == 1


def sign(patient, by, **more):
    values = {"conclusion": "Steadier; the balance line goes on.", "month": last_month(patient)}
    return monitoring.sign(patient=patient, by=by, **(values | more))


def test_a_signed_month_is_locked_until_it_is_opened_with_a_reason(monitored, ana, priya, colm):
    entry, one = minutes(ana, priya), talk(ana, priya)
    lock = sign(ana, priya)
    assert (lock.by, lock.number, lock.sheet["total"]["minutes"]) == (priya, 1, 22)
    assert newest("monitoring.signed").detail == {"month": last_month(ana).isoformat()}
    month = last_month(ana)
    for write in (
        lambda: minutes(ana, priya),
        lambda: talk(ana, priya),
        lambda: minutes(ana, priya, 1, replaces=entry, why="Typed 12 for 1."),
        lambda: minutes(ana, priya, 1, on=ana.clinic.today(), replaces=entry, why="A later day."),
        lambda: talk(ana, priya, 0, replaces=one, why="It was another patient."),
        lambda: monitoring.answer(
            answers_id=uuid.uuid4(), patient=ana, month=month, by=priya, **NONE
        ),
        lambda: sign(ana, priya),
    ):
        with pytest.raises(ValidationError, match="was signed by Priya"):
            write()
    with pytest.raises(ValidationError, match="in a sentence"):
        monitoring.open_again(patient=ana, month=month, why="x", by=colm)
    monitoring.open_again(patient=ana, month=month, why="A call was forgotten.", by=colm)
    talk(ana, priya)
    assert sign(ana, priya).number == 3
    assert MonitoringLock.objects.count() == 3
    monitoring.open_again(patient=ana, month=month, why="Once more, sorry.", by=colm)
    with pytest.raises(ValidationError, match="not signed"):
        monitoring.open_again(patient=ana, month=month, why="Once more, sorry.", by=colm)


def test_what_comes_in_later_does_not_change_what_was_signed(monitored, ana, plan, priya):
    sign(ana, priya)
    found = month_read(ana)
    assert not sheets.has_changed(found)
    log(plan, last_month(ana) + dt.timedelta(days=3))
    found = month_read(ana)
    assert sheets.has_changed(found)
    assert sheets.shown(found) == found.lock.sheet


def test_days_of_the_next_month_are_of_the_next_sheet(monitored, ana, plan, priya):
    month, day = last_month(ana), last_of(last_month(ana)) + dt.timedelta(days=1)
    monitoring.change(care=monitored, by=priya, starts_on=month + dt.timedelta(days=10))
    log(plan, last_of(month))
    seen = sheets.digest(sheets.document(month_read(ana)))
    log(plan, day)
    [one] = month_read(ana).sheet.intervals
    assert day in one.days
    lock = sign(ana, priya, shown=seen)
    [shown] = sheets.shown(month_read(ana))["intervals"]
    assert (shown["count"], shown["ends_here"]) == (1, False)
    log(plan, ana.clinic.today())
    # On its first day already: the last day with monitoring is one of the month that was signed.
    monitoring.change(care=monitored, by=priya, withdrawn_on=day)
    found = month_read(ana)
    assert not sheets.has_changed(found)
    assert sheets.digest(sheets.document(found)) == sheets.digest(lock.sheet)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("consent_on", lambda month: month_before(month) + dt.timedelta(days=1)),
        ("consent_how", lambda _: "written"),
        ("consent_words", lambda _: "Others."),
        ("consent_version", lambda _: "Another"),
        ("withdrawn_on", lambda month: month),
        ("withdrawn_on", last_of),
    ],
)
def test_the_consent_of_a_signed_month_stays(name, value, monitored, ana, priya):
    month = last_month(ana)
    sign(ana, priya)
    monitoring.change(care=monitored, by=priya, starts_on=None)
    changed = {name: value(month)}
    with pytest.raises(ValidationError, match=r"was signed by Priya .*\. Open it again first"):
        monitoring.change(care=monitored, by=priya, **changed)
    monitoring.open_again(patient=ana, month=month, why="The consent was wrong.", by=priya)
    monitoring.change(care=monitored, by=priya, **changed)


def test_a_withdrawal_after_the_signed_month_and_its_taking_back(monitored, ana, priya):
    sign(ana, priya)
    after = last_of(last_month(ana)) + dt.timedelta(days=1)
    for day in (after, None, ana.clinic.today()):
        monitoring.change(care=monitored, by=priya, withdrawn_on=day, payer="Aetna")
    monitored.refresh_from_db()
    assert monitored.withdrawn_on == ana.clinic.today()


def test_a_withdrawal_within_a_signed_month_is_not_taken_back(monitored, ana, priya):
    monitoring.change(care=monitored, by=priya, withdrawn_on=last_month(ana))
    sign(ana, priya, month=monitored.consent_on)
    sign(ana, priya)
    monitoring.change(care=monitored, by=priya, payer="Aetna")
    with pytest.raises(ValidationError, match="was signed by Priya"):
        monitoring.change(care=monitored, by=priya, withdrawn_on=None)


def test_nobody_signs_what_they_have_not_seen(monitored, ana, priya):
    seen = sheets.digest(sheets.document(month_read(ana)))
    minutes(ana, priya)
    with pytest.raises(ValidationError, match="Something came in"):
        sign(ana, priya, shown=seen)
    sign(ana, priya, shown=sheets.digest(sheets.document(month_read(ana))))


def test_a_month_is_signed_when_it_is_over_and_with_a_sentence(monitored, ana, priya):
    with pytest.raises(ValidationError, match="when it is over"):
        sign(ana, priya, month=month_of(ana.clinic.today()))
    with pytest.raises(ValidationError, match="in a sentence"):
        sign(ana, priya, conclusion="ok")


# Which days count


def days_of(patient):
    return month_read(patient).facts.days


def test_a_session_with_an_answer_counts_on_the_patients_day(monitored, ana, plan):
    day = last_month(ana)
    log(plan, day)
    log(plan, day, falls=0)
    log(plan, day + dt.timedelta(1), pain_after=None)  # nothing was answered
    log(plan, day + dt.timedelta(2), pain_after=None, numb_regions=[])  # numb nowhere
    found = days_of(ana)
    assert found.counted == {day, day + dt.timedelta(2)}
    assert found.late == found.counted  # they were stored today


def test_a_correction_is_the_same_day(monitored, ana, plan):
    day = last_month(ana)
    old = log(plan, day)
    log(plan, day, replaces=old, source="correction", pain_after=3)
    assert days_of(ana).counted == {day}


def test_paper_counts_where_the_patient_entered_it(monitored, ana, plan, priya):
    day = last_month(ana)
    log(plan, day, by=priya, source="paper")
    own = day + dt.timedelta(1)
    log(plan, own, source="paper")
    found = days_of(ana)
    assert (found.counted, found.paper) == ({own}, {day})


def test_paper_that_was_put_right_is_still_paper(monitored, ana, plan, priya):
    day = last_month(ana)
    old = log(plan, day, by=priya, source="paper")
    log(plan, day, replaces=old, source="correction")
    assert days_of(ana).counted == set()


def test_a_form_counts_and_a_measure_of_the_clinic_does_not(monitored, ana, plan, priya):
    form = form_of(plan)
    check_ins.record(check_in_id=uuid.uuid4(), plan=plan, form=form, answers={}, by=ana.user)
    check_ins.record_measure(
        check_in_id=uuid.uuid4(), patient=ana, measure=Measure.objects.get(code="M7"),
        answers={"seconds": 9}, answered_with="clinic", by=priya,
    )  # fmt: skip
    found = days_of(ana)
    assert found.counted == set()
    assert found.clinic == {ana.clinic.today()}


def test_only_with_the_setting_messages_and_reports_count(monitored, ana, plan):
    today = ana.clinic.today()
    messages.send(message_id=uuid.uuid4(), patient=ana, text="My heel is cold.", by=ana.user)
    report_signs(report_id=uuid.uuid4(), patient=ana, signs=["dizzy"], by=ana.user)
    assert days_of(ana).counted == set()
    switch_on(ana.clinic, monitoring_days=MonitoredDays.ACTIVITY)
    assert days_of(ana).counted == {today}
    switch_on(ana.clinic, monitoring_days=MonitoredDays.ACCESS)
    assert today in days_of(ana).counted


def test_logins_are_shown_apart(monitored, ana, client):
    from tests.conftest import PASSWORD

    client.post("/account/login/", {"login": ana.user.email, "password": PASSWORD})
    found = days_of(ana)
    assert (found.counted, found.logins) == (set(), {ana.clinic.today()})


def test_sessions_before_the_consent_are_not_read(monitored, ana, plan):
    log(plan, monitored.consent_on - dt.timedelta(days=1))
    assert Session.objects.count() == 1
    assert days_of(ana).counted == set()


def test_a_whole_month_comes_out_ready(monitored, ana, plan, priya):
    month = last_month(ana)
    for offset in range(40):
        log(plan, monitored.consent_on + dt.timedelta(days=offset))
    talk(ana, priya, 22)
    monitoring.answer(answers_id=uuid.uuid4(), patient=ana, month=month, by=priya, **NONE)
    found = month_read(ana)
    assert found.why_not_ready == []
    assert {line.code for line in found.sheet.met} >= {"98980"}
    assert last_of(month) < ana.clinic.today()


def test_a_second_episode_has_monitoring_of_its_own(monitored, ana, episode, priya):
    discharge.end_care(episode=episode, outcome="goals_met", by=priya)
    again = make_episode(ana, priya)
    make_plan(again, priya)
    today = ana.clinic.today()
    monitoring.begin(episode=again, by=priya, **papers(today))
    assert len(month_read(ana, month_of(today)).cares) == 2


def test_the_list_reads_nobodys_rows_before_their_own_consent(monitored, ana, bert, plan, priya):
    begun = {ana.pk: ana.clinic.today(), bert.pk: dt.date(2026, 1, 1)}
    log(plan, ana.clinic.today() - dt.timedelta(days=1))
    for read in (
        lambda: monitoring_log._sessions(begun, ana.clinic),
        lambda: monitoring_log._check_ins(begun),
        lambda: monitoring_log._activity(begun, ana.clinic),
    ):
        assert list(read()) == []
    log(plan, ana.clinic.today())
    assert [key for key, _ in monitoring_log._sessions(begun, ana.clinic)] == [ana.pk]


def test_logins_are_read_from_the_clinics_midnight_by_the_index(monitored, ana):
    audit.record(action=audit.Action.SIGNED_IN, by=ana.user)
    today = ana.clinic.today()
    tomorrow = today + dt.timedelta(days=1)
    with CaptureQueriesContext(connection) as asked:
        found = list(monitoring_log._logins([ana], {ana.pk: today}, ana.clinic))
        assert list(monitoring_log._logins([ana], {ana.pk: tomorrow}, ana.clinic)) == []
    assert [one.day for _, one in found] == [today]
    midnight = dt.datetime.combine(today, dt.time(), ana.clinic.zone).isoformat(" ")
    where = asked[0]["sql"].partition("WHERE")[2]
    assert f"\"at\" >= '{midnight}'" in where
    assert "AT TIME ZONE" not in where
