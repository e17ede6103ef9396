"""A whole clinic as files (Bulk Data Access 2.0), made piece by piece behind the request.

Each piece is a job of its own: whatever else the worker has to do comes in between. It is safe to
run twice, and one that was killed is made again under the same names.
"""

import datetime as dt
import json
import time
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import AppExport
from accounts.private_files import private_storage
from accounts.smart.scopes import Reach
from fhir.elements import Resource
from fhir.record import Record
from fhir.search_terms import OF_CLINIC
from fhir.searching import of_all_clinic
from patients.models import Patient

# A piece ends after so much, and holds one patient at the least.
MOST_SECONDS, MOST_BYTES = 10.0, 20_000_000


class Piece:
    """Lines of the kinds that were asked for."""

    def __init__(self, export: AppExport) -> None:
        self.export, self.size = export, 0
        self._lines: dict[str, list[str]] = {}
        since = export.since
        self._since = since.astimezone(dt.UTC).isoformat(timespec="milliseconds") if since else ""

    def add(self, resources: Iterable[Resource]) -> None:
        for one in resources:
            changed = one.get("meta", {}).get("lastUpdated", "")
            # What does not say since when it is so may be new.
            if not changed or changed >= self._since:
                line = json.dumps(one, ensure_ascii=False)
                self._lines.setdefault(one["resourceType"], []).append(line)
                self.size += len(line)

    def store(self) -> list[dict[str, object]]:
        """Files under names of their own; what an earlier try left there is written anew."""
        files = []
        for kind, lines in sorted(self._lines.items()):
            name = f"{self.export.folder}/{kind}.{self.export.pieces}.ndjson"
            private_storage().delete(name)
            private_storage().save(name, ContentFile("\n".join([*lines, ""]).encode()))
            files.append({"kind": kind, "count": len(lines), "name": name})
        return files


@transaction.atomic
def make_piece(export_id: str, number: int) -> bool:
    """Make one piece, within a transaction that sees the clinic. Whether another one follows."""
    rows = AppExport.objects.kept().select_for_update(of=("self",)).select_related("app", "clinic")
    export = rows.filter(pk=export_id, done_at=None, app__ended_at=None).first()
    if export is None or export.pieces != number:  # taken back, ended, or made before
        return False
    piece = Piece(export)
    if number == 0:
        for kind in sorted(set(export.kinds) & set(OF_CLINIC)):
            piece.add(of_all_clinic(export.clinic, kind))
    is_whole = _add_patients(export, piece)
    export.files = [*export.files, *piece.store()]
    export.pieces += 1
    export.done_at = timezone.now() if is_whole else None
    export.save(update_fields=["files", "pieces", "done_at", "reached"])
    return not is_whole


def _add_patients(export: AppExport, piece: Piece) -> bool:
    """As many as there is room for; whether these were the last. Each is a look on record."""
    kinds = set(export.kinds) - set(OF_CLINIC)
    began = time.monotonic()
    if not kinds:
        return True
    patients = Patient.objects.filter(clinic=export.clinic).order_by("pk")
    if export.reached is not None:
        patients = patients.filter(pk__gt=export.reached)
    for number, patient in enumerate(patients.iterator(chunk_size=100)):
        is_full = time.monotonic() - began > MOST_SECONDS or piece.size > MOST_BYTES
        if number > 0 and is_full:
            return False
        patient.clinic = export.clinic
        piece.add(Record(patient, kinds))
        audit.record(
            action=audit.Action.PATIENT_READ,
            by=None,
            patient=patient,
            app=str(export.app_id),
            page="fhir $export",
        )
        export.reached = patient.pk
    return True


def kinds_of(reach: Reach, allowed: Iterable[str]) -> list[str]:
    """What an export holds by a token: what it may read and search."""
    known = set(allowed)
    return [kind for kind in reach.kinds if kind in known and reach.may("r", kind)]
