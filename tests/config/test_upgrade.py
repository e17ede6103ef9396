"""A database of each released version becomes today's, and works."""

import pytest

from tests.installation import DUMPS, installation

RELEASED = sorted(DUMPS.glob("version_*.sql.xz"))


def test_there_is_a_dump_of_the_first_version():
    assert "version_1_0_0.sql.xz" in {one.name for one in RELEASED}


@pytest.mark.parametrize("dump", RELEASED, ids=lambda one: one.name.split(".")[0])
def test_a_released_version_is_upgraded(dump, tmp_path):
    with installation(tmp_path) as old:
        old.load(dump)
        before = old.sql("SELECT count(*) FROM programs_session")
        done = old.manage("migrate", "--noinput")
        assert done.returncode == 0, done.stderr
        assert "No changes detected" in old.manage("makemigrations", "--check", "--dry-run").stdout
        walked = old.walk()
        assert walked.returncode == 0, walked.stdout + walked.stderr
        [(count,)] = old.sql("SELECT count(*) FROM programs_session")
        assert count == before[0][0] + 1
        kept = old.manage("verify_audit")
        assert kept.returncode == 0, kept.stderr


def test_a_database_of_before_is_told_what_to_do(tmp_path):
    """What it has of before 1.0.0 is not all: neither a new one nor one that can go on."""
    with installation(tmp_path) as old:
        old.load(RELEASED[0])
        with_less = (
            "DELETE FROM django_migrations WHERE app = 'programs' AND name {} RETURNING name"
        )
        old.sql(with_less.format("IN ('0001_version_1', '0002_guards', '0020_notes')"))
        refused = old.manage("migrate", "--noinput")
        assert refused.returncode == 1
        assert "older than Footing 1.0.0: it has no programs.0020_notes." in refused.stderr
        assert "make reset" in refused.stderr


def test_one_that_has_all_of_before_goes_on(tmp_path):
    with installation(tmp_path) as old:
        old.load(RELEASED[0])
        gone = old.sql(
            "DELETE FROM django_migrations WHERE name IN ('0001_version_1', '0002_guards')"
            " RETURNING name"
        )
        assert len(gone) == 8
        done = old.manage("migrate", "--noinput")
        assert done.returncode == 0, done.stderr
        assert old.manage("migrate", "--check").returncode == 0
