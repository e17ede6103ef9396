"""What the progress pictures show: lines over time, with gaps where nothing was answered."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.course import plan_days
from programs.measures.definition import Definition, ShownTo
from programs.measures.scoring import Score
from programs.measures.spoken import said
from programs.progress.answered import Scored, Versions, newest
from programs.progress.logged import Logged
from programs.timing.week import WEEK

PAIN_CHANGE = 2  # points of 10 that matter (brief 4.1, farrar2001)
MOST_DRAWN = 200  # sessions, each as a point of its own
# Oldest first: the day, and pain before and after.
Pains = list[tuple[dt.date, tuple[int | None, int | None]]]


@dataclass(frozen=True)
class Frame:
    """How large a drawing is in its own units, and the room that its lines have in it."""

    width: int
    height: int
    left: int
    right: int  # of the lines' room, from the left
    top: int
    bottom: int  # of the lines' room, from above

    @property
    def room(self) -> int:
        return self.right - self.left


WIDE = Frame(600, 180, left=28, right=592, top=8, bottom=156)
# As wide as a phone's column, so that its words are as large as all others.
PHONE = Frame(340, 230, left=30, right=330, top=10, bottom=200)


@dataclass(frozen=True)
class Point:
    date: dt.date
    value: float | None
    x: float
    y: float | None


@dataclass(frozen=True)
class Line:
    """One value over time. `segments` are the unbroken stretches, ready for a polyline."""

    key: str
    label: str
    points: list[Point]

    @property
    def segments(self) -> list[str]:
        runs: list[list[str]] = [[]]
        for point in self.points:
            if point.y is None:
                runs.append([])
            else:
                runs[-1].append(f"{point.x:.1f},{point.y:.1f}")
        return [" ".join(run) for run in runs if len(run) > 1]

    @property
    def known(self) -> list[Point]:
        return [point for point in self.points if point.value is not None]

    @property
    def first_value(self) -> float:
        """Of a line that was answered at least once."""
        return self.known[0].value or 0.0


@dataclass(frozen=True)
class Range:
    """A stripe across the picture, from its upper edge down, in the drawing's units."""

    y: float
    height: float


@dataclass(frozen=True)
class Span:
    """A stretch of days, from `x` on, in the drawing's units."""

    x: float
    width: float
    label: str = ""


@dataclass(frozen=True)
class Background:
    """What the plan was meanwhile: its phases, new versions, and days with something held back."""

    phases: list[Span]
    versions: list[Span]
    held: list[Span]


@dataclass(frozen=True)
class Chart:
    """Lines on one scale, with the ticks and rows that the picture and its table need."""

    title: str
    maximum: float
    lines: list[Line]
    first: dt.date
    last: dt.date
    better: str | None = "lower"
    ticks: list[tuple[float, float]] = field(default_factory=list)
    band: "Range | None" = None
    sentence: str = ""
    code: str = ""  # of the measure
    frame: Frame = WIDE
    background: Background | None = None

    @property
    def is_empty(self) -> bool:
        return not any(line.known for line in self.lines)

    @property
    def table(self) -> list[tuple[dt.date, float, list[float | None]]]:
        """The rows, each with where it stands in the picture."""
        points = self.lines[0].points if self.lines else []
        return [
            (date, point.x, values) for (date, values), point in zip(self.rows, points, strict=True)
        ]

    @property
    def rows(self) -> list[tuple[dt.date, list[float | None]]]:
        """The same as a table: one row a day of answers."""
        if not self.lines:
            return []
        return [
            (point.date, [line.points[index].value for line in self.lines])
            for index, point in enumerate(self.lines[0].points)
        ]


@dataclass(frozen=True)
class _Scale:
    first: dt.date
    last: dt.date
    minimum: float
    maximum: float

    def x(self, date: dt.date) -> float:
        span = max((self.last - self.first).days, 1)
        return WIDE.left + (WIDE.right - WIDE.left) * (date - self.first).days / span

    def y(self, value: float | None) -> float | None:
        if value is None:
            return None
        share = (value - self.minimum) / (self.maximum - self.minimum)
        return WIDE.top + (WIDE.bottom - WIDE.top) * (1 - share)


def framed(chart: Chart, frame: Frame) -> Chart:
    """The same in another frame; without what the plan was meanwhile."""
    across = (frame.right - frame.left) / (chart.frame.right - chart.frame.left)
    down = (frame.bottom - frame.top) / (chart.frame.bottom - chart.frame.top)

    def x(value: float) -> float:
        return frame.left + (value - chart.frame.left) * across

    def y(value: float) -> float:
        return frame.top + (value - chart.frame.top) * down

    def moved(point: Point) -> Point:
        return replace(point, x=x(point.x), y=None if point.y is None else y(point.y))

    return replace(
        chart,
        frame=frame,
        lines=[replace(line, points=[moved(one) for one in line.points]) for line in chart.lines],
        ticks=[(value, y(at)) for value, at in chart.ticks],
        band=chart.band and Range(y(chart.band.y), chart.band.height * down),
        background=None,
    )


def with_band(chart: Chart, low: float, high: float) -> Chart:
    """The same with the values between which a change is too small to count."""
    bottom, top = chart.ticks[0], chart.ticks[-1]
    scale = _Scale(chart.first, chart.last, bottom[0], top[0])
    high_y, low_y = scale.y(min(high, top[0])), scale.y(max(low, bottom[0]))
    if high_y is None or low_y is None:
        return chart
    return replace(chart, band=Range(high_y, low_y - high_y))


def with_course(chart: Chart, days: Sequence[plan_days.Day]) -> Chart:
    """The same over what the plan was; `days` are those of the episode, oldest first."""
    if chart.is_empty:
        return chart
    scale = _Scale(chart.first, chart.last, 0, 1)
    shown = [day for day in days if chart.first <= day.date <= chart.last]
    numbers = [day.version for day in shown]
    versions = [
        Span(scale.x(day.date), 0, f"v{day.version}")
        for before, day in zip(numbers, shown[1:], strict=False)
        if day.version != before
    ]
    phases = [
        Span(scale.x(first), scale.x(last) - scale.x(first), _("phase %(n)s") % {"n": phase})
        for phase, first, last in _runs(shown, lambda day: day.phase)
        if phase is not None
    ]
    held = [
        Span(scale.x(first), max(scale.x(last) - scale.x(first), 3))
        for is_held, first, last in _runs(shown, lambda day: day.is_held)
        if is_held
    ]
    return replace(chart, background=Background(phases, versions, held))


def _runs(
    days: Sequence[plan_days.Day], what: Callable[[plan_days.Day], Any]
) -> Iterable[tuple[Any, dt.date, dt.date]]:
    """What stays the same from day to day, with its first day and the one after its last."""
    for value, group in groupby(days, what):
        run = list(group)
        yield value, run[0].date, min(run[-1].date + dt.timedelta(1), days[-1].date)


def _chart(
    title: str,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[tuple[dt.date, Sequence[float | None]]],
    *,
    maximum: float,
    minimum: float = 0,
    better: str | None = "lower",
) -> Chart:
    """A chart of `columns` (key, label) over dated `rows`, oldest first."""
    first, last = (rows[0][0], rows[-1][0]) if rows else (dt.date.min, dt.date.min)
    scale = _Scale(first, last, minimum, maximum)
    lines = [
        Line(
            key,
            label,
            [
                Point(date, values[index], scale.x(date), scale.y(values[index]))
                for date, values in rows
            ],
        )
        for index, (key, label) in enumerate(columns)
    ]
    ticks = [(value, scale.y(value) or 0.0) for value in _marks(minimum, maximum)]
    return Chart(title, maximum, lines, first, last, better, ticks)


def _marks(minimum: float, maximum: float) -> tuple[float, float, float]:
    """Where the lines across stand: both ends and the middle."""
    return minimum, (minimum + maximum) / 2, maximum


def pain_chart(logged: Logged) -> Chart:
    """Pain 0 to 10, before and after each session, with a stripe around the patient's own baseline:
    inside it a change counts little. Of very many sessions the worst of each week, without the
    stripe: a baseline is made of single sessions.
    """
    rows: Pains = [(one.done_on, (one.pain_before, one.pain_after)) for one in logged.lines]
    title, base = _("Pain before and after each session"), logged.baseline
    if len(rows) > MOST_DRAWN:
        rows, base = worst_of_weeks(rows), None
        title = _("Pain before and after sessions: the worst of each week")
    columns = [("before", _("Before")), ("after", _("After"))]
    chart = _chart(title, columns, rows, maximum=10)
    chart = replace(chart, sentence=_then_and_now(logged.then_and_now))
    if base is None or chart.is_empty:
        return chart
    return with_band(chart, base - PAIN_CHANGE, base + PAIN_CHANGE)


def worst_of_weeks(rows_oldest_first: Pains) -> Pains:
    """Weeks are counted back from the last day; each is drawn on the last of its days with a
    session.
    """
    last = rows_oldest_first[-1][0]
    found: Pains = []
    for _week, group in groupby(rows_oldest_first, lambda row: (last - row[0]).days // WEEK):
        days, pains = zip(*group, strict=True)
        before, after = (
            max((one for one in each if one is not None), default=None)
            for each in zip(*pains, strict=True)
        )
        found.append((days[-1], (before, after)))
    return found


def _then_and_now(told: tuple[int, int] | None) -> str:
    """The first and the last answer before a session, as they were given."""
    if told is None:
        return ""
    start, now = told
    words = {"start": start, "now": now}
    return _("Your pain before a session was %(start)s at first and %(now)s last time.") % words


_TITLES = {
    "M2": gettext_lazy("What the feet felt"),
    "M3": gettext_lazy("Four-symptom foot score"),
    "M4": gettext_lazy("My activities"),
}


def check_in_charts(
    scored_oldest_first: Sequence[Scored], known: Versions, *, reader: ShownTo
) -> list[Chart]:
    """One chart a measure that has a score and may be read as a change, by its code."""
    may = {ShownTo.PATIENT, reader}
    codes = {
        code
        for check_in, _ in scored_oldest_first
        for code, version in check_in.versions.items()
        if known[code, version].change_for in may
    }
    charts = [
        _measure_chart(code, scored_oldest_first, known, reader)
        for code in sorted(codes, key=lambda code: (code[0], int(code[1:])))
    ]
    return [chart for chart in charts if not chart.is_empty]


def lines_of(chart: Chart) -> list[Chart]:
    """One chart a score that was answered, for those who look at one thing at a time."""
    return [
        replace(chart, title=line.label if len(chart.lines) > 1 else chart.title, lines=[line])
        for line in chart.lines
        if line.known
    ]


def _title(definition: Definition | None, lines: Sequence[Score], reader: ShownTo) -> str:
    """Of one line its own; of several, such as both legs, the measure's."""
    if definition is None or len(lines) == 1:
        return said(lines[0].label)
    is_patient = reader is ShownTo.PATIENT
    return said(definition.patient_title if is_patient else definition.title)


def _measure_chart(
    code: str, scored_oldest_first: Sequence[Scored], versions: Versions, reader: ShownTo
) -> Chart:
    rows = [
        (
            check_in.answered_on,
            {score.key: score for score in scores if score.key.split(".")[0] == code},
        )
        for check_in, scores in scored_oldest_first
        if code in check_in.versions
    ]
    lines = {key: score for _, by_key in rows for key, score in by_key.items()}
    one = next(iter(lines.values()))
    definition = newest(code, versions)
    if definition is not None and definition.names_activities and len(lines) > 1:
        del lines[code]
    values = [
        (date, [by_key[key].value if key in by_key else None for key in lines])
        for date, by_key in rows
    ]
    known = [value for _, row in values for value in row if value is not None]
    chart = _chart(
        str(_TITLES.get(code) or _title(definition, list(lines.values()), reader)),
        [(key, said(score.label)) for key, score in lines.items()],
        values,
        minimum=min(one.minimum or 0, *known, 0),
        # An open scale ends at the next ten above what was reached.
        maximum=one.maximum or 10 * (max(known, default=0) // 10 + 1),
        better=one.better,
    )
    return replace(chart, code=code)
