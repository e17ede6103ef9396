"""A backup is whole, nobody else reads it, and an installation made of it is the same."""

import datetime as dt
import io
import os
import threading
import time
from pathlib import Path

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from config import doctor
from config.backup import archive, keeping, server
from config.backup.inventory import Inventory, NotWholeError
from tests.installation import DUMPS, installation

LATEST = sorted(DUMPS.glob("version_*.sql.xz"))[-1]
PHOTO = b"\xff\xd8\xff not really a photo"


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "key.txt"
    return path, archive.make_key(path)


@pytest.fixture
def store(settings, tmp_path):
    """Where backups are kept, and a key to read them."""
    folder = tmp_path / "kept"
    folder.mkdir()
    settings.STORAGES = {
        **settings.STORAGES,
        "backups": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        },
    }
    return folder


def written(recipients, **files):
    target = io.BytesIO()
    with archive.writing(target, recipients) as writer:
        for name, content in files.items():
            writer.add(name, io.BytesIO(content))
        writer.end({"form": 1})
    target.seek(0)
    return target


# The file


def test_what_was_written_is_read_again(key):
    path, public = key
    large = b"0123456789" * 500_000
    file = written([public], database=large, note=b"")
    backup = archive.opened(file, archive.key_in(path), io.BytesIO())
    assert backup.open("database").read() == large
    assert set(backup.manifest["files"]) == {"database", "note"}
    assert b"0123456789" not in file.getvalue()


def test_the_key_is_its_owners_and_never_written_over(key):
    path, public = key
    assert path.stat().st_mode & 0o777 == 0o600
    assert public.startswith("age1")
    with pytest.raises(FileExistsError):
        archive.make_key(path)


def test_each_of_two_keys_opens_it(key, tmp_path):
    other = tmp_path / "other.txt"
    file = written([key[1], archive.make_key(other)], database=b"x")
    for path in (key[0], other):
        file.seek(0)
        archive.opened(file, archive.key_in(path), io.BytesIO())


def changed(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (changed, "changed or cut off"),
        (lambda content: content[: len(content) // 2], "changed or cut off"),
        (lambda content: b"", "no backup"),
        (lambda content: b"PK\x03\x04 a zip", "no backup"),
    ],
)
def test_a_spoiled_file_is_told(key, spoil, words):
    file = io.BytesIO(spoil(written([key[1]], database=b"x" * 200_000).getvalue()))
    with pytest.raises(archive.UnreadableError, match=words):
        archive.opened(file, archive.key_in(key[0]), io.BytesIO())


def test_another_key_does_not_open_it(key, tmp_path):
    other = tmp_path / "other.txt"
    archive.make_key(other)
    with pytest.raises(archive.UnreadableError, match="This key does not open it"):
        archive.opened(written([key[1]], database=b"x"), archive.key_in(other), io.BytesIO())


def test_a_file_without_a_key_is_told(key, tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_text("# nothing\n")
    with pytest.raises(archive.UnreadableError, match="holds no key"):
        archive.opened(written([key[1]], database=b"x"), archive.key_in(empty), io.BytesIO())


def test_another_content_under_a_known_name_is_told(key):
    """Mixed up, not forged: who has the public key can write a whole backup (docs/operating.md)."""
    path, public = key
    target = io.BytesIO()
    with archive.writing(target, [public]) as writer:
        writer.add("database", io.BytesIO(b"theirs"))
        writer.files["database"]["sha256"] = "0" * 64
        writer.end({"form": 1})
    target.seek(0)
    with pytest.raises(archive.UnreadableError, match="database is not what was backed up"):
        archive.opened(target, archive.key_in(path), io.BytesIO())


def test_a_full_disk_ends_the_writing(key):
    """Whoever writes into a pipe that nobody empties any more would wait for ever."""

    class Full(io.BytesIO):
        def write(self, content):
            raise OSError(28, "No space left on device")

    before = threading.active_count()
    with pytest.raises(OSError, match="No space"), archive.writing(Full(), [key[1]]) as writer:
        writer.add("database", io.BytesIO(b"x" * 5_000_000))
    assert threading.active_count() == before


def test_a_fault_in_between_is_told_and_no_thread_waits(key):
    def half():
        with archive.writing(io.BytesIO(), [key[1]]) as writer:
            writer.add("database", io.BytesIO(b"x" * 5_000_000))
            raise ZeroDivisionError

    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        half()
    assert threading.active_count() == before


def test_what_is_no_key_is_refused():
    with pytest.raises(ValueError, match="BACKUP_KEYS"):
        archive.recipient("age1nothing")


# How long they are kept


def names(*days):
    now = dt.datetime(2026, 11, 29, 3, tzinfo=dt.UTC)
    return {keeping.name_of(one): one for one in (now - dt.timedelta(days=day) for day in days)}


def days_of(gone, backups):
    now = dt.datetime(2026, 11, 29, 3, tzinfo=dt.UTC)
    return [(now - backups[name]).days for name in gone]


def test_the_last_days_and_each_months_first_are_kept(settings):
    settings.BACKUP_DAYS, settings.BACKUP_MONTHS = 35, 3
    backups = names(*range(120))
    gone = days_of(keeping.outdated(backups, max(backups.values())), backups)
    kept = sorted(set(range(120)) - set(gone))
    # 1 November, 1 October and 1 September are 28, 59 and 89 days before.
    assert kept == [*range(36), 59, 89]


def test_the_newest_is_kept_however_old(settings):
    settings.BACKUP_DAYS, settings.BACKUP_MONTHS = 7, 0
    backups = names(400, 401)
    now = max(backups.values()) + dt.timedelta(days=400)
    assert days_of(keeping.outdated(backups, now), backups) == [401]


def test_what_lies_beside_them_is_not_theirs(store):
    (store / "notes.txt").write_text("mine")
    (store / keeping.name_of(timezone.now() - dt.timedelta(days=300))).write_bytes(b"")
    (store / keeping.name_of(timezone.now() - dt.timedelta(days=301))).write_bytes(b"")
    assert len(keeping.kept()) == 2
    keeping.forget_outdated()
    assert (store / "notes.txt").exists()


def test_the_doctor_looks_at_their_age(store, settings):
    settings.BACKUP_KEYS, settings.PRODUCTION = ["age1x"], True
    assert "No backup" in doctor.backups()
    (store / keeping.name_of(timezone.now() - dt.timedelta(hours=49))).write_bytes(b"")
    assert "49 hours" in doctor.backups()
    (store / keeping.name_of(timezone.now() - dt.timedelta(hours=2))).write_bytes(b"")
    assert doctor.backups() is None
    settings.BACKUP_KEYS = []
    assert "BACKUP_KEYS is empty" in doctor.backups()
    settings.PRODUCTION = False
    assert doctor.backups() is None


# The database


@pytest.mark.django_db
def test_who_does_not_see_all_takes_no_inventory():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL footing.whole = 'off'")
        with pytest.raises(NotWholeError):
            Inventory.taken()
        cursor.execute("SET LOCAL footing.whole = 'on'; SET LOCAL ROLE footing_web")
        with pytest.raises(NotWholeError):
            Inventory.taken()
        cursor.execute("RESET ROLE")
    assert Inventory.taken().rows["programs_exercise"] > 30


def test_what_differs_is_named():
    before = Inventory(
        {"a": 2, "b": 1}, {"a_id_seq": 9, "b_id_seq": 1}, ["trigger x of a", "index i"]
    )
    after = Inventory(
        {"a": 1, "b": 1}, {"a_id_seq": 3, "b_id_seq": 4}, ["index i", "policy p of a"]
    )
    assert before.differences(after) == [
        "a has 1 rows instead of 2.",
        "The sequence a_id_seq is at 3, before 9.",
        "Missing: trigger x of a.",
        "Not in the backup: policy p of a.",
    ]
    assert before.differences(before) == []


@pytest.mark.django_db
def test_a_missing_program_is_one_sentence(monkeypatch):
    monkeypatch.setattr(server.shutil, "which", lambda name, path=None: None)
    words = r"pg_dump of PostgreSQL \d+ or newer is not installed here"
    with pytest.raises(server.ProgramError, match=words), server.dumping("any"):
        pass


@pytest.mark.django_db
def test_a_client_older_than_the_server_is_passed_over(monkeypatch, tmp_path):
    """Debian's pg_dump 15 refuses a server of 18: the next one that is there is asked."""
    for folder, major in (("old", 9), ("new", 99)):
        program = tmp_path / folder / "pg_dump"
        program.parent.mkdir()
        program.write_text(
            f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {major}.6 (Debian {major}.6-1)'\n"
        )
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'old'}:/usr/bin:/bin")
    assert not server._program("pg_dump").startswith(str(tmp_path))
    monkeypatch.setattr(server, "_wheel", lambda: str(tmp_path / "new"))
    monkeypatch.setattr(server, "version", lambda: 98)
    assert server._program("pg_dump") == str(tmp_path / "new" / "pg_dump")


def test_without_a_key_none_is_made(settings):
    settings.BACKUP_KEYS = []
    with pytest.raises(CommandError, match="--make-key"):
        call_command("back_up")


# The drill


def test_an_installation_is_lost_and_comes_back(key, tmp_path):
    path, public = key
    with installation(tmp_path / "old", BACKUP_KEYS=public, SECRET_KEY="x") as old:
        old.load(LATEST)
        assert old.manage("migrate", "--noinput").returncode == 0
        for name in ("media/images/sole.jpg", "private/messages/c/p/photo.jpg"):
            file = old.folder / name
            file.parent.mkdir(parents=True)
            file.write_bytes(PHOTO)
        made = old.manage("back_up")
        assert made.returncode == 0, made.stderr
        [backup] = (old.folder / "backups").iterdir()
        assert made.stdout.startswith(f"{backup.name}: ")
        assert "2 files" in made.stdout
        assert backup.stat().st_mode & 0o777 == 0o600
        rows = old.sql("SELECT count(*) FROM programs_session")
    # That machine is gone; the file and the key are left.
    with installation(tmp_path / "new") as new:
        looked = new.manage("restore", str(backup), "--key", str(path), "--only-look")
        assert looked.returncode == 0, looked.stderr
        restored = new.manage("restore", str(backup), "--key", str(path))
        assert restored.returncode == 0, restored.stdout + restored.stderr
        assert "rows, sequences, triggers, policies, audit and search hold" in restored.stdout
        assert "SECRET_KEY is another" in restored.stdout
        assert new.sql("SELECT count(*) FROM programs_session") == rows
        assert (new.folder / "media/images/sole.jpg").read_bytes() == PHOTO
        assert (new.folder / "private/messages/c/p/photo.jpg").read_bytes() == PHOTO
        assert new.sql("SELECT count(*) FROM django_session") == [(0,)]
        walked = new.walk()
        assert walked.returncode == 0, walked.stdout + walked.stderr
        # A second time it would mix two installations.
        again = new.manage("restore", str(backup), "--key", str(path))
        assert again.returncode == 1
        assert "restore into an empty one" in again.stderr


def test_a_file_that_rows_name_and_nobody_has_is_told(key, tmp_path):
    """Such as when MEDIA_ROOT is forgotten, or its share is not there."""
    path, public = key
    with installation(tmp_path / "old", BACKUP_KEYS=public) as old:
        old.load(LATEST)
        assert old.manage("migrate", "--noinput").returncode == 0
        old.sql("UPDATE accounts_clinic SET logo = 'logos/gone.png' RETURNING id")
        made = old.manage("back_up")
        assert made.returncode == 1
        assert "1 files that rows name are in no store" in made.stderr
        assert "logos/gone.png" in made.stderr
        [backup] = (old.folder / "backups").iterdir()  # what there is, is better than nothing
    with installation(tmp_path / "new") as new:
        restored = new.manage("restore", str(backup), "--key", str(path))
        assert restored.returncode == 1
        assert "logos/gone.png was missing already when this was backed up." in restored.stderr


def test_a_restore_that_broke_off_is_done_again(key, tmp_path):
    """The files come first: while the database is empty, nothing counts as restored."""
    path, public = key
    with installation(tmp_path / "old", BACKUP_KEYS=public) as old:
        old.load(LATEST)
        for name in ("a.jpg", "b.jpg"):
            (old.folder / "media").mkdir(exist_ok=True)
            (old.folder / "media" / name).write_bytes(PHOTO + name.encode())
        assert old.manage("back_up").returncode == 0
        [backup] = (old.folder / "backups").iterdir()
    with installation(tmp_path / "new") as new:
        # It broke off after the first file; somebody else's lies in the place of the second.
        (new.folder / "media").mkdir()
        (new.folder / "media" / "a.jpg").write_bytes(PHOTO + b"a.jpg")
        (new.folder / "media" / "b.jpg").write_bytes(b"another")
        refused = new.manage("restore", str(backup), "--key", str(path))
        assert "Another file is in the place of b.jpg" in refused.stderr
        assert new.sql("SELECT to_regclass('accounts_user') IS NULL") == [(True,)]
        (new.folder / "media" / "b.jpg").unlink()
        restored = new.manage("restore", str(backup), "--key", str(path))
        assert restored.returncode == 0, restored.stderr
        assert (new.folder / "media" / "b.jpg").read_bytes() == PHOTO + b"b.jpg"


def test_what_was_broken_off_goes_a_day_later(key, tmp_path):
    with installation(tmp_path / "old", BACKUP_KEYS=key[1]) as old:
        old.load(LATEST)
        folder = old.folder / "backups"
        folder.mkdir()
        for name, days in ((".half-old", 2), (".half-now", 0)):
            (folder / name).write_bytes(b"x")
            when = time.time() - days * 24 * 60 * 60
            os.utime(folder / name, (when, when))
        assert old.manage("back_up").returncode == 0
        assert {one.name for one in folder.iterdir() if one.name.startswith(".")} == {".half-now"}


@pytest.mark.django_db
def test_the_programs_reach_the_server_that_we_reach(monkeypatch):
    """psycopg reads PGHOST and its like where DATABASE_URL says nothing; so do they."""
    monkeypatch.setenv("PGHOST", "db2.example")
    monkeypatch.setenv("PGPASSFILE", "/etc/footing/pgpass")
    monkeypatch.setattr(connection, "get_connection_params", lambda: {"dbname": "footing"})
    told = server._environment()
    assert (told["PGHOST"], told["PGDATABASE"]) == ("db2.example", "footing")
    assert told["PGPASSFILE"] == "/etc/footing/pgpass"
    assert told["PGOPTIONS"] == "-c footing.whole=on"


def test_the_doctor_says_that_their_place_does_not_answer(settings, monkeypatch):
    def away():
        raise OSError(5, "The bucket does not answer")

    settings.BACKUP_KEYS = ["age1x"]
    monkeypatch.setattr(keeping, "kept", away)
    assert "The bucket does not answer" in doctor.backups()


def test_a_failed_dump_leaves_no_backup(key, tmp_path):
    """Its program ends with an error after it had begun to write."""
    programs = tmp_path / "programs"
    programs.mkdir()
    fake = programs / "pg_dump"
    fake.write_text(
        "#!/bin/sh\n[ \"$1\" = --version ] && echo 'pg_dump (PostgreSQL) 99.1' && exit\n"
        "echo beginning; echo 'pg_dump: error: the disk is gone' >&2; exit 1\n"
    )
    fake.chmod(0o755)
    settings = {"BACKUP_KEYS": key[1], "PATH": f"{programs}:{os.environ['PATH']}"}
    with installation(tmp_path / "old", **settings) as old:
        old.load(LATEST)
        failed = old.manage("back_up")
        assert failed.returncode == 1
        assert "pg_dump failed: pg_dump: error: the disk is gone" in failed.stderr
        assert list(Path(old.folder, "backups").iterdir()) == []


def test_the_library_is_that_of_age(key):
    """A backup opens with age itself, should Footing be gone."""
    file = written([key[1]], database=b"x")
    assert file.getvalue().startswith(b"age-encryption.org/v1\n")
    plain = pyrage.decrypt(
        file.getvalue(), [pyrage.x25519.Identity.from_str(archive.key_in(key[0]))]
    )
    assert plain.startswith(b"PK")
