"""Tables that a page reads from end to end: by what PostgreSQL says of each of its statements."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

MANY = 1_000  # rows; below that reading all is the right thing


@dataclass(frozen=True, order=True)
class Scan:
    table: str
    rows: int  # that were read, the ones that were left out too
    sql: str


class Explained:
    """Around each statement: it is explained, in the transaction and for the login that asks."""

    def __init__(self) -> None:
        self.scans: set[Scan] = set()

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        # What our functions do, such as writing the record, is done once.
        if sql.startswith("SELECT") and "footing_" not in sql.partition(" FROM ")[0] and not many:
            with connection.connection.cursor() as asking:
                asking.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
                found = asking.fetchone()[0]
            plans = found if isinstance(found, list) else json.loads(found)
            self.scans |= {Scan(*one, sql) for one in _scanned(plans[0]["Plan"])}
        return execute(sql, params, many, context)


def _scanned(node: dict[str, Any]) -> Iterator[tuple[str, int]]:
    if node["Node Type"] == "Seq Scan":
        read = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        if read > MANY:
            yield node["Relation Name"], round(read)
    for inner in node.get("Plans", ()):
        yield from _scanned(inner)


def of(ask: Callable[[], object]) -> list[Scan]:
    explained = Explained()
    with connection.execute_wrapper(explained):
        ask()
    return sorted(explained.scans)
