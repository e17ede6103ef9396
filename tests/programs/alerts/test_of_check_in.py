"""Falls that a form or a report tells of: of the last week, and by whose blood thinners."""

import datetime as dt

import pytest

from programs.alerts import of_check_in, of_report
from programs.models import CheckIn, Measure, SignReport
from tests.conftest import make_episode

pytestmark = pytest.mark.django_db
THINNERS = {"conditions": ["anticoagulated"]}


def raised(patient, days_ago, code="M13", **answers):
    known = Measure.objects.versions([code])
    version = max(number for _, number in known)
    day = patient.clinic.today() - dt.timedelta(days=days_ago)
    told = CheckIn(
        patient=patient, answered_on=day, answers={code: answers}, versions={code: version}
    )
    return [(str(one.rule), str(one.severity)) for one in of_check_in.raised_for(told, known)]


@pytest.mark.parametrize(("days_ago", "is_raised"), [(0, True), (7, True), (8, False)])
def test_falls_of_the_last_week_are_news(ana, episode, days_ago, is_raised):
    assert bool(raised(ana, days_ago, falls=1)) is is_raised


def test_only_the_measure_of_falls_is_asked(ana, episode):
    assert raised(ana, 0, code="M2", numb=9) == []


@pytest.fixture
def berts(bert, colm):
    """Somebody else, who takes blood thinners."""
    return make_episode(bert, colm, **THINNERS)


def severity(patient):
    return dict(raised(patient, 1, falls=1, injury=True))


def test_blood_thinners_of_others_and_of_before_do_not_count(ana, berts, priya):
    plain = severity(ana)  # without an episode
    closed = make_episode(ana, priya, **THINNERS)
    assert severity(ana) != plain
    type(closed).objects.filter(pk=closed.pk).update(
        closed_at=dt.datetime.now(dt.UTC), closed_by=priya, outcome="goals_met"
    )
    assert severity(ana) == plain
    make_episode(ana, priya)
    assert severity(ana) == plain
    assert severity(berts.patient) != plain


def test_a_hit_head_is_worse_on_the_patients_own_blood_thinners(ana, episode, berts):
    def told(patient):
        report = SignReport(patient=patient, signs=["hit_head"], skin_changed=False)
        return [str(one.severity) for one in of_report.raised_for(report)]

    assert told(ana) != told(berts.patient)
    assert told(berts.patient) == ["critical"]
    type(episode).objects.filter(pk=episode.pk).update(**THINNERS)
    assert told(ana) == ["critical"]
