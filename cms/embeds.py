"""What pages may embed from the library above, which registers itself here.

The library gives only what everybody may read: cms asks for nothing by a reader's rights.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ProgramSummary:
    """A program as readers see it: no dosage, no gate, nothing of a patient."""

    title: str
    summary: str
    weeks: int
    phases: list[tuple[str, str, list[str]]] = field(default_factory=list)  # title, goal, exercises


@dataclass
class _Library:
    choices: Callable[[], list[tuple[str, str]]] | None = None
    find: Callable[[str], ProgramSummary | None] | None = None


_library = _Library()


def register_programs(
    *,
    choices: Callable[[], list[tuple[str, str]]],
    find: Callable[[str], ProgramSummary | None],
) -> None:
    """Called once when the applications are ready. `find` gives None for what is not public."""
    _library.choices, _library.find = choices, find


def program_choices() -> list[tuple[str, str]]:
    """Code and title of each program that may be embedded."""
    return _library.choices() if _library.choices else []


def program(code: str) -> ProgramSummary | None:
    return _library.find(code) if _library.find and code else None
