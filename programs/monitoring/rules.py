"""What each code counts, as data with its date of effect.

Numbers of codes and our own words: their official descriptions belong to the AMA and are not here.
Codes for breathing and for cognitive behavior are not ours. No amounts: they vary by carrier.
"""

import datetime as dt
from dataclasses import dataclass

INTERVAL_DAYS = 30


@dataclass(frozen=True)
class Band:
    """One code: the least and, where another begins above it, the most days or minutes."""

    code: str
    what: str
    least: int
    most: int | None = None

    def holds(self, count: int) -> bool:
        return self.least <= count and (self.most is None or count <= self.most)

    @property
    def limits(self) -> str:
        """'2 to 15', '20 or more'."""
        return f"{self.least} or more" if self.most is None else f"{self.least} to {self.most}"


@dataclass(frozen=True)
class Rules:
    """One year's. `device` counts days with data in 30, `management` minutes in a calendar month:
    of each at the most one code, the lowest first. `further` is on top of the highest management
    code, once for each of its minutes in full.
    """

    version: str
    since: dt.date
    known_until: dt.date
    set_up: Band
    device: tuple[Band, ...]
    management: tuple[Band, ...]
    further: Band
    source: str

    @property
    def codes(self) -> list[str]:
        bands = (self.set_up, *self.device, *self.management, self.further)
        return [band.code for band in bands]


_SET_UP = "set-up and teaching, once an episode of care"
_DEVICE = "device supply, musculoskeletal"
RULES = (
    # 98975 only after 16 days: the APTA's advisory of 2023, as Medbridge reports it.
    Rules(
        version="2025",
        since=dt.date(2025, 1, 1),
        known_until=dt.date(2025, 12, 31),
        set_up=Band("98975", _SET_UP, 16),
        device=(Band("98977", _DEVICE, 16, 30),),
        management=(Band("98980", "management, the first 20 minutes", 20),),
        further=Band("98981", "management, each further 20 minutes", 20),
        source="The APTA's advisory of 2023 and CMS's rule for 2024, as vendors quote them",
    ),
    # CMS-1832-F, 90 FR 49266 (5 Nov 2025, corrected 12 Mar 2026), and CR 14250.
    Rules(
        version="2026",
        since=dt.date(2026, 1, 1),
        known_until=dt.date(2026, 12, 31),
        set_up=Band("98975", _SET_UP, 2),
        device=(Band("98985", f"{_DEVICE}, low band", 2, 15),
                Band("98977", f"{_DEVICE}, high band", 16, 30)),
        management=(Band("98979", "management, the first 10 minutes", 10, 19),
                    Band("98980", "management, the first 20 minutes", 20)),
        further=Band("98981", "management, each further 20 minutes", 20),
        source="CMS-1832-F (90 FR 49266, 5 Nov 2025) and CR 14250, as vendors quote them",
    ),
)  # fmt: skip


def rules_on(day: dt.date) -> Rules:
    """Those in force, the newest known for days after. Raises ValueError for days before any."""
    for rules in reversed(RULES):
        if rules.since <= day:
            return rules
    raise ValueError(f"No rules are known for {day}.")
