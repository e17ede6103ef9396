"""Passwords that are guessed first."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts import passwords
from accounts.models import Clinic, User
from tests.conftest import PASSWORD

PRIYA = User(
    first_name="Priya", last_name="Nair-Subramaniam", email="p.nair@riverside-pt.example",
    clinic=Clinic(name="Riverside Physical Therapy"),
)  # fmt: skip
QUICK, YOURS, COMMON = "guessed too quickly", "built from your name", "too common"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Password123!", QUICK),
        ("P@ssw0rd1234", QUICK),
        ("Summer2026!", QUICK),
        ("password123", COMMON),
        ("qwertz123456", QUICK),
        ("aaaaaaaaaaaa", QUICK),
        ("0123456789012", QUICK),
        ("gracias1954", QUICK),
        ("Riverside2026", YOURS),
        ("RIVERSIDE#2026#", YOURS),
        ("r1vers1de2026", YOURS),
        ("footing2026", YOURS),
        ("Priya.Nair.1", YOURS),
        ("subramaniam77", YOURS),
        ("riverside-pt1", YOURS),
    ],
)
def test_what_is_guessed_first_is_refused_with_the_reason(password, reason):
    with pytest.raises(ValidationError, match=reason):
        validate_password(password, PRIYA)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "blue kitchen lamp", "mi perro come pan", "tres gatos en la luna", "Kq7!vLw2-pT"],
)
def test_a_few_words_are_taken(password):
    validate_password(password, PRIYA)


def test_without_a_person_the_product_is_still_known():
    with pytest.raises(ValidationError, match=YOURS):
        validate_password("Footing-2026")


WORST = "4@8({[<369&#!1/|0$5+7%2z" * 40


def test_of_a_long_password_only_the_beginning_is_weighed(monkeypatch):
    weighed = []

    def weigh(password, user_inputs):
        weighed.append(password)
        return {"sequence": [], "score": 4}

    monkeypatch.setattr(passwords, "zxcvbn", weigh)
    validate_password(WORST, PRIYA)
    assert weighed == [WORST[:20]]


def test_a_long_repetition_is_refused():
    with pytest.raises(ValidationError, match=QUICK):
        validate_password("ab" * 5_000, PRIYA)


def test_the_reason_is_told_in_spanish():
    with translation.override("es"), pytest.raises(ValidationError, match="Se adivina demasiado"):
        passwords.NotGuessable().validate("Summer2026!", PRIYA)
