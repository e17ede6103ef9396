"""Places in a drawing are the same in each language."""

from decimal import Decimal

import pytest
from django.utils import translation

from accounts.templatetags.components import px


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("value", "drawn"),
    [
        (3, "3.0"),
        (1234.56, "1234.6"),
        (Decimal("7.25"), "7.2"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_place_is_written_with_a_point(language, value, drawn):
    with translation.override(language):
        assert px(value) == drawn
