"""What time raises, and nobody was told yet, of many patients at once (brief 5: A14 to A16, A21).

A handful of queries, whatever the number: the hourly look at a clinic asks for hundreds of patients
together, and once more for each of whom something is new.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, F, Max, Q
from django.utils import timezone

from accounts.models import Clinic
from patients.models import Episode
from programs.alerts import of_time
from programs.alerts.of_time import WINDOW_DAYS, Found
from programs.course import red_flags, silence
from programs.course.course import Course
from programs.models import Alert, CheckIn, Plan, Session
from programs.models.alert import Code
from programs.models.measure import Versions
from programs.progress import answered

if TYPE_CHECKING:
    from programs.course.red_flags import PlanWithFlagsOverTime

RULES = (Code.A14, Code.A15, Code.A16, Code.A21)
# A window of A16 moves on with the calendar: the next 14 days are another matter.
SAME_WINDOW = dt.timedelta(days=WINDOW_DAYS - 1)

# What is read of versions and episodes.
_OF_PLAN = ("patient", "version", "status", "starts_on", "effective_at", "closed_at", "weekdays")
_OF_EPISODE = ("episode__patient", "episode__opened_at", "episode__closed_at")


@dataclass
class _Told:
    """Which alerts of these rules an episode has had."""

    since: set[tuple[str, dt.date]] = field(default_factory=set)
    open: set[str] = field(default_factory=set)

    def has(self, found: Found) -> bool:
        """Raised before for the same day, one of its kind open, or its window told."""
        if found.rule in self.open:
            return True
        if found.rule == Code.A16:
            begin = found.since - SAME_WINDOW
            return any(rule == Code.A16 and day >= begin for rule, day in self.since)
        return (found.rule, found.since) in self.since


@dataclass
class _Logged:
    """Sessions of an episode: the day of the last, and how many count on each of the last days."""

    last: dt.date | None = None
    lately: dict[dt.date, int] = field(default_factory=dict)


def new(clinic: Clinic, patients: Iterable[UUID]) -> Iterator[tuple[Plan, Found]]:
    """Of those with a plan in force: the plan, and what nobody was told of it."""
    in_force = Plan.objects.as_of(timezone.now()).filter(patient__in=list(patients))
    in_care = dict(in_force.values_list("pk", "episode"))
    if not in_care:
        return
    versions = _versions(clinic, in_care.values())
    plans = [version for version in versions if version.pk in in_care]
    today = clinic.today()
    episodes = [plan.episode for plan in plans]
    courses = _courses(versions)
    check_ins = answered.of_episodes(episodes)
    known = answered.versions_of(one for found in check_ins.values() for one in found)
    logged, told = _logged(episodes, today), _told(episodes)
    for plan in plans:
        key = plan.episode_id
        found = _of_measures(check_ins[key], known, courses[key], today)
        found += _of_sessions(plan, courses[key], logged[key], today)
        yield from ((plan, one) for one in _once(found, told[key]))


def _once(found: Iterable[Found], told: _Told) -> Iterator[Found]:
    """What is raised now is told: a second one of its kind waits until that is closed."""
    for one in found:
        if not told.has(one):
            told.open.add(one.rule)
            yield one


def _versions(clinic: Clinic, episodes: Iterable[UUID]) -> "list[PlanWithFlagsOverTime]":
    """All of these episodes that were ever in force, with the flags of their episodes."""
    frozen = Plan.objects.frozen().filter(episode__in=list(episodes)).select_related("episode")
    versions = list(red_flags.with_flags_over_time(frozen.only(*_OF_PLAN, *_OF_EPISODE)))
    for version in versions:
        version.clinic = clinic
    return versions


def _courses(versions: Iterable[Plan]) -> dict[UUID, list[Course]]:
    """By episode, oldest first."""
    found: defaultdict[UUID, list[Course]] = defaultdict(list)
    for course in Course.load(versions, to_count=True):
        found[course.plan.episode_id].append(course)
    return found


def _logged(episodes: Sequence[Episode], today: dt.date) -> defaultdict[UUID, _Logged]:
    found: defaultdict[UUID, _Logged] = defaultdict(_Logged)
    patients = [episode.patient_id for episode in episodes]
    current = Session.objects.current().filter(patient__in=patients)
    sessions = current.filter(plan__episode__in=episodes)
    of_episode = sessions.order_by().annotate(episode=F("plan__episode")).values("episode")
    for key, last in of_episode.annotate(last=Max("done_on")).values_list("episode", "last"):
        found[key].last = last
    recent = sessions.filter(done_on__gte=today - dt.timedelta(days=WINDOW_DAYS)).with_done()
    counted = (
        recent.filter(something_done=True)
        .order_by()
        .annotate(episode=F("plan__episode"))
        .values("episode", "done_on")
        .annotate(count=Count("pk"))
    )
    for key, day, count in counted.values_list("episode", "done_on", "count"):
        found[key].lately[day] = count
    return found


def _told(episodes: Sequence[Episode]) -> defaultdict[UUID, _Told]:
    found: defaultdict[UUID, _Told] = defaultdict(_Told)
    rows = Alert.objects.filter(
        rule__in=RULES,
        patient__in=[episode.patient_id for episode in episodes],
        plan__episode__in=episodes,
    )
    is_open = Q(pk__in=rows.open().values("pk"))
    columns = rows.annotate(is_open=is_open).values_list(
        "plan__episode", "rule", "since", "is_open"
    )
    for key, rule, since, waits in columns:
        found[key].since.add((rule, since))
        if waits:
            found[key].open.add(rule)
    return found


def _of_measures(
    check_ins: Sequence[CheckIn], known: Versions, courses: Sequence[Course], today: dt.date
) -> list[Found]:
    scored = answered.scored(check_ins, known)
    begun = min(one.first for one in courses)
    days = [begun + dt.timedelta(days=ahead) for ahead in range((today - begun).days)]
    in_care = sum(courses[-1].pause_on(day) is None for day in days)
    still = of_time.no_change(scored, known, today, days_of_care=in_care, begun=begun)
    return [
        *of_time.worse_reviews(scored, known, today),
        *([still] if still else []),
        *of_time.weaker_or_slower(scored, known, today),
    ]


def _of_sessions(
    plan: "PlanWithFlagsOverTime", courses: Sequence[Course], logged: _Logged, today: dt.date
) -> list[Found]:
    course = next(one for one in courses if one.plan == plan)
    if silence.is_kept_from_all(course, plan, today):
        return []
    held = [one for one in courses if one.first <= today]
    few = held and of_time.low_adherence(
        held, logged.lately, today, free_since=silence.freed_on(course, plan)
    )
    quiet = of_time.silent(silence.silence(course, plan, logged.last, today))
    return [one for one in (quiet, few) if one]
