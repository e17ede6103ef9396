"""`python -m config.setup.migrations`: while a release is rolled out, pages of the one before still
run on the new tables. No migration since 1.0.0 may take away what they read or write, or lock a
table that patients are writing to (CONTRIBUTING.md, Commits and migrations).
"""

import os
import sys

import django

APPS = ["accounts", "cms", "patients", "programs"]
# With these an installation begins: nobody reads their tables yet.
BEGINNINGS = ["0001_version_1", "0002_guards"]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django_migration_linter import MigrationLinter  # noqa: PLC0415 - after django.setup()

    linter = MigrationLinter(
        include_apps=APPS, ignore_name=BEGINNINGS, no_cache=True, quiet=["ok", "ignore"]
    )
    linter.lint_all_migrations()
    return 1 if linter.has_errors else 0


if __name__ == "__main__":
    sys.exit(main())
