"""National Provider Identifiers: ten digits with their check digit."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.npi import validate_npi

# CMS's own example, 123456789 with its check digit, and the largest that its rule allows.
RIGHT = ["1234567893", "9999999995"]


@pytest.mark.parametrize("number", RIGHT)
def test_a_right_one_is_taken(number):
    validate_npi(number)


@pytest.mark.parametrize(
    "number",
    ["1234567890", "123456789", "12345678930", "123456789x", "", "١٢٣٤٥٦٧٨٩٣", "1234567 93"],
)
def test_a_wrong_one_is_refused(number):
    with pytest.raises(ValidationError):
        validate_npi(number)


@given(st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place, by):
    digits = [int(one) for one in RIGHT[0]]
    digits[place] = (digits[place] + by) % 10
    with pytest.raises(ValidationError):
        validate_npi("".join(map(str, digits)))
