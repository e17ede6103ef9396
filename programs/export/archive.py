"""The whole record as one file: to read, and as data."""

import io
import zipfile

from django.utils import timezone

from patients.models import Patient
from programs.export.readable import as_pdf
from programs.export.record import as_json


def as_archive(patient: Patient) -> bytes:
    """A ZIP file with `record.pdf` and `record.json`; pictures are in the latter."""
    now, out = timezone.now(), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("record.pdf", as_pdf(patient, made_at=now))
        archive.writestr("record.json", as_json(patient, made_at=now))
    return out.getvalue()
