"""What an alert rests on, in numbers, for the therapist who looks at it.

A session stands against the patient's own baseline; what time raised, by the numbers of the day on
which it was raised. Read anew from what is stored: what was put right since is right here.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from programs.alerts import of_session, of_time
from programs.alerts.of_answers import NEAR_FALLS_WINDOW, near_falls
from programs.course import response
from programs.course.adherence import adherence
from programs.course.course import Course
from programs.measures.reading import changes
from programs.measures.spoken import said
from programs.models import Alert, CheckIn, Plan, Session
from programs.models.alert import Code
from programs.progress import answered


@dataclass(frozen=True)
class Line:
    label: str
    words: str


def of(alert: Alert) -> list[Line]:
    """None for what was told, or does not fit: their page says it itself. Four queries at most."""
    if alert.session is not None:
        return list(_of_session(alert, alert.session))
    if alert.check_in is not None:
        return list(_of_check_in(alert.check_in))
    read = _OF_TIME.get(Code(alert.rule))
    return list(read(alert, alert.plan)) if read and alert.plan else []


def _of_session(alert: Alert, session: Session) -> Iterator[Line]:
    before = of_session.before(session)
    yield Line(
        "Pain", f"{_points(session.pain_before)} before, {_points(session.pain_after)} after"
    )
    if (points := response.rise(session)) is not None:
        yield Line("From before to after", _difference(points))
    if before.baseline is None:
        few = f"not known: fewer than {response.BASELINE_LOGS} sessions before it say their pain"
        yield Line("Own baseline", few)
    else:
        how = f"the median of the worst pain of the first {response.BASELINE_LOGS} sessions"
        yield Line("Own baseline", f"{before.baseline:g} of 10, {how} that say it")
        if (worst := response.worst_pain(session)) is not None:
            change = _difference(worst - before.baseline)
            yield Line("Against the baseline", f"worst pain {worst}: {change}")
    earlier = before.sessions[-2:]
    match alert.rule:
        case Code.A7 if session.near_falls and not session.falls:
            count, days = near_falls(session, before.sessions), NEAR_FALLS_WINDOW.days
            yield Line("Near-falls", f"{count} in {days} days")
        case Code.A11 if earlier:
            yield Line("Worst pain before", _each(earlier, response.worst_pain))
        case Code.A17 if earlier:
            yield Line("Effort", f"{_points(session.effort)} of 10")
            yield Line("Effort before", _each(earlier, lambda one: one.effort))


def _points(value: int | None) -> str:
    return "not answered" if value is None else str(value)


def _difference(points: float) -> str:
    if not points:
        return "no change"
    return f"{abs(points):g} points {'more' if points > 0 else 'less'}"


def _each(sessions: Sequence[Session], value: Callable[[Session], int | None]) -> str:
    return "; ".join(f"{_date(one.done_on)}: {_points(value(one))}" for one in sessions)


def _date(day: dt.date) -> str:
    return f"{day:%-d %b %Y}"


def _of_check_in(check_in: CheckIn) -> Iterator[Line]:
    known = answered.versions_of([check_in])
    [(_, scores)] = answered.scored([check_in], known)
    for code, version in check_in.versions.items():
        of_measure = [score for score in scores if score.key.split(".")[0] == code]
        if words := answered.in_words(of_measure, known):
            yield Line(said(known[code, version].title), "; ".join(words))
    for question, answer in answered.partial(check_in, known):
        yield Line(said(question), answer)


def _raised_on(alert: Alert, plan: Plan) -> dt.date:
    return plan.clinic.local_date(alert.raised_at)


def _of_measures(alert: Alert, plan: Plan) -> Iterator[Line]:
    """The first answer, the one before, and the newest of that day; and by what they differ."""
    today = _raised_on(alert, plan)
    check_ins = [one for one in answered.of_episode(plan.episode) if one.answered_on <= today]
    known = answered.versions_of(check_ins)
    scored = answered.scored(check_ins, known)
    rules = (of_time.worse_reviews, of_time.weaker_or_slower)
    about = {
        one.measure
        for rule in rules
        for one in rule(scored, known, today)
        if (one.rule, one.message) == (alert.rule, alert.message)
    }
    for definition, answers in of_time.each_day(scored, known):
        # 'No change' is about all that were asked twice and know of a change.
        if definition.code not in about if about else len(answers) < 2 or not definition.change:
            continue
        title, last = said(definition.title), len(answers) - 1
        for index in sorted({0, max(last - 1, 0), last}):
            day, scores = answers[index]
            words = "; ".join(answered.in_words(scores, known)) or "no score"
            yield Line(f"{title}, {_date(day)}", words)
        found = changes(definition, answers[last][1], answers[0][1]) if last else []
        words = "; ".join(one.words for one in found) or "no change that matters"
        yield Line(f"{title}, since the first", words)


def _of_silence(alert: Alert, plan: Plan) -> Iterator[Line]:
    today = _raised_on(alert, plan)
    sessions = Session.objects.current().filter(
        plan__episode=plan.episode_id, patient=alert.patient_id, done_on__lte=today
    )
    last = sessions.order_by("-done_on").values_list("done_on", flat=True).first()
    yield Line("Last log", _date(last) if last else "none in this episode")
    if alert.since is not None:
        yield Line("Counted from", f"{_date(alert.since)}, the last log, start, pause or stop")
        yield Line("Without a log", f"{(today - alert.since).days} days when this was raised")
    clinic = plan.clinic
    first = f"{clinic.silent_days_first_phase} days in the first phase"
    yield Line("The clinic's setting today", f"{first}, {clinic.silent_days} in later ones")


def _of_adherence(alert: Alert, plan: Plan) -> Iterator[Line]:
    assert alert.since is not None
    first, last = alert.since, alert.since + dt.timedelta(days=of_time.WINDOW_DAYS - 1)
    plans = Plan.objects.frozen().filter(episode=plan.episode_id).select_related("clinic")
    sessions = Session.objects.current().filter(
        plan__episode=plan.episode_id, patient=alert.patient_id, done_on__range=(first, last)
    )
    found = adherence(Course.load(plans), sessions.done_by_day(), first=first, last=last)
    yield Line("Days", f"{_date(first)} to {_date(last)}")
    yield Line("Sessions due", str(found.due))
    share = "" if found.percent is None else f", {found.percent} %"
    yield Line("Logged", f"{found.done} of them{share}")
    if found.extra:
        yield Line("More than due", str(found.extra))
    yield Line("The clinic's setting today", f"under {plan.clinic.low_adherence} %")


_OF_TIME: dict[Code, Callable[[Alert, Plan], Iterator[Line]]] = {
    Code.A14: _of_measures,
    Code.A15: _of_silence,
    Code.A16: _of_adherence,
    Code.A21: _of_measures,
}
