"""What happened: sessions, how the feet answered, falls, alerts, phases and versions."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from patients.models.episode import Sensation
from programs.course import response
from programs.course.adherence import Adherence
from programs.course.response import Color
from programs.measures.spoken import said_parts
from programs.models import Alert, Plan
from programs.models.alert import Ending, Severity
from programs.models.plan import PhaseMove
from programs.notes.known import Known
from programs.notes.start import closed_sentence, named
from programs.notes.wording import Part, Rows, Section, Sentence, Source, day, joined, say
from programs.progress.series import PAIN_CHANGE

if TYPE_CHECKING:
    from programs.progress.evidence import LoggedSession

_LESS = (Severity.MODERATE, Severity.LOW)
REDS_LISTED = 8  # one by one; more are a number that leads to them
_MOVES = {
    PhaseMove.START: gettext_lazy("phase %(number)s (%(title)s) started"),
    PhaseMove.PROGRESS: gettext_lazy("moved on to phase %(number)s (%(title)s)"),
    PhaseMove.HOLD: gettext_lazy("stayed in phase %(number)s (%(title)s)"),
    PhaseMove.REGRESS: gettext_lazy("went back to phase %(number)s (%(title)s)"),
}


def sessions(known: Known) -> Section:
    counted = known.adherence()
    told = [
        _counted(known, counted),
        *_unknown_days(sum(one.state == "unknown" for one in counted.days)),
    ]
    return Section(_("Sessions"), [*told, *_answers(known)], _reds(known))


def _counted(known: Known, counted: Adherence) -> Sentence:
    """Of some days, or of one."""
    period = {"first": day(known.first), "last": day(known.last)}
    is_one_day = known.first == known.last
    if not counted.due:
        if is_one_day:
            return say(_("On %(first)s, no session was due."), **period)
        return say(_("From %(first)s to %(last)s, no session was due."), **period)
    if is_one_day:
        words = _("On %(first)s, %(done)s of %(due)s sessions due were logged (%(percent)s %%).")
    else:
        words = _(
            "From %(first)s to %(last)s, %(done)s of %(due)s sessions due were logged "
            "(%(percent)s %%)."
        )
    done = Part(str(counted.done), known.days)
    return say(words, **period, done=done, due=counted.due, percent=counted.percent)


def _unknown_days(count: int) -> list[Sentence]:
    if not count:
        return []
    words = ngettext(
        "Of %(count)s day nobody knows: no log is unknown, not missed.",
        "Of %(count)s days nobody knows: no log is unknown, not missed.",
        count,
    )
    return [say(words, count=count)]


def _answers(known: Known) -> list[Sentence]:
    found = known.lately
    if not found:
        return [say(_("No session was sent."))]
    counts = Counter(known.color(one) for one in found)

    def linked(color: Color) -> Part:
        source = Source.days(known.first, known.last, color.value)
        return Part(str(counts[color]), source if counts[color] else None)

    words = ngettext(
        "%(total)s session was sent: green %(green)s, amber %(amber)s, red %(red)s, "
        "not known %(unknown)s.",
        "%(total)s sessions were sent: green %(green)s, amber %(amber)s, red %(red)s, "
        "not known %(unknown)s.",
        len(found),
    )
    said = [
        say(
            words,
            total=Part(str(len(found)), known.days),
            **{color.value: linked(color) for color in Color},
        ),
        say(
            _(
                "These colors are a rule set that is not validated for nerves "
                "(low to medium certainty)."
            )
        ),
    ]
    if known.episode.sensation == Sensation.LOST:
        said.append(say(_("Protective feeling is lost: green can be falsely green.")))
    return said


def _reds(known: Known) -> list[Sentence]:
    reds = [one for one in known.lately if known.color(one) is Color.RED]
    if len(reds) > REDS_LISTED:
        return []
    return [
        say(
            _("%(day)s, red: %(why)s."),
            day=Part(day(one.done_on), Source.row(Rows.SESSION, one.pk)),
            why=", ".join(response.reasons(one, feeling=known.episode.sensation)),
        )
        for one in reds
    ]


def pain(known: Known) -> Section:
    """The worst around a session, against the patient's own first three."""
    told = [(one, worst) for one in known.lately if (worst := response.worst_pain(one)) is not None]
    said = [_worst(told)]
    base = response.baseline(known.sessions)
    if base is not None:
        said.append(
            say(
                _("Own baseline, the median of the first three answers: %(base)s."),
                base=f"{base:g}",
            )
        )
        if told:
            said.append(_against(told[-1][1] - base))
    return Section(_("Pain around the exercises"), said)


def _worst(told: "Sequence[tuple[LoggedSession, int]]") -> Sentence:
    if not told:
        return say(_("Pain was not answered."))
    (first, begun), (last, now) = told[0], told[-1]
    values = {
        "pain": Part(str(begun), Source.row(Rows.SESSION, first.pk)),
        "day": day(first.done_on),
    }
    if first is last:
        return say(_("Worst pain, 0 to 10: %(pain)s on %(day)s."), **values)
    return say(
        _("Worst pain, 0 to 10: %(pain)s on %(day)s, %(now)s on %(later)s."),
        **values,
        now=Part(str(now), Source.row(Rows.SESSION, last.pk)),
        later=day(last.done_on),
    )


def _against(points: float) -> Sentence:
    """2 points of 10 are what counts as a change (brief 4.1, farrar2001: high certainty)."""
    size = f"{abs(points):g}"
    if abs(points) < PAIN_CHANGE:
        return say(
            _(
                "The last answer is within %(least)s points of it: no change that matters "
                "(high certainty)."
            ),
            least=PAIN_CHANGE,
        )
    if points < 0:
        words = _("The last answer is %(size)s points under it: a change that matters, for the "
                  "better (high certainty).")  # fmt: skip
    else:
        words = _("The last answer is %(size)s points over it: a change that matters, for the "
                  "worse (high certainty).")  # fmt: skip
    return say(words, size=size)


def falls(known: Known) -> Section:
    answered = [one for one in known.lately if one.falls is not None]
    near = [one for one in known.lately if one.near_falls is not None]
    if not answered and not near:
        return Section(_("Falls"), [say(_("Falls were not answered."))])
    fell = sum(one.falls or 0 for one in answered)
    nearly = sum(one.near_falls or 0 for one in near)
    told = say(
        _("Reported with sessions: falls %(falls)s, near-falls %(near)s."),
        falls=Part(str(fell), known.days) if answered else _("not answered"),
        near=Part(str(nearly), known.days) if near else _("not answered"),
    )
    return Section(_("Falls"), [told])


def alerts(known: Known) -> Section:
    """Those of these days, and older ones that are still open."""
    found = [one for one in known.alerts if _counts(one, known)]
    if not found:
        return Section(_("Alerts"), [say(_("No alert was raised."))])
    return Section(_("Alerts"), [], [_alert(one, known) for one in found])


def _counts(alert: Alert, known: Known) -> bool:
    return alert.acknowledged_at is None or known.is_within(known.local(alert.raised_at))


def _alert(alert: Alert, known: Known) -> Sentence:
    said = [
        say(
            _("%(day)s: %(what)s (%(severity)s)."),
            day=Part(day(known.local(alert.raised_at)), Source.row(Rows.ALERT, alert.pk)),
            what=named(alert.get_rule_display()),
            severity=urgency(alert),
        ),
        *_closed(alert, known),
    ]
    return joined(said)


def urgency(alert: Alert) -> str:
    """'high': without by when somebody looks at it, which is the clinic's own time."""
    return named(alert.get_severity_display()).partition(",")[0]


def _closed(alert: Alert, known: Known) -> list[Sentence]:
    """With what it ended, in the words of who closed it."""
    if alert.acknowledged_at is None:
        return [say(_("Still open."))]
    said = [
        say(
            _("Closed on %(day)s by %(who)s (%(ending)s): “%(words)s”"),
            day=day(known.local(alert.acknowledged_at)),
            who=alert.acknowledged_by,
            ending=named(Ending(alert.ending).label),
            words=closed_sentence(alert.response),
        )
    ]
    if alert.referred_on is not None:
        said.append(
            say(
                _("Referred to %(whom)s for %(day)s."),
                whom=alert.referred_to,
                day=day(alert.referred_on),
            )
        )
    return said


def held(known: Known) -> list[Sentence]:
    """What is left out now, and since when."""
    return [
        say(
            _("Left out since %(day)s: %(what)s."),
            day=day(one.first),
            what=named(one.get_kind_display()),
        )
        for one in known.held
    ]


Event = tuple[dt.date, Sentence]


def steps(known: Known) -> list[Event]:
    """Versions of the plan and moves between its phases on these days."""
    found: list[Event] = []
    for course in known.courses:
        source = Source.row(Rows.PLAN, course.plan.pk)
        if known.is_within(course.first):
            found.append((course.first, _version(course.first, course.plan, source)))
        phases = {phase.pk: phase for phase in course.phases}
        for start in course.starts:
            words = _MOVES.get(PhaseMove(start.move))
            phase = phases.get(start.phase_id)
            if words is None or phase is None or not known.is_within(start.on):
                continue
            move = say(str(words), number=Part(str(phase.number), source), title=phase.plain_title)
            said = say("%(day)s: ", day=day(start.on)).parts + move.parts + (Part("."),)
            found.append((start.on, _with_reason(Sentence(said), start.reason)))
    return sorted(found, key=lambda one: one[0])


def _version(first: dt.date, plan: Plan, source: Source) -> Sentence:
    said = say(
        _("%(day)s: version %(version)s of the plan, “%(title)s”."),
        day=day(first),
        version=Part(str(plan.version), source),
        title=said_parts(plan.title),
    )
    return _with_reason(said, plan.change_reason)


def _with_reason(sentence: Sentence, reason: str) -> Sentence:
    if not reason.strip():
        return sentence
    return sentence + say(_("Reason: %(words)s"), words=closed_sentence(reason))


def phases(known: Known) -> Section:
    """What changed in the plan on these days."""
    found = [sentence for _day, sentence in steps(known)]
    if not found:
        return Section(
            _("Changes of the plan"), [say(_("The plan and its phase stayed as they were."))]
        )
    return Section(_("Changes of the plan"), [], found)


def course(known: Known) -> Section:
    """From start to end in order: versions, phases and alerts. Of less urgent alerts that were
    closed only how many.
    """
    serious = [one for one in known.alerts if one.severity not in _LESS or not one.acknowledged_at]
    told = [(known.local(one.raised_at), _alert(one, known)) for one in serious]
    events = sorted([*steps(known), *told], key=lambda one: one[0])
    less = len(known.alerts) - len(serious)
    words = ngettext(
        "%(count)s alert of less urgency was raised and closed.",
        "%(count)s alerts of less urgency were raised and closed.",
        less,
    )
    said = [say(words, count=less)] if less else []
    if not events and not said:
        said = [say(_("No plan was begun, and no alert was raised."))]
    return Section(_("Course of care, from its start"), said, [one for _day, one in events])
