"""Days that people type: refused where nobody can mean them, before anything reckons with them."""

import datetime as dt

from django.core.exceptions import ValidationError

from patients.models import Patient

FAR_YEARS = 100
FAR = f"This day is more than {FAR_YEARS} years away."
UNBORN = "This is before the day of birth."


def require_near(today: dt.date, **days: dt.date | None) -> None:
    """Raises ValidationError beside the name of each that is too far away to be meant."""
    far = {
        name: FAR for name, day in days.items() if day and abs(day.year - today.year) > FAR_YEARS
    }
    if far:
        raise ValidationError(far)


def require_of_life(patient: Patient, **days: dt.date | None) -> None:
    """The same of days about a patient, none of which comes before the birth."""
    today = patient.clinic.today()
    wrong = {
        name: UNBORN if day < patient.birth_date else FAR
        for name, day in days.items()
        if day and (day < patient.birth_date or day.year - today.year > FAR_YEARS)
    }
    if wrong:
        raise ValidationError(wrong)
