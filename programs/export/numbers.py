"""Numbers without names as files: what a page shows, and rows for a registry."""

import random
from collections.abc import Iterable, Sequence
from typing import Any

from accounts.models import User
from cms.admin.spreadsheets import spreadsheet
from programs.outcomes import ended, registry
from programs.outcomes.periods import Period
from programs.outcomes.tables import Table

SAYS_NO_MORE = (
    "De-identified by removing what 45 CFR 164.514(b)(2) lists. Somebody may still be made out by "
    "who knows them: whether it is given away is decided by the clinic's privacy officer."
)


def of_tables(tables: Iterable[Table]) -> str:
    """Cell by cell what the page shows."""
    rows: list[Sequence[Any]] = []
    for table in tables:
        rows += [(table.title,), (table.first, "Period", *table.columns)]
        heading = ""
        for row in table.rows:
            heading = row.heading or heading
            rows.append((heading, row.period, *row.cells))
        rows += [*((note,) for note in table.notes), ()]
    return spreadsheet(rows)


def for_registry(user: User, year: Period) -> tuple[str, registry.File]:
    """The rows, below lines that say what they are. Raises registry.TooFewError."""
    chance = random.SystemRandom()
    made = registry.file_of(ended.load(user, year), year, chance)
    top = (
        SAYS_NO_MORE,
        f"Courses of care that ended in {year.words}: {len(made.rows)} rows. {made.coarser} are "
        f"told with a coarser age, without cause or without sex, and {made.left_out} are left "
        f"out, as fewer than {registry.ALIKE} people were like them.",
    )
    rows = [*((f"# {line}",) for line in top), made.headings, *made.cells(chance)]
    return spreadsheet(rows), made
