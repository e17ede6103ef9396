"""`make check`: everything that can be told without running the tests. Stops at the first fault."""

import os
import secrets
import sys
from pathlib import Path

from config.setup.postgres import database_url
from config.setup.processes import exit_with, run

BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
STEPS: list[tuple[str, list[str]]] = [
    ("formatting", [f"{BIN}/ruff", "format", "--check", "."]),
    ("lint", [f"{BIN}/ruff", "check", "."]),
    ("types", [f"{BIN}/mypy", "."]),
    ("import arrows", [f"{BIN}/lint-imports"]),
    ("circles of files", [sys.executable, "-m", "config.setup.circles"]),
    ("long lines", [sys.executable, "-m", "config.setup.lines"]),
    ("templates", [f"{BIN}/djlint", "templates", "--lint", "--quiet"]),
    ("missing migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
    ("migrations that stop pages", [sys.executable, "-m", "config.setup.migrations"]),
    ("documentation", [sys.executable, "-m", "config.setup.documentation"]),
    ("production settings", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"]),
]


def production(url: str) -> dict[str, str]:
    """The environment of a production machine, with a secret that lives as long as the check."""
    return {
        **os.environ,
        "DATABASE_URL": url,
        "FOOTING_MODE": "production",
        "FOOTING_DEMO": "0",
        "FOOTING_HOST": "footing.example",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "EMAIL_URL": "smtp://mail.example:25",
        "DEFAULT_FROM_EMAIL": "clinic@footing.example",
    }


def main() -> int:
    with database_url(fast=True) as url:
        env = production(url)
        for title, command in STEPS:
            print(f"— {title}", flush=True)
            if code := run(command, env):
                print(f"footing: {title} failed.", file=sys.stderr)
                return code
    return 0


if __name__ == "__main__":
    exit_with(main)
