"""Measures that a therapist should take again (brief 4.6)."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from patients.models import Episode
from programs.actions import check_ins as actions
from programs.models import CheckIn, Measure
from programs.progress import scheduled
from programs.progress.readers import reader_of
from tests.conftest import make_episode, make_patient
from tests.programs.measures.conftest import MEASURES

OPENED = dt.date(2026, 3, 2)
KNOWN = {(one.code, one.version): one for one in MEASURES.values()}
FILAMENT = {item.key: 3 for item in MEASURES["M9"].items}


def due(*taken, day=0):
    """Codes that are due so many days after the episode began; `taken` are (day, code, answers)."""
    check_ins = [
        CheckIn(
            answered_on=OPENED + dt.timedelta(days=on),
            answers={code: answers},
            versions={code: MEASURES[code].version},
        )
        for on, code, answers in taken
    ]
    found = scheduled.last_taken(check_ins, KNOWN)
    today = OPENED + dt.timedelta(days=day)
    lines = scheduled.planned(MEASURES.values(), found, opened_on=OPENED, today=today)
    return [line for line in lines if line.is_due]


def codes(*taken, day=0):
    return [code for one in due(*taken, day=day) for code in one.codes]


def test_at_the_start_all_of_the_schedule_is_due():
    assert codes() == ["M5", "M6", "M7", "M8", "M9", "M10", "M15"]


def test_the_two_tests_of_feeling_are_one_line():
    assert "10-g filament or Toe touch (Ipswich)" in [one.title for one in due()]


@pytest.mark.parametrize(("day", "found"), [(27, False), (28, True)])
def test_tests_of_balance_come_again_after_four_weeks(day, found):
    assert ("M7" in codes((0, "M7", {"seconds": 9}), day=day)) is found


@pytest.mark.parametrize(("day", "found"), [(90, False), (91, True)])
@pytest.mark.parametrize("code", ["M9", "M10"])
def test_either_test_of_feeling_is_enough_for_a_quarter(day, found, code):
    assert (code in codes((0, "M9", FILAMENT), day=day)) is found


def test_a_test_without_a_score_is_still_due():
    (one,) = [one for one in due((0, "M5", {"stands": 9}), day=3) if one.codes == ("M5",)]
    assert (one.since, one.last) == (OPENED, None)


def test_the_longest_due_comes_first():
    later = due((0, "M5", {"stands": 9, "over_half_way": False, "arms_used": False}), day=40)
    assert later[-1].codes == ("M5",)
    assert later[-1].since == OPENED + dt.timedelta(days=28)


def test_nothing_is_scored_behind_the_newest_score(monkeypatch):
    scored = []

    def count(definition, answers):
        scored.append(answers["seconds"])
        return real(definition, answers)

    real = scheduled.scores
    monkeypatch.setattr(scheduled, "scores", count)
    taken = [(on, "M7", {"seconds": on - 299}) for on in range(300, 400)]
    due(*taken, (400, "M7", {"seconds": None}), day=400)
    assert scored == [None, 100]


def measured(patient, by, days_ago):
    actions.record_measure(
        check_in_id=uuid.uuid4(), patient=patient, measure=Measure.objects.get(code="M7"),
        answers={"seconds": 9}, answered_with="clinic", by=by,
        on=patient.clinic.today() - dt.timedelta(days=days_ago),
    )  # fmt: skip


@pytest.mark.django_db
def test_each_patient_is_read_back_to_their_own_episode(
    ana, episode, priya, monkeypatch, django_assert_num_queries
):
    """However old another's is."""
    now = timezone.now()
    bo = make_patient(priya, "Bo")
    make_episode(bo, priya)
    Episode.objects.update(opened_at=now - dt.timedelta(days=900))
    for patient in (ana, bo):
        for days_ago in (800, 190, 100, 30):
            measured(patient, priya, days_ago)
    Episode.objects.filter(patient=bo).update(opened_at=now - dt.timedelta(days=100))
    read = []
    real = scheduled.last_taken

    def watch(rows, known):
        read.append(len(rows))
        return real(rows, known)

    monkeypatch.setattr(scheduled, "last_taken", watch)
    with django_assert_num_queries(5):
        found = scheduled.of_patients(reader_of(priya), ana.clinic)
    assert sorted(read) == [3, 4]
    [last] = {line.last for _, lines in found for line in lines if "M7" in line.codes}
    assert last == ana.clinic.today() - dt.timedelta(days=30)
