"""The limits of a dosage: one table for the fields, the words and the database."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from programs.models import Exercise
from programs.notation.dosage_language import DEFAULTS, LIMITS

pytestmark = pytest.mark.django_db

BEYOND = [(name, high + 1) for name, (_, high) in LIMITS.items()] + [
    (name, low - 1) for name, (low, _) in LIMITS.items() if low
]


@pytest.mark.parametrize(("name", "value"), BEYOND)
def test_what_is_out_of_range_is_refused(name, value):
    exercise = Exercise.objects.get(clinic=None, code="G01")
    with (
        pytest.raises(IntegrityError, match="exercise_dosage_in_range"),
        transaction.atomic(),
    ):
        Exercise.objects.filter(pk=exercise.pk).update(**{name: value})
    setattr(exercise, name, value)
    with pytest.raises(ValidationError) as refused:
        exercise.clean_fields()
    assert set(refused.value.message_dict) == {name}


@pytest.mark.parametrize("name", LIMITS)
def test_both_ends_and_what_may_be_left_out_are_kept(name):
    ends = [*LIMITS[name], *([None] if DEFAULTS[name] is None else [])]
    for value in ends:
        assert Exercise.objects.filter(clinic=None, code="G01").update(**{name: value}) == 1
