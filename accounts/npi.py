"""National Provider Identifiers (US): ten digits, by which records name people and clinics."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

# What stands before a number when its check digit is counted: health, United States (CMS, "NPI
# check digit").
_PREFIX = "80840"


def npi_field() -> Any:
    """Of whoever may have one."""
    return models.CharField(
        "NPI",
        max_length=10,
        blank=True,
        default="",
        db_default="",
        validators=[validate_npi],
        help_text="National Provider Identifier (US), for what goes to other records.",
    )


def validate_npi(number: str) -> None:
    """Raises ValidationError for anything but ten digits whose check digit is right (ISO/IEC 7812,
    Luhn).
    """
    is_whole = number.isascii() and number.isdecimal() and len(number) == 10
    if not is_whole or _luhn(_PREFIX + number) % 10:
        raise ValidationError("Ten digits, as the NPI registry has them. A digit is wrong.")


def _luhn(digits: str) -> int:
    """The sum of all digits; every second one from the right is doubled, and its digits added."""
    doubled = (sum(divmod(2 * int(one), 10)) for one in digits[-2::-2])
    return sum(map(int, digits[-1::-2])) + sum(doubled)
