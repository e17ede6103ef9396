"""What a gate says, and what it judges."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from programs.motion.nature import Nature


class Level(StrEnum):
    BLOCKED = "blocked"
    REASON = "reason"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing a gate has to say, with where the rule comes from."""

    level: Level
    message: str
    source: str


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
