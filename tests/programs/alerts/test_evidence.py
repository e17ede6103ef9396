"""What an alert rests on, with the right numbers."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.actions import clock_alerts
from programs.alerts import evidence
from programs.models import Alert
from tests.conftest import give_login, make_episode, make_patient, make_plan
from tests.programs.actions.test_clock_alerts import daily, log, measured, symptoms
from tests.programs.notes.conftest import do, quiet

pytestmark = pytest.mark.django_db
__all__ = ["daily"]


def lines(rule):
    found = evidence.of(Alert.objects.filter(rule=rule).latest("raised_at"))
    assert len({line.label for line in found}) == len(found)
    return {line.label: line.words for line in found}


def ago(clinic, days):
    return f"{clinic.today() - dt.timedelta(days=days):%-d %b %Y}"


def test_a_session_stands_against_the_patients_own_baseline(ana, plan):
    for days_ago, pain in ((9, 2), (8, 4), (7, 3), (5, 9)):
        do(plan, ana, days_ago, **quiet(pain, pain))
    do(plan, ana, 2, **quiet(3, 8))
    assert lines("A10") == {
        "Pain": "3 before, 8 after",
        "From before to after": "5 points more",
        "Own baseline": "3 of 10, the median of the worst pain of the first 3 sessions that say it",
        "Against the baseline": "worst pain 8: 5 points more",
    }


def test_without_three_sessions_no_baseline_is_known(ana, plan):
    do(plan, ana, 9, **quiet(2, 2))
    do(plan, ana, 2, pain_before=3, falls=1)
    found = lines("A7")
    assert found["Pain"] == "3 before, not answered after"
    assert found["Own baseline"] == "not known: fewer than 3 sessions before it say their pain"
    assert "Against the baseline" not in found
    assert "From before to after" not in found


def test_a_rule_over_sessions_names_those_before(ana, plan):
    for days_ago, pain in ((9, 2), (8, 2), (7, 2), (5, 4), (3, 3), (1, 5)):
        do(plan, ana, days_ago, **quiet(pain, pain))
    found = lines("A11")
    assert found["Against the baseline"] == "worst pain 5: 3 points more"
    clinic = ana.clinic
    assert found["Worst pain before"] == f"{ago(clinic, 5)}: 4; {ago(clinic, 3)}: 3"


def test_a_hard_spell_and_near_falls_are_counted(ana, plan):
    do(plan, ana, 8, **quiet(2, 2) | {"near_falls": 1})
    do(plan, ana, 4, **quiet(2, 2) | {"near_falls": 1, "effort": 8})
    do(plan, ana, 2, **quiet(2, 2) | {"near_falls": 2, "effort": 9})
    found = lines("A17")
    assert found["Effort"] == "9 of 10"
    assert found["Effort before"] == f"{ago(ana.clinic, 8)}: 4; {ago(ana.clinic, 4)}: 8"
    assert lines("A7")["Near-falls"] == "4 in 7 days"


def test_a_form_says_its_scores_in_words(as_priya, ana, plan, priya):
    measured(ana, priya, "M13", 0, falls=1, near_falls=None, injury=False)
    found = lines("A7")
    assert found == {"Falls / near-falls": "How often did you fall: 1; Were you hurt: no"}
    page = as_priya.get(f"/workspace/alerts/{Alert.objects.get(rule='A7').pk}/").content.decode()
    assert "Were you hurt: no" in page


def test_silence_says_the_last_log_and_the_days(ana, plan, daily):
    for days_ago in range(4, 20):
        log(plan, days_ago)
    [alert] = clock_alerts.of_patient(ana)
    log(plan, 0)
    clinic = ana.clinic
    assert lines(alert.rule) == {
        "Last log": ago(clinic, 0),
        "Counted from": f"{ago(clinic, 4)}, the last log, start, pause or stop",
        "Without a log": "4 days when this was raised",
        "The clinic's setting today": "3 days in the first phase, 7 in later ones",
    }


def test_few_sessions_say_how_many_of_how_many(ana, plan, daily):
    for days_ago in range(1, 7):
        log(plan, days_ago)
    log(plan, 20)
    clock_alerts.of_patient(ana)
    assert lines("A16") == {
        "Days": f"{ago(ana.clinic, 14)} to {ago(ana.clinic, 1)}",
        "Sessions due": "14",
        "Logged": "6 of them, 43 %",
        "The clinic's setting today": "under 50 %",
    }


def test_worse_reviews_stand_beside_the_first(ana, plan):
    for days_ago, score in ((30, 3), (23, 3), (16, 6), (2, 7)):
        symptoms(plan, days_ago, score)
    found = lines("A14")
    days = [label.rsplit(", ", 1)[1] for label in found]
    assert days == [*(ago(ana.clinic, one) for one in (30, 16, 2)), "since the first"]
    first, before, newest, change = found.values()
    assert [words.split(": ")[1][:7] for words in (first, before, newest)] == [
        "3 of 10", "6 of 10", "7 of 10",
    ]  # fmt: skip
    assert "3 to 7, worse" in change


def test_no_change_shows_each_measure_that_was_asked_twice(ana, plan):
    for days_ago in (35, 2):
        symptoms(plan, days_ago, 5)
    found = lines("A14")
    assert len(found) == 3
    assert found.popitem()[1] == "no change that matters"


def test_a_slower_test_shows_that_test_alone(ana, plan, priya):
    for days_ago, stands in ((20, 9), (10, 9)):
        answers = {"stands": stands, "over_half_way": False, "arms_used": False}
        measured(ana, priya, "M5", days_ago, **answers)
    for days_ago, taken in ((20, 10), (10, 13)):
        measured(ana, priya, "M7", days_ago, seconds=taken)
    found = lines("A21")
    assert found[f"Timed Up & Go, {ago(ana.clinic, 20)}"] == "Timed Up & Go: 10"
    assert found[f"Timed Up & Go, {ago(ana.clinic, 10)}"] == "Timed Up & Go: 13"
    assert all(label.startswith("Timed Up & Go, ") for label in found)


def test_what_was_measured_later_is_not_what_it_rests_on(ana, plan, priya):
    for days_ago, taken in ((20, 10), (10, 13)):
        measured(ana, priya, "M7", days_ago, seconds=taken)
    alert = Alert.objects.get(rule="A21")
    Alert.objects.filter(pk=alert.pk).update(raised_at=alert.raised_at - dt.timedelta(days=5))
    measured(ana, priya, "M7", 1, seconds=9)
    assert [line.words for line in evidence.of(Alert.objects.get(pk=alert.pk))][:2] == [
        "Timed Up & Go: 10",
        "Timed Up & Go: 13",
    ]


def queries(address, browser):
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(address).content.decode()
    return len(asked), page


def test_the_page_shows_it_at_the_same_cost(as_priya, ana, plan, priya):
    symptoms(plan, 35, 3)
    for days_ago, pain in ((30, 2), (29, 4), (28, 3)):
        do(plan, ana, days_ago, **quiet(pain, pain))
    for days_ago in (16, 9):
        symptoms(plan, days_ago, 7)
    do(plan, ana, 10, **quiet(3, 8))
    pages = [f"/workspace/alerts/{Alert.objects.get(rule=one).pk}/" for one in ("A10", "A14")]
    for address in pages:
        as_priya.get(address)
    few = [queries(address, as_priya) for address in pages]
    assert "worst pain 8: 5 points more" in few[0][1]
    assert "3 to 7, worse" in few[1][1]
    for days_ago in range(11, 27):
        do(plan, ana, days_ago, **quiet(3, 3))
    for days_ago in (34, 33, 15, 12):
        symptoms(plan, days_ago, 3)
    many = [queries(address, as_priya) for address in pages]
    assert [count for count, _ in many] == [count for count, _ in few]


def test_less_pain_and_none_are_differences_too(ana, plan):
    for days_ago, pain in ((9, 6), (8, 6), (7, 6)):
        do(plan, ana, days_ago, **quiet(pain, pain))
    do(plan, ana, 2, **quiet(5, 4) | {"falls": 1})
    found = lines("A7")
    assert found["From before to after"] == "1 points less"
    assert found["Against the baseline"] == "worst pain 5: 1 points less"
    assert "Near-falls" not in found  # a fall was told
    do(plan, ana, 1, **quiet(6, 6) | {"falls": 1})
    assert lines("A7")["From before to after"] == "no change"
    assert lines("A7")["Against the baseline"] == "worst pain 6: no change"


def test_what_another_patient_logged_is_no_evidence(ana, plan, priya, daily):
    cora = make_patient(priya, "Cora")
    give_login(cora, priya)
    cora.refresh_from_db()
    other = make_plan(make_episode(cora, priya), priya, "P3")
    for days_ago in range(9, 20):
        log(plan, days_ago)
    for days_ago in range(1, 20):
        log(other, days_ago)
    clock_alerts.of_patient(ana)
    assert lines("A15")["Last log"] == ago(ana.clinic, 9)
    assert lines("A16")["Logged"].startswith("6 of them")
