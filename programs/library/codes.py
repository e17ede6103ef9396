"""Codes of exercises that are free in a clinic."""

from accounts.models import User
from programs.models import Exercise


def free_code(code: str, user: User) -> str:
    """The code with the next free number: G01-2."""
    taken = set(Exercise.objects.filter(clinic=user.clinic).values_list("code", flat=True))
    taken |= set(Exercise.objects.filter(clinic=None).values_list("code", flat=True))
    number = 2
    while f"{code[:16]}-{number}" in taken:
        number += 1
    return f"{code[:16]}-{number}"
