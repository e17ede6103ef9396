"""Whether the database holds the wall for the role that this process has there."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

ASKED = """
    SELECT rolsuper OR rolbypassrls, EXISTS (
        SELECT FROM pg_class WHERE relname = 'patients_patient' AND relowner = pg_roles.oid
    ) FROM pg_roles WHERE rolname = current_user
"""


@register(Tags.database, deploy=True)
def database_holds_the_wall(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Asked by `manage.py check --deploy --database default`, in the environment of the site."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(ASKED)
            [(passes, owns)] = cursor.fetchall()
        if passes:
            found.append(
                Warning(
                    "This process's database role passes the wall between clinics: PostgreSQL"
                    " does not ask superusers and roles with BYPASSRLS.",
                    hint="Give the site the role footing_web (docs/operating.md, Three roles).",
                    id="footing.W001",
                )
            )
        elif owns:
            found.append(
                Warning(
                    "This process's database role owns the tables: the wall between clinics"
                    " holds, but the role could empty tables or take it down.",
                    hint="Give the site the role footing_web (docs/operating.md, Three roles).",
                    id="footing.W002",
                )
            )
    return found
