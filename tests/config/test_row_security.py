"""The wall in PostgreSQL itself: raw SQL, table by table, as each role.

The rows are bare. A table's checks, keys and triggers are dropped first, in the transaction of the
test, so that each table can have a row of every owner, also a table that is made tomorrow.
"""

import uuid

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts import wall
from accounts.models import User
from accounts.permissions import Role
from patients.models import CareTeamMember, Patient
from tests.as_role import WEB, WORKER, as_role
from tests.conftest import make_user

pytestmark = pytest.mark.django_db

# Every clinic reads them, and the platform alone writes them.
OPEN = {"programs_measure"}
LIBRARY = ["programs_exercise", "programs_program", "programs_progressform"]
# From a table of the library towards the one that has the clinic.
ABOVE = {
    "programs_exercise_citations": ("exercise_id", "programs_exercise"),
    "programs_exercise_easier_exercises": ("from_exercise_id", "programs_exercise"),
    "programs_exercise_harder_exercises": ("from_exercise_id", "programs_exercise"),
    "programs_exerciseprecaution": ("exercise_id", "programs_exercise"),
    "programs_exercisetext": ("exercise_id", "programs_exercise"),
    "programs_programexercise": ("phase_id", "programs_programphase"),
    "programs_programfavorite": ("program_id", "programs_program"),
    "programs_programform": ("phase_id", "programs_programphase"),
    "programs_programphase": ("program_id", "programs_program"),
    "programs_programversion": ("program_id", "programs_program"),
    "programs_progressformversion": ("form_id", "programs_progressform"),
}
WRITTEN_BY_READERS = {"programs_programfavorite"}
TABLES = [
    model._meta.db_table
    for name in ("patients", "programs")
    for model in apps.get_app_config(name).get_models(include_auto_created=True)
]
OF_PATIENTS = [name for name in TABLES if name not in {*OPEN, *ABOVE, *LIBRARY}]
NOT_FOR_PATIENTS = {
    "patients_cannedanswer", "patients_cover", "patients_savedview", "patients_sealedrecord"
}  # fmt: skip
WITHOUT_KEY_TO_PATIENT = {"patients_patient", "accounts_auditevent", *NOT_FOR_PATIENTS}
MESSAGES = {"patients_message", "patients_threadmark"}
UNCHANGED = {"accounts_auditevent", "patients_sealedrecord"}  # the roles may not update them


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def columns_of(table):
    """Name to type."""
    asked = (
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
    )
    return dict(ask(asked, table))


def strip(table):
    """Of all that would refuse a bare row, its policies apart."""
    ask("SET CONSTRAINTS ALL IMMEDIATE")
    ask(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    constraints = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass"
    for (name,) in ask(f"{constraints} AND contype IN ('c', 'f', 'u', 'x')", table):
        ask(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}" CASCADE')
    indexes = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass"
    for (name,) in ask(f"{indexes} AND indisunique AND NOT indisprimary", table):
        ask(f"DROP INDEX {name}")
    for name in columns_of(table).keys() - {"id"}:
        ask(f'ALTER TABLE {table} ALTER "{name}" DROP NOT NULL')


def add(table, **values):
    """A bare row; returns its key."""
    if columns_of(table)["id"] == "uuid":
        values.setdefault("id", uuid.uuid4())
    names, marks = ", ".join(values) or "id", ", ".join(["%s"] * len(values))
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING id"
    [(key,)] = ask(sql, *values.values())
    return key


def seen(table, rows):
    """The names of those rows that the asker sees."""
    found = {key for (key,) in ask(f"SELECT id FROM {table}")}
    return {name for name, key in rows.items() if key in found}


def touched(table, rows):
    """The names of those rows that the asker can write to."""
    return {
        name
        for name, key in rows.items()
        if ask(f"UPDATE {table} SET id = id WHERE id = %s", key) == 1
    }


def refused(sql, *values):
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        ask(sql, *values)
    return str(error.value)


# What is behind the wall


@pytest.mark.parametrize("table", TABLES)
def test_each_table_is_open_by_name_or_behind_the_wall(table):
    [walled] = ask(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table
    )
    assert walled == ((False, False) if table in OPEN else (True, True))


@pytest.mark.parametrize("role", [WEB, WORKER])
@pytest.mark.parametrize("table", OF_PATIENTS)
def test_a_patients_row_is_the_clinics_and_the_patients(
    table, role, priya, ruth, ana, bert, olive, olivia, ed, root, mara
):
    strip(table)
    rows = {}
    for patient in (ana, bert, olivia):
        owner = {"clinic_id": patient.clinic_id, "patient_id": patient.pk}
        known = {name: key for name, key in owner.items() if name in columns_of(table)}
        is_one = table == "patients_patient"
        rows[patient.first_name] = patient.pk if is_one else add(table, **known)
    of_riverside, none = {"Ana", "Bert"}, set()
    of_ana = none if table in NOT_FOR_PATIENTS else {"Ana"}
    gone = make_user(priya.clinic, "Gone", Role.THERAPIST)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with as_role(role):
        assert seen(table, rows) == none
        for asker, wanted in [
            (priya, of_riverside), (ruth, of_riverside), (olive, {"Olivia"}), (ana.user, of_ana),
            (bert.user, of_ana and {"Bert"}), (root, none), (ed, none), (gone, none),
            (mara.user, none if table in MESSAGES else of_ana),
        ]:  # fmt: skip
            with wall.acting(asker):
                assert seen(table, rows) == wanted, asker
                if table not in UNCHANGED:
                    assert touched(table, rows) == wanted, asker
            assert seen(table, rows) == none
        with wall.in_clinic(olivia.clinic_id):
            assert seen(table, rows) == {"Olivia"}
        with wall.acting(priya):
            foreign = f"INSERT INTO {table} (id, clinic_id) VALUES (gen_random_uuid(), %s)"
            assert "row-level security" in refused(foreign, olivia.clinic_id)
            if table not in UNCHANGED:
                moved = f"UPDATE {table} SET clinic_id = %s WHERE id = %s"
                assert "row-level security" in refused(moved, olivia.clinic_id, rows["Ana"])
                assert ask(f"DELETE FROM {table} WHERE id = %s", rows["Olivia"]) == 0


@pytest.mark.parametrize("table", [*LIBRARY, *ABOVE])
def test_a_row_of_the_library_is_read_by_its_clinic_or_by_all(
    table, priya, olive, ana, root, ed, clinic
):
    owners = {"all": None, "Riverside": clinic.pk, "Elsewhere": olive.clinic_id}
    rows = {name: row_of_library(table, owner) for name, owner in owners.items()}
    shared, own = {"all"}, {"Riverside"}
    both = shared | own
    by_reader = table in WRITTEN_BY_READERS
    with as_role(WEB):
        assert seen(table, rows) == shared
        assert touched(table, rows) == (shared if by_reader else set())
        for asker, may_read, may_write in [
            (priya, both, both if by_reader else own),
            (olive, {"all", "Elsewhere"}, {"all", "Elsewhere"} if by_reader else {"Elsewhere"}),
            (ana.user, both, both if by_reader else set()),
            (ed, both, both if by_reader else own),
            (root, shared, shared),
        ]:
            with wall.acting(asker):
                assert seen(table, rows) == may_read, asker
                assert touched(table, rows) == may_write, asker


def test_what_is_the_platforms_is_the_only_clinics(priya, ed):
    """`may_change` says the same."""
    row = row_of_library("programs_exercise", None)
    with as_role(WEB):
        for asker in (priya, ed):
            with wall.acting(asker):
                assert touched("programs_exercise", {"all": row}) == {"all"}


def test_an_exercise_with_a_page_of_its_own_is_read_by_all(olive, clinic):
    row = row_of_library("programs_exercise", clinic.pk)
    with as_role(WEB):
        assert seen("programs_exercise", {"Riverside": row}) == set()
    ask("UPDATE programs_exercise SET is_public = true WHERE id = %s", row)
    with as_role(WEB):
        assert seen("programs_exercise", {"Riverside": row}) == {"Riverside"}
        with wall.acting(olive):
            assert touched("programs_exercise", {"Riverside": row}) == set()


def row_of_library(table, owner):
    strip(table)
    if table in LIBRARY:
        return add(table, clinic_id=owner)
    column, above = ABOVE[table]
    return add(table, **{column: row_of_library(above, owner)})


def test_a_row_mixes_no_patient_with_another_clinic(priya, olivia):
    """The key to the patient has the clinic in it; a check of keys sees all rows."""
    for table in set(OF_PATIENTS) - WITHOUT_KEY_TO_PATIENT:
        keys = (
            "SELECT count(*) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'"
            " AND confrelid = 'patients_patient'::regclass AND cardinality(conkey) = 2"
        )
        assert ask(keys, table) == [(1,)], table
    with as_role(WEB), wall.acting(priya), pytest.raises(IntegrityError), transaction.atomic():
        CareTeamMember.objects.create(
            clinic=priya.clinic, patient=olivia, therapist=priya, added_by=priya
        )


# What a role may do


@pytest.mark.parametrize("role", [WEB, WORKER])
def test_the_roles_of_web_and_worker_have_rows_and_nothing_more(role, plan):
    with as_role(role):
        [(passes, makes)] = ask(
            "SELECT rolsuper OR rolbypassrls, rolcreatedb OR rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert (passes, makes) == (False, False)
        for sql in (
            "TRUNCATE accounts_auditevent",
            "TRUNCATE programs_session CASCADE",
            "ALTER TABLE accounts_auditevent DISABLE TRIGGER USER",
            "ALTER TABLE patients_patient DISABLE ROW LEVEL SECURITY",
            "DROP POLICY own ON patients_patient",
            "DROP TABLE accounts_auditevent",
            "CREATE TABLE public.mine (id integer)",
            "CREATE FUNCTION public.mine() RETURNS void LANGUAGE sql AS ''",
            "CREATE OR REPLACE FUNCTION footing_identify(bigint) RETURNS void LANGUAGE sql AS ''",
            "UPDATE accounts_auditevent SET actor_name = 'Nobody'",
            "DELETE FROM accounts_auditevent",
            "DELETE FROM django_migrations",
            "SET session_replication_role = replica",
        ):
            assert any(words in refused(sql) for words in ("permission denied", "must be owner")), (
                sql
            )
        for whole in ("on", "true"):
            ask("SELECT set_config('footing.whole', %s, true)", whole)
            assert not Patient.objects.exists()


def test_the_owner_too_sees_nothing_unless_it_says_so(ana):
    """As on a server with one role for all: policies are forced."""
    ask("SELECT set_config('footing.whole', '', true)")
    assert not Patient.objects.exists()
    with wall.in_clinic(ana.clinic_id):
        assert Patient.objects.exists()
