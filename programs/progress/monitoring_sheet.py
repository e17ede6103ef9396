"""A worksheet in words, as page, PDF and CSV show it, and as a signed month keeps it.

One document of plain values: what was signed stays readable whatever the code says later.
"""

import datetime as dt
import hashlib
import json
from typing import Any

from accounts.models import User
from programs.models import LiveTalk, MonitoringCare
from programs.monitoring import words
from programs.monitoring.calendar import day_words, in_words, last_of
from programs.monitoring.days import COUNTING_WORDS, Counting
from programs.monitoring.lines import Line, counted
from programs.monitoring.worksheet import Counted, why_left_out
from programs.progress.monitoring import Month, WorkRow, work_of

Document = dict[str, Any]
Pair = tuple[str, str]
MISSING = "not entered"
PAYER = "Payer"


def document(month: Month) -> Document:
    """Dates are ISO beside their words; lists are in the order in which they are shown."""
    clinic, sheet = month.patient.clinic, month.sheet
    return {
        "title": f"Remote monitoring, {month.month:%B %Y}",
        "month": month.month.isoformat(),
        "disclaimers": list(words.DISCLAIMERS),
        "who": [
            ("Patient", str(month.patient)),
            ("Born", day_words(month.patient.birth_date)),
            ("Record number", month.patient.record_number or "–"),
            ("Clinic", clinic.name),
        ],
        "papers": [_papers(care, month) for care in _cares_of(month)],
        "answers": _answers(month),
        "lines": [_line(line) for line in sheet.lines],
        "intervals": [_interval(one, month) for one in sheet.intervals],
        "minutes": [_work(row, month) for row in month.work],
        "total": {
            "minutes": sheet.minutes.total,
            "assistant": sheet.minutes.assistant,
            "talks": sheet.minutes.talks,
            "left_out": sheet.minutes.left_out,
        },
        "rules": f"Rules of {sheet.rules.version}: {sheet.rules.source}.",
        "counting": [
            f"{COUNTING_WORDS[Counting(clinic.monitoring_days)]}.",
            f"A talk in person {'counts' if clinic.monitoring_in_person else 'does not count'}"
            " at this clinic.",
        ],
        "notes": list(words.NOTES),
    }


def digest(made: Document) -> str:
    """By which a signature is of what was shown, and a later change is noticed."""
    text = json.dumps(made, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def shown(month: Month) -> Document:
    """What was signed, else what the rows say now."""
    return month.signed or document(month)


def has_changed(month: Month) -> bool:
    """Whether something came in since the month was signed that would change its numbers.

    What only words of ours say anew does not count.
    """
    then = month.signed
    if then is None:
        return False
    now = document(month)
    numbers = ("lines", "intervals", "minutes", "total", "papers", "answers")
    return any(json.loads(json.dumps(now[name])) != then[name] for name in numbers)


def payers(made: Document) -> list[str]:
    """Those that the papers of a document name, each once."""
    named = (words for papers in made["papers"] for label, words in papers if label == PAYER)
    return list(dict.fromkeys(payer for payer in named if payer != MISSING))


def _cares_of(month: Month) -> list[MonitoringCare]:
    """Those of the month, and those of intervals that end in it."""
    touching = {one.care for one in month.sheet.intervals}
    return [
        row
        for row, care in zip(month.cares, month.facts.cares, strict=True)
        if care in touching or care.is_of(month.month, last_of(month.month))
    ]


def _papers(care: MonitoringCare, month: Month) -> list[Pair]:
    consent = (
        f"{day_words(care.consent_on)}, {care.get_consent_how_display().lower()};"
        f" words “{care.consent_version}”"
        if care.consent_on
        else MISSING
    )
    if care.withdrawn_on and care.withdrawn_on <= last_of(month.month):
        consent += f"; withdrawn on {day_words(care.withdrawn_on)}"
    set_up = (
        f"{day_words(care.set_up_on)}; understood by"
        f" {care.get_set_up_with_display().lower()}; {care.set_up_words}"
        if care.set_up_on
        else MISSING
    )
    plan = (
        f"certified {day_words(care.certified_on)} to {day_words(care.certified_until)}"
        if care.certified_on and care.certified_until
        else MISSING
    )
    return [
        ("Consent", consent),
        *([("Words of the consent", care.consent_words)] if care.consent_on else []),
        ("Told of their own part of the cost", "yes" if care.cost_told else "no"),
        ("Monitoring starts on", day_words(care.starts_on) if care.starts_on else
            "the first day with data after the consent"),
        ("Device or platform", care.platform or MISSING),
        ("Set-up and teaching", set_up),
        ("Minutes of the set-up",
            f"{care.set_up_minutes}, {_assistant(care.set_up_assistant_minutes)}"),
        ("Plan of care", plan),
        ("Why it asks for monitoring", care.reason or MISSING),
        ("What the plan treats", _treated(care)),
        ("Referring practitioner", care.referred_by or MISSING),
        (PAYER, care.payer or MISSING),
    ]  # fmt: skip


def _treated(care: MonitoringCare) -> str:
    if not care.body:
        return MISSING
    named = f": {care.impairment}" if care.impairment else ""
    return f"{care.get_body_display().split(':')[0]}{named}"


def _assistant(minutes: int) -> str:
    """Sources disagree on what follows from it, so both are said."""
    if not minutes:
        return "assistant involved: no"
    return f"assistant involved: yes, {counted(minutes, 'minute')}"


def _answers(month: Month) -> list[Pair]:
    row = month.answers
    if row is None:
        return [("Other services in this month", "not answered")]
    asked = [
        ("Another practitioner bills this monitoring", row.other_practitioner),
        ("Physiologic monitoring (RPM) in this month", row.physiologic),
        ("In the global period of an operation", row.global_period),
        ("Home health plan of care", row.home_health),
    ]
    told = f"{row.answered_by.name_with_credentials}, {_at(row.answered_at, month)}"
    return [
        *((label, "yes" if value else "no") for label, value in asked),
        ("Answered by", f"{told}{f'; {row.note}' if row.note else ''}"),
    ]


def _line(line: Line) -> Document:
    return {
        "code": line.code,
        "what": line.band.what,
        "clock": line.clock.value,
        "first": line.first.isoformat(),
        "last": line.last.isoformat(),
        "span": f"{day_words(line.first)} to {day_words(line.last)}",
        "count": line.count,
        "unit": line.unit,
        "limits": line.limits,
        "state": line.state.name.lower(),
        "times": line.times if line.state.is_met else 0,
        "verdict": line.verdict,
        "reasons": list(line.reasons),
        "lacks": list(line.lacks),
        "is_ready": line.is_ready,
    }


def _interval(one: Counted, month: Month) -> Document:
    """Its days in this month and before: what comes later is of the next month's sheet."""
    interval, days, end = one.interval, month.facts.days, last_of(month.month)
    counted_days = [day for day in one.days if day <= end]
    shown_days = [day for day in interval.days if day <= end]
    # What is withdrawn on the first of a month is news of that month, not of the day before.
    is_over = one.care.over_on is not None and one.care.over_on <= end
    ended = one.ends_on if is_over else None
    return {
        "number": interval.number,
        "first": interval.first.isoformat(),
        "last": interval.last.isoformat(),
        "span": f"{day_words(interval.first)} to {day_words(interval.last)}",
        "count": len(counted_days),
        "days": in_words(counted_days),
        "late": in_words(day for day in counted_days if day in days.late),
        "paper": in_words(day for day in shown_days if day in days.paper),
        "clinic": in_words(day for day in shown_days if day in days.clinic),
        "logins": in_words(day for day in shown_days if day in days.logins),
        "ends_here": interval.last <= end,
        "ended": f"Monitoring ended on {day_words(ended)}." if ended else "",
    }


def _work(row: WorkRow, month: Month) -> Document:
    zone = month.patient.clinic.zone
    talk = ""
    if isinstance(row, LiveTalk):
        talk = (
            f"{row.get_channel_display()}, {row.began_at.astimezone(zone):%H:%M},"
            f" with {row.get_with_whom_display().lower()}"
        )
    return {
        "key": str(row.pk),
        "day": row.done_on.isoformat(),
        "day_words": day_words(row.done_on),
        "minutes": row.minutes,
        "assistant": row.assistant_minutes,
        "what": row.what,
        "talk": talk,
        "by": row.by.name_with_credentials,
        "remark": _remark(row, month),
        "counts": not why_left_out(work_of(row), month.facts),
    }


def _remark(row: WorkRow, month: Month) -> str:
    told = [why_left_out(work_of(row), month.facts)]
    old = row.replaces
    if old is not None:
        was = f"was {counted(old.minutes, 'minute')} on {day_words(old.done_on)}"
        how = "taken back" if not row.minutes else "put right"
        told.append(
            f"{how} by {_name(row.entered_by)}, {_at(row.entered_at, month)}: {row.why} ({was})"
        )
    return "; ".join(filter(None, told))


def _name(person: User) -> str:
    return person.name_with_credentials


def _at(moment: dt.datetime, month: Month) -> str:
    local = moment.astimezone(month.patient.clinic.zone)
    return f"{day_words(local.date())} {local:%H:%M}"
