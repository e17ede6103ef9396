"""Which measures a therapist should take again, and since when (brief 4.6)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from accounts.compiled import compiled
from accounts.models import Clinic
from accounts.permissions import Role
from patients.models import Episode, Patient, RedFlagScreen
from programs.measures.definition import Definition, HowOften
from programs.measures.scoring import scores
from programs.models import CheckIn, Measure, Restriction
from programs.models.measure import Versions
from programs.progress.readers import Reader, seen_by
from programs.safety import measuring

Row = TypeVar("Row", CheckIn, Restriction)

# 'Every 2 to 4 weeks': it may be taken after 2, and is due after 4. 'Quarterly': 13 weeks.
EVERY_DAYS = {HowOften.EVERY_2_TO_4_WEEKS: 28, HowOften.START_AND_QUARTERLY: 91}
# 'M9/M10': the filament and the touch of the toes ask the same; either is enough.
EITHER = [{"M9", "M10"}]


@dataclass(frozen=True)
class Due:
    """`since` is the first day on which it is due, also one to come; `last` is None where it was
    never taken. `waits` says why nobody should take it now, or ''.
    """

    codes: tuple[str, ...]  # any of them will do
    titles: tuple[str, ...]
    since: dt.date
    last: dt.date | None
    is_due: bool
    waits: str = ""

    @property
    def title(self) -> str:
        return " or ".join(self.titles)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(zip(self.codes, self.titles, strict=True))


def planned(
    definitions: Iterable[Definition],
    taken: Mapping[str, dt.date],
    *,
    opened_on: dt.date,
    today: dt.date,
) -> list[Due]:
    """All of the schedule, the longest due first. `taken`: when each was last, by its code."""
    found = []
    for group in _groups(one for one in definitions if one.how_often in EVERY_DAYS):
        last = max((taken[one.code] for one in group if one.code in taken), default=None)
        since = opened_on
        if last is not None:
            since = max(since, last + dt.timedelta(days=EVERY_DAYS[group[0].how_often]))
        codes, titles = zip(*((one.code, one.title) for one in group), strict=True)
        found.append(Due(codes, titles, since, last, since <= today))
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


def last_taken(check_ins_oldest_first: Sequence[CheckIn], known: Versions) -> dict[str, dt.date]:
    """By code, of the `known` measures. One that was taken without a score was not taken.

    Nothing is scored that is older than the newest score of its measure.
    """
    found: dict[str, dt.date] = {}
    for check_in in reversed(check_ins_oldest_first):
        for code, version in check_in.versions.items():
            if code in found or (code, version) not in known:
                continue
            scored = scores(known[code, version], check_in.measures[code])
            if any(score.value is not None for score in scored):
                found[code] = check_in.answered_on
    return found


def of_episode(
    episode: Episode | None, patient: Patient, held: Iterable[Restriction] = ()
) -> list[Due]:
    """None without an open episode. What was taken in an earlier one counts. Two queries.

    `held` are the restrictions in force.
    """
    if episode is None or episode.closed_at is not None:
        return []
    known, definitions = _asked()
    taken = list(_taken_by(patient.pk, [one.code for one in definitions]))
    found = planned(
        definitions,
        last_taken(taken, known),
        opened_on=patient.clinic.local_date(episode.opened_at),
        today=patient.clinic.today(),
    )
    return _with_waits(found, definitions, episode, episode.latest_screen, list(held))


def of_patients(reader: Reader, clinic: Clinic) -> list[tuple[UUID, list[Due]]]:
    """What is due now and may be taken, of each open episode, by the patient's key; five queries,
    whatever the number.
    """
    episodes = list(_open_episodes(*reader))
    if not episodes:
        return []
    known, definitions = _asked()
    opened = {one.patient_id: clinic.local_date(one.opened_at) for one in episodes}
    taken = _by_patient(_taken_in_these(*reader, [one.code for one in definitions]))
    held = _by_patient(_held(*reader, clinic.today()))
    screens = {one.episode_id: one for one in _newest_screens(*reader)}
    found = []
    for episode in episodes:
        key = episode.patient_id
        last = last_taken(taken[key], known)
        lines = planned(definitions, last, opened_on=opened[key], today=clinic.today())
        lines = [line for line in lines if line.is_due]
        lines = _with_waits(lines, definitions, episode, screens.get(episode.pk), held[key])
        if now := [line for line in lines if not line.waits]:
            found.append((key, now))
    return found


@compiled
def _open_episodes(reader: int | None, role: Role, clinic: UUID | None) -> QuerySet[Episode]:
    seen = seen_by(reader, role, clinic)
    episodes = Episode.objects.filter(patient__in=seen, closed_at=None)
    return episodes.only("patient_id", "clinic_id", "opened_at", "conditions")


@compiled
def _newest_screens(reader: int | None, role: Role, clinic: UUID | None) -> QuerySet[RedFlagScreen]:
    seen = seen_by(reader, role, clinic)
    screens = RedFlagScreen.objects.filter(patient__in=seen, episode__closed_at=None)
    return screens.order_by("episode_id", "-screened_at").distinct("episode_id")


@compiled
def _held(
    reader: int | None, role: Role, clinic: UUID | None, today: dt.date
) -> QuerySet[Restriction]:
    held = Restriction.objects.filter(patient__in=seen_by(reader, role, clinic))
    in_force: QuerySet[Restriction] = held.in_force(today)
    return in_force


@compiled
def _taken_in_these(
    reader: int | None, role: Role, clinic: UUID | None, codes: list[str]
) -> QuerySet[CheckIn]:
    """What was taken so long before an episode says nothing of when it is due in it. A day more:
    the clinic's day of a moment may be the next one.
    """
    long_before = dt.timedelta(days=max(EVERY_DAYS.values()) + 1)
    begun = Episode.objects.filter(
        patient=OuterRef("patient"),
        closed_at=None,
        opened_at__lte=OuterRef("answered_at") + long_before,
    )
    seen = seen_by(reader, role, clinic)
    return _taken(codes).filter(Exists(begun), patient__in=seen)


def _asked() -> tuple[Versions, list[Definition]]:
    """All versions of the measures that come again, and the newest of each."""
    known = {(row.code, row.version): row.parsed for row in _that_come_again()}
    newest = {code: one for (code, _), one in known.items()}
    return known, sorted(newest.values(), key=lambda one: int(one.code[1:]))


@compiled
def _that_come_again() -> QuerySet[Measure]:
    asked = Measure.objects.filter(definition__how_often__in=EVERY_DAYS)
    return Measure.objects.filter(code__in=asked.values("code")).order_by("version")


def _taken(codes: list[str]) -> QuerySet[CheckIn]:
    current: QuerySet[CheckIn] = CheckIn.objects.current()
    return current.filter(versions__has_any_keys=codes).order_by("answered_at")


@compiled
def _taken_by(patient: UUID, codes: list[str]) -> QuerySet[CheckIn]:
    return _taken(codes).filter(patient=patient)


def _by_patient(rows: Iterable[Row]) -> defaultdict[UUID, list[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.patient_id].append(row)
    return found


def _with_waits(
    found: Iterable[Due],
    definitions: Iterable[Definition],
    episode: Episode,
    screen: RedFlagScreen | None,
    held: Sequence[Restriction],
) -> list[Due]:
    """What stands in the way of one test on the feet stands in the way of all."""
    standing = [one for one in definitions if one.is_standing]
    words = measuring.waits(standing[0], episode, screen, held) if standing else ""
    codes = {one.code for one in standing} if words else set()
    return [replace(one, waits=words) if one.codes[0] in codes else one for one in found]
