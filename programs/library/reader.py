"""What a patient reads, and on paper: in their language, done by whom they have chosen to see."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

from patients.models import Patient
from programs.motion import people


@contextmanager
def as_read_by(patient: Patient) -> Iterator[None]:
    """For all that is drawn and worded within."""
    with translation.override(patient.language), people.showing(patient.shown_person):
        yield
