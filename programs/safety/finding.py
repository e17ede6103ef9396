"""What a gate says, and what it judges."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from programs.motion.nature import Nature

# What the rules rest on, by key and as pages cite it; a test holds it against the sources.
CITED = {"bachmann2018": "Bachmann et al 2018", "boyd2010": "Boyd et al 2010"}


class Level(StrEnum):
    BLOCKED = "blocked"
    REASON = "reason"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing a gate has to say, with where the rule comes from: a section of the brief and
    keys of sources, or words.
    """

    level: Level
    message: str
    source: str

    @property
    def cited(self) -> str:
        """The source for people: no sections of the brief, no keys, no codes of rules."""
        if not self.source.startswith("Brief"):
            return self.source
        return "; ".join(words for key, words in CITED.items() if key in self.source)


class Judged(Protocol):
    """An exercise as it is prescribed: of the library, or frozen in a plan."""

    @property
    def code(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def nerve(self) -> str: ...

    @property
    def equipment(self) -> str: ...

    @property
    def nature(self) -> Nature: ...

    @property
    def is_standing(self) -> bool: ...

    @property
    def is_tension(self) -> bool: ...

    @property
    def asks_helper(self) -> bool: ...
