"""What the roles of web and worker may do in the database: rows only, and those within the wall."""

from typing import Any

from django.db import connections, transaction
from psycopg import sql

from config.setup.postgres import WEB, WORKER

ROWS = "SELECT, INSERT, UPDATE, DELETE"
# Some tables are not theirs to change.
NARROWER = {
    "django_migrations": "INSERT, UPDATE, DELETE",
    "accounts_auditevent": "INSERT, UPDATE, DELETE",
    "accounts_auditlink": "INSERT, UPDATE, DELETE",
    "patients_sealedrecord": "UPDATE",
}
# Functions that not everybody may call.
OF_ONE = {WORKER: ["footing_forget_audit(integer)"]}


def grant_rights(using: str, **kwargs: Any) -> None:
    """After each migration, by the owner. Nothing on a server that has one role for all."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND rolname <> current_user",
            [[WEB, WORKER]],
        )
        for (name,) in cursor.fetchall():
            role = sql.Identifier(name)
            for statement in (
                f"GRANT {ROWS} ON ALL TABLES IN SCHEMA public TO {{}}",
                "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
                # Of tables that are made later, such as the cache's.
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {ROWS} ON TABLES TO {{}}",
                "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
                *(f"GRANT EXECUTE ON FUNCTION {one} TO {{}}" for one in OF_ONE.get(name, ())),
                *(f"REVOKE {what} ON {table} FROM {{}}" for table, what in NARROWER.items()),
            ):
                cursor.execute(sql.SQL(statement).format(role))
