"""How an event is sealed: its digest covers itself and the digest before it.

The database computes it as a transaction commits (`accounts_audit_seal`); here it is computed again
with nothing of the database's but the rows, by `manage.py verify_audit`.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from accounts.models.audit import Action, AuditLink

# What of an event is sealed, as text. Never changed: chains that exist were sealed by it.
SEALED = """jsonb_build_array(
    {row}.id, {row}.at AT TIME ZONE 'UTC', {row}.clinic_id, {row}.patient_id, {row}.named,
    {row}.actor_id, {row}.actor_name, {row}.actor_role, {row}.action, {row}.subject_id, {row}.detail
)::text"""
_LINKS = f"""
    SELECT link.event, link.number, link.digest, event.id, {SEALED.format(row="event")}
    FROM accounts_auditlink link LEFT JOIN accounts_auditevent event
        ON event.id = link.event AND event.clinic_id = link.chain
    WHERE link.chain = %s ORDER BY link.number
"""  # noqa: S608
_UNSEALED = """
    SELECT event.id FROM accounts_auditevent event
    WHERE NOT EXISTS (SELECT FROM accounts_auditlink link WHERE link.event = event.id) LIMIT 1
"""
_FORGOTTEN = """
    SELECT (detail ->> 'through')::bigint, detail ->> 'digest',
        (detail ->> 'at')::timestamptz <= at - interval '6 years'
    FROM accounts_auditevent WHERE clinic_id = %s AND action = %s
"""
ROWS_AT_ONCE = 2000
_IN_LINE = re.compile(r"audit anchor (\S+) (\d+) ([0-9a-f]+)")


@dataclass(frozen=True)
class Anchor:
    """The end of a chain at some moment, as the log keeps it outside the database."""

    chain: UUID
    number: int
    digest: str

    def __str__(self) -> str:
        return f"audit anchor {self.chain} {self.number} {self.digest}"

    @classmethod
    def in_line(cls, line: str) -> "Anchor | None":
        """The last anchor that a line of a log holds, of text or JSON, if it holds one. Raises
        ValueError where something only looks like one.
        """
        found = _IN_LINE.findall(line)
        if not found:
            return None
        chain, number, digest = found[-1]
        return cls(UUID(chain), int(number), digest)


def anchors() -> list[Anchor]:
    """Where each chain ends now."""
    ends = AuditLink.objects.order_by("chain", "-number").distinct("chain")
    return [Anchor(end.chain, end.number, bytes(end.digest).hex()) for end in ends]


def forget(years: int) -> None:
    """Remove what is older. The database refuses less than six years, and says in each chain what
    went.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT footing_forget_audit(%s)", [years])


def broken(kept: Iterable[Anchor] = ()) -> Iterator[str]:
    """What is wrong with the trail, a sentence for the first broken link of each chain.

    `kept` are anchors of before: by them a chain is found out, too, whose end was cut off or which
    was sealed anew from some event on. Run as the owner, who sees all.
    """
    wanted: dict[UUID, dict[int, str]] = {}
    for anchor in kept:
        wanted.setdefault(anchor.chain, {})[anchor.number] = anchor.digest
    chains = set(AuditLink.objects.values_list("chain", flat=True).distinct())
    for chain in sorted(chains | wanted.keys()):
        if fault := _fault(chain, wanted.get(chain, {})):
            yield f"Chain {chain}: {fault}"
    with connection.cursor() as cursor:
        cursor.execute(_UNSEALED)
        if found := cursor.fetchone():
            yield f"Event {found[0]} is in no chain."


def _fault(chain: UUID, wanted: dict[int, str]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_FORGOTTEN, [chain, Action.AUDIT_FORGOTTEN])
        forgotten = {number: (digest, is_old) for number, digest, is_old in cursor.fetchall()}
    expected, before, first = 1, b"", True
    with connection.chunked_cursor() as rows:
        rows.execute(_LINKS, [chain])
        while found := rows.fetchmany(ROWS_AT_ONCE):
            for event, number, digest, kept, text in found:
                if first and number - 1 in forgotten:
                    digest_before, is_old = forgotten[number - 1]
                    if not is_old:
                        return f"links up to {number - 1} were removed before their time."
                    expected, before = number, bytes.fromhex(digest_before)
                first = False
                if number != expected:
                    return f"link {expected} is missing."
                if kept is None:
                    return f"link {number}: its event {event} is missing."
                if hashlib.sha256(before + text.encode()).digest() != bytes(digest):
                    return f"link {number}: event {event} is not as it was sealed."
                if wanted.pop(number, bytes(digest).hex()) != bytes(digest).hex():
                    return f"link {number} is not the one that was anchored."
                expected, before = number + 1, bytes(digest)
    late = [number for number in wanted if number >= expected]
    return f"it ended at link {max(late)} once, and now at {expected - 1}." if late else ""
