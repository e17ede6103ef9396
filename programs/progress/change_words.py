"""What has changed since the first answer, in one plain sentence. No cause, no promise.

Only of what may be read as a change (`Definition.change_for`), in the measure's own unit.
"""

import datetime as dt
from dataclasses import replace

from django.utils.translation import gettext as _

from programs.measures.definition import ShownTo
from programs.measures.reading import deciding, matters
from programs.measures.rules import Change
from programs.measures.spoken import said
from programs.progress import answered, series
from programs.progress.answered import Versions
from programs.timing.week import WEEK


def banded(chart: series.Chart, known: Versions) -> series.Chart:
    """A chart of one line with the stripe in which a change is too small to count."""
    if len(chart.lines) != 1:
        return chart
    [line] = chart.lines
    first = line.known[0]
    definition = answered.newest(line.key, known)
    if definition is None or definition.change_for is ShownTo.NOBODY or first.value is None:
        return chart
    limits = _limits(deciding(definition, line.key, first.value), first.value)
    if not limits:
        return chart
    return series.with_band(chart, first.value - min(limits), first.value + min(limits))


def told(chart: series.Chart, known: Versions, start: dt.date) -> series.Chart:
    """A chart of one line with its band and its sentence; `start` is the plan's first day."""
    (line,) = chart.lines
    first, last = line.known[0], line.known[-1]
    assert first.value is not None
    assert last.value is not None
    definition = answered.newest(line.key, known)
    if definition is None or definition.change_for is ShownTo.NOBODY:
        return chart
    chart = banded(chart, known)
    if first is last:
        return chart
    week = max(0, (first.date - start).days) // WEEK + 1
    if not deciding(definition, line.key, first.value):
        told = {"what": line.label, "start": f"{first.value:g}", "now": f"{last.value:g}"}
        words = _("%(what)s: %(start)s in week %(week)s, %(now)s now.") % (told | {"week": week})
        return replace(chart, sentence=words)
    is_change = matters(definition, line.key, first.value, last.value, chart.better)
    units = definition.units if is_change else None
    return replace(chart, sentence=_sentence(chart, first.value, last.value, units, week))


def _limits(rules: list[Change], first: float) -> list[float]:
    """By how much a value has to differ from the first one to count."""
    return [least for rule in rules if (least := rule.least(first)) is not None]


def _sentence(
    chart: series.Chart, start: float, now: float, units: tuple[str, str] | None, week: int
) -> str:
    """`units` is None for a change that is too small to count."""
    told = {"what": chart.lines[0].label, "week": week}
    if units is None:
        return _("%(what)s: about the same as in week %(week)s.") % told
    amount = f"{abs(now - start):.1f}".removesuffix(".0")
    told |= {"amount": f"{amount} {said(units[0] if amount == '1' else units[1])}"}
    if now < start:
        words = _("%(what)s: about %(amount)s less than in week %(week)s.") % told
    else:
        words = _("%(what)s: about %(amount)s more than in week %(week)s.") % told
    is_worse = chart.better is not None and (now > start) is (chart.better == "lower")
    advice = _("Talk about it with your therapist.")
    return f"{words} {advice}" if is_worse else words
