"""What a therapist sees of one patient at a glance."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from accounts.compiled import compiled
from patients.models import Episode, Patient, ProposedFinding
from programs.course import plan_days, red_flags, response, silence
from programs.course.adherence import Adherence
from programs.course.course import Course
from programs.course.course import in_force as course_in_force
from programs.course.silence import Silence
from programs.measures.definition import ShownTo
from programs.measures.scoring import Score
from programs.models import Alert, CheckIn, Pause, Plan, PlanPhase, Restriction, Session
from programs.models.measure import Versions
from programs.models.plan import PlanStatus
from programs.progress import answered, change_words, scheduled, series
from programs.progress.fortnight import DAYS, Fortnight, first_day, fortnight
from programs.progress.logged import Logged
from programs.progress.scheduled import Due

if TYPE_CHECKING:
    from programs.course.red_flags import PlanWithFlagsOverTime
    from programs.models.session import CountedSession

SESSIONS_SHOWN = 5


@dataclass(frozen=True)
class SessionRow:
    """A session with its color and why."""

    session: Session
    color: response.Color
    reasons: list[str]

    @classmethod
    def of(cls, session: Session, feeling: str) -> "SessionRow":
        """`feeling` is the episode's protective sensation."""
        return cls(
            session,
            response.color(session, feeling=feeling),
            response.reasons(session, feeling=feeling),
        )


@dataclass(frozen=True)
class Overview:
    episode: Episode | None
    plan: Plan | None
    draft: Plan | None
    phase: PlanPhase | None
    alerts: list[Alert]
    closed: list[Alert]  # those of the last two weeks
    fortnight: Fortnight
    recent: list[SessionRow]
    pain: series.Chart
    charts: list[series.Chart]
    baseline: float | None
    silence: Silence | None
    pause: Pause | None
    held: list[Restriction]  # what the patient leaves out now
    proposals: list[ProposedFinding]  # what a test or a log proposes and nobody decided
    measures: list[Due]  # what comes again, the longest due first

    @property
    def adherence(self) -> Adherence:
        return self.fortnight.adherence


def in_force(patient: Patient) -> list[Restriction]:
    """The restrictions of today, each with its alert or the therapist who made it."""
    return list(_held_on(patient.pk, patient.clinic.today()))


@compiled
def _held_on(patient: UUID, day: dt.date) -> QuerySet[Restriction]:
    rows: QuerySet[Restriction] = Restriction.objects.filter(patient=patient).in_force(day)
    return rows.select_related("alert", "made_by").order_by("first", "kind")


def current_episode(patient: Patient) -> Episode | None:
    """The open episode, else the last one."""
    return next(iter(_newest_episode(patient.pk)), None)


@compiled
def _newest_episode(patient: UUID) -> QuerySet[Episode]:
    found: QuerySet[Episode] = Episode.objects.filter(patient=patient)
    return found.order_by(F("closed_at").desc(nulls_first=True), "pk")[:1]


@compiled
def _plans(episode: UUID) -> "QuerySet[PlanWithFlagsOverTime]":
    of_episode = Plan.objects.filter(episode=episode).select_related("clinic")
    return red_flags.with_flags_over_time(of_episode)


@compiled
def _lately(plans: list[UUID], first: dt.date) -> "QuerySet[CountedSession]":
    """Those since that day, and the newest whenever they were; oldest first."""
    current = Session.objects.current().filter(plan__any_of=plans)
    newest = current.order_by("-done_at").values("pk")[:SESSIONS_SHOWN]
    found = current.filter(Q(done_on__gte=first) | Q(pk__in=newest))
    counted: QuerySet[CountedSession] = found.with_done().order_by("done_at")
    return counted


@compiled
def _alerts(patient: UUID, lately: dt.datetime) -> QuerySet[Alert]:
    """The open ones, and those that were closed since."""
    found = Alert.objects.filter(patient=patient)
    found = found.filter(Q(acknowledged_at=None) | Q(acknowledged_at__gte=lately))
    worst: QuerySet[Alert] = found.worst_first()
    return worst.select_related("session", "acknowledged_by", "owner")


@compiled
def _proposals(episode: UUID) -> QuerySet[ProposedFinding]:
    found: QuerySet[ProposedFinding] = ProposedFinding.objects.filter(
        episode=episode, decided_at=None
    )
    return found


def load(patient: Patient) -> Overview:
    """Everything in a fixed number of queries, however long the history."""
    episode = current_episode(patient)
    prefetch_related_objects([episode] if episode else [], "screens")
    plans = list(_plans(episode.pk)) if episode else []
    courses = Course.load(plan for plan in plans if plan.status in PlanStatus.frozen())
    keys = [plan.pk for plan in plans]
    logged = Logged.load(keys)
    check_ins = answered.of_episode(episode) if episode else []
    known = answered.versions_of(check_ins)
    scored = answered.scored(check_ins, known)
    today, held = patient.clinic.today(), in_force(patient)
    sessions = list(_lately(keys, first_day(today)))
    lived = plan_days.days(courses, today)
    active = course_in_force(courses, today)
    rows = [SessionRow.of(one, episode.sensation) for one in sessions] if episode else []
    alerts = list(_alerts(patient.pk, timezone.now() - dt.timedelta(days=DAYS)))
    return Overview(
        episode=episode,
        plan=active.plan if active else None,
        draft=next((plan for plan in plans if plan.is_draft), None),
        phase=active.phase_on(today) if active else None,
        alerts=[one for one in alerts if one.acknowledged_at is None],
        closed=[one for one in alerts if one.acknowledged_at is not None],
        fortnight=fortnight(
            courses, sessions, feeling=episode.sensation if episode else "", today=today
        ),
        recent=red_first(rows[-SESSIONS_SHOWN:]),
        pain=series.with_course(series.pain_chart(logged), lived),
        charts=_charts(scored, known, lived),
        baseline=logged.baseline,
        silence=_silence(logged.last_on, active, plans, today),
        pause=active.pause_on(today) if active else None,
        held=held,
        measures=scheduled.of_episode(episode, patient, held),
        proposals=list(_proposals(episode.pk)) if episode else [],
    )


def _charts(
    scored: Sequence[answered.Scored], known: Versions, lived: Sequence[plan_days.Day]
) -> list[series.Chart]:
    """Of one line with the stripe in which a change is too small to count."""
    charts = series.check_in_charts(scored, known, reader=ShownTo.THERAPIST)
    return [series.with_course(change_words.banded(one, known), lived) for one in charts]


def _silence(
    last_on: dt.date | None,
    active: Course | None,
    plans: "Sequence[PlanWithFlagsOverTime]",
    today: dt.date,
) -> Silence | None:
    if active is None:
        return None
    plan = next(one for one in plans if one.pk == active.plan.pk)
    return silence.silence(active, plan, last_on, today)


def red_first(rows: Sequence[SessionRow]) -> list[SessionRow]:
    """Red answers on top, the newest first among equals."""
    newest_first = list(reversed(rows))
    return sorted(newest_first, key=lambda row: row.color is not response.Color.RED)


def sessions_of(
    patient: Patient,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    key: UUID | None = None,
) -> QuerySet[Session]:
    """All, or those of some days, or what stands for one now: the newest first, with what was done
    in each.
    """
    sessions: QuerySet[Session] = Session.objects.current().filter(patient=patient)
    if key is not None:
        named = Session.objects.filter(patient=patient, pk=key)
        sessions = sessions.filter(pk__in=[one.newest().pk for one in named])
    if first is not None:
        sessions = sessions.filter(done_on__gte=first)
    if last is not None:
        sessions = sessions.filter(done_on__lte=last)
    whole = sessions.select_related("plan__episode", "phase", "entered_by", "replaces")
    logged = whole.prefetch_related("exercise_logs__prescription", "alerts__acknowledged_by")
    return logged.order_by("-done_at", "pk")  # a paper sheet's are of one moment


def session_rows(sessions_newest_first: Iterable[Session]) -> list[SessionRow]:
    """Those of one page or period, red answers on top."""
    rows = [SessionRow.of(one, one.plan.episode.sensation) for one in sessions_newest_first]
    return red_first(rows[::-1])


@dataclass(frozen=True)
class Row:
    """`partial`: what was answered of measures that have no score, as they are not complete."""

    check_in: CheckIn
    scores: list[Score]
    partial: list[tuple[str, str]]
    titles: list[str]  # of its measures


@dataclass(frozen=True)
class CheckInHistory:
    charts: list[series.Chart]
    rows: list[Row]
    newest: list[answered.Newest]  # that say something, the newest first


def check_in_history(patient: Patient) -> CheckInHistory:
    check_ins = list(
        CheckIn.objects.current()
        .filter(patient=patient)
        .select_related("form", "replaces", "taken_by")
        .order_by("answered_at")
    )
    known = answered.versions_of(check_ins)
    scored = answered.scored(check_ins, known)
    newest = answered.newest_answers(scored, known, patient)
    plans = Plan.objects.frozen().filter(patient=patient).order_by("effective_at")
    courses = Course.load(plans.select_related("clinic"))
    return CheckInHistory(
        charts=_charts(scored, known, plan_days.days(courses, patient.clinic.today())),
        rows=[
            Row(*one, answered.partial(one[0], known), _titles(one[0], known))
            for one in reversed(scored)
        ],
        newest=[one for one in newest if one.readings or one.scale],
    )


def _titles(check_in: CheckIn, known: answered.Versions) -> list[str]:
    return [known[code, version].title for code, version in check_in.versions.items()]
