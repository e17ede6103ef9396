"""Telephone numbers, as they are written and dialed in the clinic's country."""

import re
from functools import lru_cache

import phonenumbers
from django.core.exceptions import ValidationError
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

LEAST_DIGITS = 3  # a house has short ones
_SHORT = re.compile(r"\+?[0-9](?:[ ()/.*#-]*[0-9])+")


def validate_short(text: str) -> None:
    """A number that is dialed as it stands, such as an emergency's. Raises ValidationError."""
    if not _SHORT.fullmatch(text.strip()):
        raise ValidationError(f"“{text}” is no number that can be dialed, such as 911.")


def written(text: str, country: str) -> str:
    """As people there write it: '(213) 555-0134'; with the country's code for another country.

    Without a known country it stays as it was typed. Raises ValidationError for what can't be a
    number there, or anywhere.
    """
    text = text.strip()
    if not text:
        return text
    wrong = ValidationError(f"“{text}” can’t be a telephone number. Write it with its area code.")
    if not country:
        if sum(sign.isdigit() for sign in text) < LEAST_DIGITS:
            raise wrong
        return text
    number = _parsed(text, country)
    if number is None or not phonenumbers.is_possible_number(number):
        raise wrong
    is_home = phonenumbers.country_code_for_region(country) == number.country_code
    form = PhoneNumberFormat.NATIONAL if is_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


@lru_cache(maxsize=1_000)
def dialed(text: str, country: str) -> str:
    """With the country's code, as text messages and links need it: '+12135550134'. As it stands
    where it is no full number.
    """
    number = _parsed(text, country) if country else None
    if number is None:
        return text
    is_whole = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if is_whole else text


def _parsed(text: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except NumberParseException:
        return None
