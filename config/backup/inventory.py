"""What a database holds, counted: taken down with a backup and compared after a restore."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from psycopg import sql

# Of no use elsewhere: logins that are open, and what is only kept for speed or against haste.
LEFT_OUT = ["django_session", "usersessions_usersession", "footing_cache"]

TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1
"""
NOT_OWN = """
    SELECT count(*) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND NOT pg_has_role(relowner, 'USAGE')
"""
SEQUENCES = """
    SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'
"""
# Names and what they are for. Their texts are not compared: servers word them differently.
OBJECTS = """
    SELECT 'trigger ' || tgname || ' of ' || tgrelid::regclass FROM pg_trigger
    WHERE NOT tgisinternal
    UNION SELECT 'policy ' || policyname || ' of ' || tablename || ' for ' || cmd || ' to ' ||
        array_to_string(roles, ', ') FROM pg_policies
    UNION SELECT 'wall of ' || relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity
    UNION SELECT 'function ' || oid::regprocedure || ' for ' || coalesce(proacl::text, 'all')
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    UNION SELECT 'constraint ' || conname || ' of ' || conrelid::regclass FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND convalidated
        AND contype <> 'n'
    UNION SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public'
    UNION SELECT 'extension ' || extname FROM pg_extension
"""


class NotWholeError(Exception):
    """This role does not see all of the database."""


@dataclass(frozen=True)
class Inventory:
    """Rows of each table, how far each sequence is, and everything that guards the rows."""

    rows: dict[str, int]
    sequences: dict[str, int]
    objects: list[str]

    @classmethod
    def taken(cls) -> "Inventory":
        """Of the database as this transaction sees it. Raises NotWholeError."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('footing.whole', true) = 'on'")
            [(says_whole,)] = cursor.fetchall()
            cursor.execute(NOT_OWN)
            [(not_own,)] = cursor.fetchall()
            if not_own or not says_whole:
                raise NotWholeError("Run this as footing_owner: other roles don't see all rows.")
            cursor.execute(TABLES)
            tables = [name for (name,) in cursor.fetchall() if name not in LEFT_OUT]
            rows = {}
            for name in tables:
                cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
                [(rows[name],)] = cursor.fetchall()
            cursor.execute(SEQUENCES)
            sequences = dict(cursor.fetchall())
            cursor.execute(OBJECTS)
            objects = sorted(name for (name,) in cursor.fetchall())
        return cls(rows, sequences, objects)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def differences(self, restored: "Inventory") -> list[str]:
        """What a restored database has otherwise, a sentence each. A sequence may be further on:
        numbers are taken while a backup is made.
        """
        found = [
            f"{name} has {restored.rows.get(name, 'no table')} rows instead of {count}."
            for name, count in self.rows.items()
            if restored.rows.get(name) != count
        ]
        found += [
            f"The sequence {name} is at {restored.sequences.get(name)}, before {last}."
            for name, last in self.sequences.items()
            if restored.sequences.get(name, -1) < last
        ]
        there, meant = set(restored.objects), set(self.objects)
        found += [f"Missing: {name}." for name in sorted(meant - there)]
        found += [f"Not in the backup: {name}." for name in sorted(there - meant)]
        return found


def is_empty() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return not cursor.fetchall()
