"""Which programs fit a patient, by the explicit rules of brief 3.2; shown with their reasons.

A program that does not fit is never hidden: it is listed with what speaks against it.
"""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field

from patients.conditions import Condition
from patients.models import Episode
from patients.models.episode import (
    Cause,
    FallRisk,
    FootRisk,
    Irritability,
    Nerve,
    Sensation,
)
from programs.models import Program
from programs.safety.conditions import FIBULAR_NERVES

SOURCE = "Brief 3.2"


@dataclass(frozen=True)
class Criterion:
    """One thing to look at; `label` says what the program is for."""

    label: str
    holds: Callable[[Episode], bool]


@dataclass(frozen=True)
class Fit:
    """A program with each criterion and whether the episode meets it."""

    program: Program
    criteria: list[tuple[Criterion, bool]] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        return bool(self.criteria) and all(holds for _, holds in self.criteria)

    @property
    def against(self) -> list[str]:
        return [criterion.label for criterion, holds in self.criteria if not holds]

    @property
    def reason(self) -> str:
        """'tibial nerve, protective feeling intact → P4'."""
        met = ", ".join(criterion.label for criterion, holds in self.criteria if holds)
        return f"{met} → {self.program.code}"


_TIBIAL = {Nerve.TIBIAL, Nerve.PLANTAR}


def _nerves(label: str, wanted: Set[Nerve]) -> Criterion:
    return Criterion(label, lambda episode: bool(wanted & set(episode.nerves)))


def _no_red_flag(episode: Episode) -> bool:
    screen = episode.latest_screen
    return screen is not None and not screen.is_open


INTACT = Criterion("protective feeling intact", lambda one: one.sensation == Sensation.INTACT)
NOT_LOST = Criterion("protective feeling not lost", lambda one: one.sensation != Sensation.LOST)
LOST = Criterion("protective feeling lost", lambda one: one.sensation == Sensation.LOST)
CALM = Criterion("irritability low or moderate", lambda one: one.irritability != Irritability.HIGH)
IRRITABLE = Criterion("irritability high", lambda one: one.irritability == Irritability.HIGH)
CLEAR = Criterion("no red flag open", _no_red_flag)
MANY = Criterion(
    "polyneuropathy",
    lambda one: (
        Nerve.MANY in one.nerves
        or one.cause in (Cause.DIABETES, Cause.CHEMOTHERAPY, Cause.ALCOHOL, Cause.DEFICIENCY)
    ),
)
UNSTEADY = Criterion("fall risk moderate or high", lambda one: one.fall_risk != FallRisk.LOW)
NO_FOOT_DROP = Criterion(
    "no new or worsening foot drop", lambda one: Condition.FOOT_DROP not in one.all_conditions
)
FOOT_AT_RISK = Criterion(
    "foot risk low or moderate (IWGDF 1 or 2)",
    lambda one: one.foot_risk in (FootRisk.LOW, FootRisk.MODERATE),
)
SKIN_WHOLE = Criterion(
    "no open wound or active Charcot foot",
    lambda one: not {Condition.FOOT_WOUND, Condition.CHARCOT} & set(one.all_conditions),
)
TIBIAL = _nerves("tibial or plantar nerve", _TIBIAL)
FIBULAR = _nerves("fibular nerve", FIBULAR_NERVES)

# By the code of the starter program; what each is for is the first line of it in brief 3.2; of P7
# in the guideline (bus2024).
RULES: dict[str, list[Criterion]] = {
    "P1": [CALM, INTACT, CLEAR],
    "P2": [IRRITABLE, CLEAR],
    "P3": [MANY, LOST, CLEAR],
    "P4": [TIBIAL, CALM, NOT_LOST, CLEAR],
    "P5": [FIBULAR, NO_FOOT_DROP, CALM, NOT_LOST, CLEAR],
    "P6": [UNSTEADY, CLEAR],
    "P7": [FOOT_AT_RISK, SKIN_WHOLE, CLEAR],
}


def fits(programs: Iterable[Program], episode: Episode) -> list[Fit]:
    """Every program with its criteria: those that fit first, the most particular ones on top."""
    found = [_fit(program, episode) for program in programs]
    return sorted(found, key=lambda one: (not one.fits, -len(one.criteria) if one.fits else 0))


def _fit(program: Program, episode: Episode) -> Fit:
    rules = RULES.get(program.code, []) if program.clinic_id is None else []
    return Fit(program, [(criterion, criterion.holds(episode)) for criterion in rules])


def suggested(found: Sequence[Fit]) -> list[Fit]:
    return [fit for fit in found if fit.fits]
