"""Migration operations that put a table behind the wall (`accounts.wall`).

Each enables and forces row-level security, for the table's owner too, and writes the policies. The
owner sees all rows only where a session says `footing.whole`, as commands do; a role that does not
own the tables can say it in vain. What compares with a setting stands in a sub-select: PostgreSQL
then reads the setting once a query and not once a row. Each such sub-select is planned for each
table of each query, so a row of a patient is compared with one.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model

# Whose rows are seen: a clinic's, told by its id, or one patient's, told by theirs.
WHO = "(SELECT nullif(current_setting('footing.who', true), '')::uuid)"
# Whose library is read, by staff and patients alike.
CLINIC = "(SELECT nullif(current_setting('footing.clinic', true), '')::uuid)"
LIBRARY = "(SELECT current_setting('footing.library', true))"
IS_WHOLE = "(SELECT current_setting('footing.whole', true) = 'on')"


class _Walled(Operation):
    """Base: one table, known by its model's name."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models know nothing of policies."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        schema_editor.execute(f"CREATE POLICY whole ON {table} TO CURRENT_USER USING ({IS_WHOLE})")
        for name, what, condition in self.policies(model):
            schema_editor.execute(f"CREATE POLICY {name} ON {table} FOR {what} USING ({condition})")
        for name, definition in self.bonds(table):
            schema_editor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        for name, _ in self.bonds(table):
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name in ("whole", *(name for name, _, _ in self.policies(model))):
            schema_editor.execute(f"DROP POLICY {name} ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

    def bonds(self, table: str) -> list[tuple[str, str]]:
        """Name and definition of each constraint that comes with the policies."""
        return []

    def describe(self) -> str:
        return f"Put {self.model_name} behind the wall"

    def policies(self, model: type[Model]) -> list[tuple[str, str, str]]:
        """Name, command and condition of each policy. A new row has to meet the condition, too."""
        raise NotImplementedError


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
