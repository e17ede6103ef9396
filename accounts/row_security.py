"""Migration operations that put a table behind the wall (`accounts.wall`).

Each enables and forces row-level security, for the table's owner too, and writes the policies. The
owner sees all rows only where a session says `footing.whole`, as commands do; a role that does not
own the tables can say it in vain. What compares with a setting stands in a sub-select: PostgreSQL
then reads the setting once a query and not once a row. Each such sub-select is planned for each
table of each query, so a row of a patient is compared with one.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model

from accounts.models.audit import PLATFORM

# Whose rows are seen: a clinic's, told by its id, or one patient's, told by theirs.
WHO = "(SELECT nullif(current_setting('footing.who', true), '')::uuid)"
# Whose library is read, by staff and patients alike.
CLINIC = "(SELECT nullif(current_setting('footing.clinic', true), '')::uuid)"
# Which login acts, if one does; and what its administrators tell as whose rows they see.
ACTOR = "(SELECT nullif(current_setting('footing.actor', true), ''))"
LIBRARY = "(SELECT current_setting('footing.library', true))"
IS_WHOLE = "(SELECT current_setting('footing.whole', true) = 'on')"


Statements = list[tuple[str, str]]


class _Reversible(ABC, Operation):
    """Base: statements about one model's table, each with the one that takes it back."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models know nothing of policies."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: ProjectState
    ) -> None:
        for forth, _ in self.statements(self._model(app_label, to_state)):
            schema_editor.execute(forth, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: Any
    ) -> None:
        for _, back in reversed(self.statements(self._model(app_label, from_state))):
            schema_editor.execute(back, params=None)

    def _model(self, app_label: str, state: ProjectState) -> type[Model]:
        """Of the migration's app, or of another that is named before a dot."""
        app, _, name = self.model_name.rpartition(".")
        return state.apps.get_model(app or app_label, name)

    @abstractmethod
    def statements(self, model: type[Model]) -> Statements: ...


class _Walled(_Reversible):
    def describe(self) -> str:
        return f"Put {self.model_name} behind the wall"

    def statements(self, model: type[Model]) -> Statements:
        table = model._meta.db_table
        change = f"ALTER TABLE {table}"
        policies = [("whole", f"TO CURRENT_USER USING ({IS_WHOLE})")]
        policies += [
            (name, f"FOR {command} USING ({condition})")
            for name, command, condition in self.policies(model)
        ]
        return [
            (f"{change} ENABLE ROW LEVEL SECURITY", f"{change} DISABLE ROW LEVEL SECURITY"),
            (f"{change} FORCE ROW LEVEL SECURITY", f"{change} NO FORCE ROW LEVEL SECURITY"),
            *(
                (f"CREATE POLICY {name} ON {table} {what}", f"DROP POLICY {name} ON {table}")
                for name, what in policies
            ),
            *(
                (f"{change} ADD CONSTRAINT {name} {what}", f"{change} DROP CONSTRAINT {name}")
                for name, what in self.bonds(table)
            ),
        ]

    def bonds(self, table: str) -> list[tuple[str, str]]:
        """Name and definition of each constraint that comes with the policies."""
        return []

    @abstractmethod
    def policies(self, model: type[Model]) -> list[tuple[str, str, str]]:
        """Name, command and condition of each policy. A new row has to meet the condition, too."""


class Key(_Reversible):
    """A function by which whoever holds the key of a row acts for its patient (`wall.holding`).

    It looks behind the wall as the owner, tells the transaction and returns nothing. What the
    session had said of itself holds again after it.
    """

    def __init__(self, model_name: str, column: str, kind: str) -> None:
        super().__init__(model_name)
        self.column = column
        self.kind = kind

    def describe(self) -> str:
        return f"Let the {self.column} of {self.model_name} tell a patient"

    def statements(self, model: type[Model]) -> Statements:
        table = model._meta.db_table
        name = key_function(table, self.column)
        # Names of the migration's own, none that anybody typed.
        return [
            (
                f"""
                CREATE FUNCTION {name}(key {self.kind}) RETURNS void
                LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
                AS $$
                DECLARE
                    found {table}%ROWTYPE;
                    before text := coalesce(current_setting('footing.whole', true), '');
                BEGIN
                    PERFORM set_config('footing.whole', 'on', true);
                    SELECT * INTO found FROM {table} WHERE {self.column} = key;
                    PERFORM set_config('footing.whole', before, true);
                    PERFORM footing_tell(found.patient_id, found.clinic_id, '');
                END $$;
                """,  # noqa: S608
                f"DROP FUNCTION {name}({self.kind})",
            )
        ]


def key_function(table: str, column: str) -> str:
    return f"footing_identify_by_{table}_{column}"


class Trail(_Walled):
    """Rows about a patient that outlive the patient's own: no key leads there."""

    patient = "patient_id"

    def policies(self, model: type[Model]) -> list[tuple[str, str, str]]:
        return [("own", "ALL", f"{WHO} IN (clinic_id, {self.patient})")]


class Patients(Trail):
    """The patients themselves, with the key that their rows are bound by."""

    patient = "id"

    def bonds(self, table: str) -> list[tuple[str, str]]:
        return [(f"{table}_and_clinic", "UNIQUE (id, clinic_id)")]


class PatientRows(Trail):
    """Rows of a patient: seen in the patient's clinic, and by the patient.

    A key to patient and clinic together lets no row mix one's patient with the other's clinic.
    """

    def bonds(self, table: str) -> list[tuple[str, str]]:
        key = "(patient_id, clinic_id) REFERENCES patients_patient (id, clinic_id)"
        return [(f"{table}_of_clinic", f"FOREIGN KEY {key}")]


class StaffRows(_Walled):
    """Rows of a clinic that its patients do not see."""

    def policies(self, model: type[Model]) -> list[tuple[str, str, str]]:
        return [("own", "ALL", f"clinic_id = {WHO}")]


class Apps(StaffRows):
    """Connected apps: whoever comes with an id reads it, before anybody is told; its clinic alone
    writes.
    """

    def policies(self, model: type[Model]) -> list[tuple[str, str, str]]:
        return [("read", "SELECT", "true"), *super().policies(model)]


class ToldRows(StaffRows):
    """Rows of a clinic that its patients may read, too, where their own rows name them."""

    def policies(self, model: type[Model]) -> list[tuple[str, str, str]]:
        return [("read", "SELECT", f"clinic_id = {CLINIC}"), *super().policies(model)]


class LibraryRows(_Walled):
    """Rows of a clinic, or of all: read by that clinic or by everybody, written by whose they are.

    `path` leads by foreign keys from the table to the row that has the clinic: nowhere for a table
    that has it, "phase", "program" for what belongs to a program's phase. Where the column `public`
    of that row says so, a clinic's row is read by everybody, too.
    """

    def __init__(self, model_name: str, *path: str, public: str = "") -> None:
        super().__init__(model_name)
        self.path = path
        self.public = public

    def policies(self, model: type[Model]) -> list[tuple[str, str, str]]:
        return [
            ("read", "SELECT", self.where(self.is_read, model)),
            ("written", "ALL", self.where(self.is_written, model)),
        ]

    def is_read(self, row: str) -> str:
        public = f" OR {row}.{self.public}" if self.public else ""
        return f"{row}.clinic_id IS NULL OR {row}.clinic_id = {CLINIC}{public}"

    def is_written(self, row: str) -> str:
        own = f"{row}.clinic_id = {CLINIC} AND {LIBRARY} IN ('own', 'all')"
        return f"{own} OR {row}.clinic_id IS NULL AND {LIBRARY} = 'all'"

    def where(self, condition: Callable[[str], str], model: type[Model]) -> str:
        """`condition` of the row at the end of the path."""
        rows: Any = model
        near, above, keys = model._meta.db_table, [], []
        for number, name in enumerate(self.path):
            field = rows._meta.get_field(name)
            rows = field.related_model
            above.append(f"{rows._meta.db_table} above{number}")
            keys.append(f"above{number}.{rows._meta.pk.column} = {near}.{field.column}")
            near = f"above{number}"
        if not self.path:
            return condition(near)
        asked = " AND ".join([*keys, f"({condition(near)})"])
        return f"EXISTS (SELECT FROM {', '.join(above)} WHERE {asked})"


class RowsAboutLibrary(LibraryRows):
    """Rows that people keep about what they may read, such as their favorites."""

    def policies(self, model: type[Model]) -> list[tuple[str, str, str]]:
        return [("read", "ALL", self.where(self.is_read, model))]


class FileRows(LibraryRows):
    """Pictures, documents and videos, which Wagtail keeps in collections. What is in a clinic's is
    that clinic's, what is in any other the installation's.

    Whoever is not logged in reads them all: so do the public pages, which show a clinic's picture
    with its public exercise. Rows hold a title and the file's name; nobody lists them there.
    """

    OWNERS = "cms_clinicfiles"

    def policies(self, model: type[Model]) -> list[tuple[str, str, str]]:
        table = model._meta.db_table
        of_collection = f"{self.OWNERS}.collection_id = {table}.collection_id"
        owner = f"(SELECT clinic_id FROM {self.OWNERS} WHERE {of_collection})"  # noqa: S608
        keeps_site = f"EXISTS (SELECT FROM accounts_clinic WHERE id = {CLINIC} AND is_editorial)"
        may_write_site = f"{LIBRARY} = 'all' OR {LIBRARY} = 'own' AND {keeps_site}"
        is_own = f"{owner} = {CLINIC}"
        is_platform = f"{WHO} = '{PLATFORM}'"
        return [
            ("read", "SELECT", f"{ACTOR} IS NULL OR {is_platform} OR {owner} IS NULL OR {is_own}"),
            (
                "written",
                "ALL",
                f"{is_own} AND {LIBRARY} IN ('own', 'all')"
                f" OR {owner} IS NULL AND ({may_write_site})"
                f" OR {is_platform} AND {LIBRARY} = 'all'",
            ),
        ]
