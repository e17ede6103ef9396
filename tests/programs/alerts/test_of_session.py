"""What came before a session, and which later ones an answer that arrived late reaches."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from programs.actions import sessions
from programs.alerts import of_session
from programs.models import Session

pytestmark = pytest.mark.django_db
NOON = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)


def record(plan, days_ago, **answers):
    return sessions.record(
        session_id=uuid.uuid4(), plan=plan, done={}, by=plan.patient.user,
        at=NOON - dt.timedelta(days=days_ago), **answers,
    )  # fmt: skip


def test_a_late_answer_reaches_the_next_fourteen_days(plan):
    late = record(plan, 30)
    inside, outside = record(plan, 16), record(plan, 15.9)
    assert of_session.after(late) == [inside]
    assert outside not in of_session.after(late)
    assert of_session.after(outside) == []


def test_what_was_put_right_is_not_reached(plan):
    late, wrong = record(plan, 30), record(plan, 28)
    right = record(plan, 28, replaces=wrong, source="correction")
    assert of_session.after(late) == [right]


def test_only_rules_that_look_back_speak_again(plan):
    session = record(plan, 3, pain_before=1, pain_after=8, falls=1)
    raised = {str(one.rule) for one in of_session.raised_for(session)}
    assert {"A7", "A10"} <= raised
    assert {str(one.rule) for one in of_session.raised_again(session)} == {"A7"}


def test_a_baseline_is_made_of_answers_before_or_after(plan):
    for days_ago, pain in ((9, 2), (8, 4), (7, 6)):
        record(plan, days_ago, pain_after=pain)
    record(plan, 6)
    assert of_session.before(record(plan, 5)).baseline == 4
    assert of_session.before(Session.objects.order_by("done_at")[2]).baseline is None


@pytest.mark.parametrize("conditions", [[], ["anticoagulated"]])
def test_who_takes_blood_thinners_is_known(plan, episode, conditions):
    type(episode).objects.filter(pk=episode.pk).update(conditions=conditions)
    session = Session.objects.select_related("plan__episode").get(pk=record(plan, 3).pk)
    assert of_session.before(session).bruises is bool(conditions)
