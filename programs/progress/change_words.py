"""What has changed since the first answer, in one plain sentence. No cause, no promise."""

import datetime as dt
from dataclasses import replace

from django.utils.translation import gettext as _

from programs.measures.rules import Against
from programs.progress import series
from programs.progress.answered import Versions
from programs.timing.week import WEEK


def told(chart: series.Chart, known: Versions, start: dt.date) -> series.Chart:
    """A chart of one line with its band and its sentence; `start` is the plan's first day."""
    (line,) = chart.lines
    first, last = line.known[0], line.known[-1]
    assert first.value is not None
    assert last.value is not None
    least = _least(line.key, first.value, known)
    if least is not None:
        chart = series.with_band(chart, first.value - least, first.value + least)
    if first is last:
        return chart
    week = max(0, (first.date - start).days) // WEEK + 1
    sentence = _sentence(chart, first.value, last.value, least, week)
    return replace(chart, sentence=sentence)


def _least(key: str, start: float, known: Versions) -> float | None:
    """The smallest change of a score that counts, by the newest definition that has a rule."""
    code = key.split(".", maxsplit=1)[0]
    for (measure, _version), definition in sorted(known.items(), reverse=True):
        if measure == code:
            limits = [
                rule.least(start)
                for rule in definition.change
                if rule.against is Against.BEFORE and (not rule.keys or key in rule.keys)
            ]
            return min((limit for limit in limits if limit is not None), default=None)
    return None


def _sentence(chart: series.Chart, start: float, now: float, least: float | None, week: int) -> str:
    said = {
        "what": chart.lines[0].label,
        "amount": f"{abs(now - start):.1f}".rstrip("0").rstrip("."),
        "week": week,
        "start": f"{start:g}",
        "now": f"{now:g}",
    }
    if least is None:
        return _("%(what)s: %(start)s in week %(week)s, %(now)s now.") % said
    if abs(now - start) < least:
        return _("%(what)s: about the same as in week %(week)s.") % said
    if now < start:
        words = _("%(what)s: about %(amount)s points less than in week %(week)s.") % said
    else:
        words = _("%(what)s: about %(amount)s points more than in week %(week)s.") % said
    is_worse = chart.better is not None and (now > start) is (chart.better == "lower")
    advice = _("Talk about it with your therapist.")
    return f"{words} {advice}" if is_worse else words
