"""Ana in care for six weeks: sessions, measures, alerts and a phase, with what was done."""

import datetime as dt
import uuid

from programs.actions import alerts, check_ins, phases, sessions
from programs.course.course import Course
from programs.models import Measure
from tests.stage import kept


def at(ana, days_ago):
    return dt.datetime.combine(
        ana.clinic.today() - dt.timedelta(days=days_ago), dt.time(9), tzinfo=ana.clinic.zone
    )


def do(plan, ana, days_ago, **answers):
    done = {row.pk: "all" for row in plan.phases.first().prescriptions.all()}
    return sessions.record(
        session_id=uuid.uuid4(), plan=plan, done=done, by=ana.user, at=at(ana, days_ago), **answers
    )


def quiet(before, after):
    return {
        "pain_before": before, "pain_after": after, "effort": 4, "settled": "minute",
        "skin_check": "fine", "falls": 0, "near_falls": 0, "new_signs": [],
    }  # fmt: skip


def measure(ana, priya, code, days_ago, **answers):
    newest = Measure.objects.filter(code=code).order_by("version").last()
    return check_ins.record_measure(
        check_in_id=uuid.uuid4(), patient=ana, measure=newest, answers=answers,
        answered_with="clinic", by=priya, on=ana.clinic.today() - dt.timedelta(days=days_ago),
    )  # fmt: skip


DONE = (40, 38, 36, 20, 15, 10, 5)  # the days of the story's sessions, counted back from today


def counted(story):
    """How many of its seven sessions were on a day that asked for one: today's weekday decides."""
    course = Course.load(story.plans.frozen())[0]
    days = [at(story.patient, days_ago).date() for days_ago in DONE]
    return sum(course.sessions_due_on(day) > 0 for day in days)


@kept
def story(ana, plan, priya):
    """The episode: it was opened on the plan's first day."""
    episode = plan.episode
    begun = at(ana, 42)
    type(episode).objects.filter(pk=episode.pk).update(opened_at=begun)
    episode.screens.update(screened_at=begun)
    episode.refresh_from_db()
    measure(ana, priya, "M5", 41, stands=8, over_half_way=False, arms_used=False)
    named = [{"name": "Walk to the shop", "score": 3}, {"name": "Stairs", "score": 4}]
    measure(ana, priya, "M4", 41, activities=named)
    for days_ago, before, after in [(40, 6, 6), (38, 6, 5), (36, 5, 5), (20, 4, 4)]:
        do(plan, ana, days_ago, **quiet(before, after))
    fell = do(plan, ana, 15, **quiet(3, 3) | {"falls": 1})
    alerts.acknowledge(
        alert=fell.alerts.get(rule="A7"), response="Looked at the rug at home.", by=priya
    )
    do(plan, ana, 10, **quiet(3, 2))
    do(plan, ana, 5, pain_before=2)
    measure(ana, priya, "M5", 4, stands=13, over_half_way=False, arms_used=False)
    named = [{"name": "Walk to the shop", "score": 7}, {"name": "Stairs", "score": 5}]
    measure(ana, priya, "M4", 4, activities=named)
    phases.start(phase=plan.phases.get(number=2), by=priya, reason="Steady on the chair")
    return episode
