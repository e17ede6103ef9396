"""Which measures a therapist should take again, and since when (brief 4.6)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from patients.models import Episode, Patient
from programs.measures.definition import Definition, HowOften
from programs.models import CheckIn, Measure
from programs.progress import answered
from programs.progress.answered import Scored

# 'Every 2 to 4 weeks': it may be taken after 2, and is due after 4. 'Quarterly': 13 weeks.
EVERY_DAYS = {HowOften.EVERY_2_TO_4_WEEKS: 28, HowOften.START_AND_QUARTERLY: 91}
# 'M9/M10': the filament and the touch of the toes ask the same; either is enough.
EITHER = [{"M9", "M10"}]


@dataclass(frozen=True)
class Due:
    """`since` is the first day on which it was due; `last` is None where it was never taken."""

    codes: tuple[str, ...]  # any of them will do
    title: str
    since: dt.date
    last: dt.date | None


def due(
    definitions: Iterable[Definition],
    scored_oldest_first: Sequence[Scored],
    *,
    opened_on: dt.date,
    today: dt.date,
) -> list[Due]:
    """The longest due first. One that was taken without a score is still due."""
    taken = {
        score.key.split(".")[0]: check_in.answered_on
        for check_in, scores in scored_oldest_first
        for score in scores
        if score.value is not None
    }
    found = []
    for group in _groups(one for one in definitions if one.how_often in EVERY_DAYS):
        last = max((taken[one.code] for one in group if one.code in taken), default=None)
        since = opened_on
        if last is not None:
            since = max(since, last + dt.timedelta(days=EVERY_DAYS[group[0].how_often]))
        if since <= today:
            title = " or ".join(one.title for one in group)
            found.append(Due(tuple(one.code for one in group), title, since, last))
    return sorted(found, key=lambda one: one.since)


def _groups(definitions: Iterable[Definition]) -> list[list[Definition]]:
    """In their order; those of which either is enough together."""
    groups: list[list[Definition]] = []
    for one in definitions:
        either = next((codes for codes in EITHER if one.code in codes), {one.code})
        known = next((group for group in groups if group[0].code in either), None)
        if known is None:
            groups.append([one])
        else:
            known.append(one)
    return groups


def of_episode(episode: Episode | None, patient: Patient) -> list[Due]:
    """None without an open episode. What was taken in an earlier one counts. Three queries."""
    if episode is None or episode.closed_at is not None:
        return []
    asked = Measure.objects.filter(definition__how_often__in=EVERY_DAYS)
    definitions = [row.parsed for row in asked.newest()]
    codes = [one.code for one in definitions]
    taken = (
        CheckIn.objects.current()
        .filter(patient=patient, versions__has_any_keys=codes)
        .order_by("answered_at")
    )
    return due(
        definitions,
        answered.scored(list(taken)),
        opened_on=patient.clinic.local_date(episode.opened_at),
        today=patient.clinic.today(),
    )
