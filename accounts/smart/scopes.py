"""What can be allowed: scopes of SMART App Launch 2.2 for reading FHIR, and what they mean.

`patient/Observation.rs` is to read (`r`) and to search (`s`) the observations of one patient,
`system/*.rs` all there is of a clinic. Scopes of the first version (`patient/*.read`) are known,
too. Nothing can be written by them.
"""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Whose record an app reads; SMART's names."""

    PATIENT = "patient", "One patient's, where that patient lets it"
    SYSTEM = "system", "All patients' of the clinic, without anybody logged in"


OFFLINE = "offline_access"  # go on without the patient, by a refresh token
LAUNCH = "launch/patient"  # tell the app whose record it is
ALL = "*"
# Kinds of resources of FHIR R4, by what they are to a patient.
MEANING: dict[str, Promise] = {
    "Patient": _("Your name, birth date, and how you are reached"),
    "RelatedPerson": _("Who helps you"),
    "Condition": _("Your numb feet and what is known of them"),
    "EpisodeOfCare": _("Your numb feet and what is known of them"),
    "Flag": _("What is left out for your safety"),
    "CarePlan": _("Your plan and your exercises"),
    "Goal": _("Your plan and your exercises"),
    "ServiceRequest": _("Your plan and your exercises"),
    "Procedure": _("Your sessions"),
    "Observation": _("What you told about pain, numbness and falls, and what was measured"),
    "Questionnaire": _("Your answers to forms"),
    "QuestionnaireResponse": _("Your answers to forms"),
    "Task": _("Answers of yours that your therapist was told of"),
    "Consent": _("What you agreed to"),
    "Provenance": _("Who wrote what"),
    "CareTeam": _("Your clinic and who treats you"),
    "Organization": _("Your clinic and who treats you"),
    "Practitioner": _("Your clinic and who treats you"),
    "PractitionerRole": _("Your clinic and who treats you"),
}
KINDS = tuple(MEANING)
_SCOPE = re.compile(r"(patient|system)/(\*|[A-Z][A-Za-z]{1,40})\.(\*|read|c?r?u?d?s?)")
LONGEST = 4000  # characters of all scopes together


class Scope(NamedTuple):
    """One scope as it was written, with what it lets read."""

    written: str
    level: Level
    kind: str  # `ALL` for each
    may: frozenset[str]  # of `r` and `s`


def parsed(written: str) -> Scope | None:
    """None for what is no scope on resources, and for one that lets nothing be read."""
    found = _SCOPE.fullmatch(written)
    if found is None:
        return None
    level, kind, acts = found.groups()
    may = frozenset("rs") if acts in {"*", "read"} else frozenset(acts) & frozenset("rs")
    return Scope(written, Level(level), kind, may) if may else None


def _only_reading(scope: Scope) -> str:
    """As it is granted: an app of the first version of SMART knows no other way to write it."""
    head, _dot, acts = scope.written.rpartition(".")
    if acts in {"*", "read"}:
        return f"{head}.read"
    return f"{head}.{''.join(sign for sign in 'rs' if sign in scope.may)}"


def granted(asked: str, level: Level, kinds: Collection[str]) -> str:
    """Of the scopes that an app asks for, those that it can have; empty without one on resources.

    `kinds` is what the clinic lets it read at the most: `*` becomes one scope for each of them.
    What is not known here is left away, as OAuth 2.0 (RFC 6749, 3.3) lets us.
    """
    given: list[str] = []
    for word in asked[:LONGEST].split():
        scope = parsed(word)
        if scope is None or scope.level is not level:
            continue
        text = _only_reading(scope)
        if scope.kind == ALL and set(kinds) != set(KINDS):
            given += [text.replace(ALL, kind, 1) for kind in KINDS if kind in kinds]
        elif scope.kind == ALL or scope.kind in kinds:
            given.append(text)
    if not given:
        return ""
    if level is Level.PATIENT:
        given += [word for word in (LAUNCH, OFFLINE) if word in asked.split()]
    return " ".join(dict.fromkeys(given))


class Reach:
    """What a granted scope lets an app read."""

    def __init__(self, scope: str) -> None:
        self._scopes = [one for one in map(parsed, scope.split()) if one is not None]

    def may(self, act: str, kind: str) -> bool:
        """`act` is `r`, by id, or `s`, by a search."""
        return any(act in one.may and one.kind in {ALL, kind} for one in self._scopes)

    @property
    def kinds(self) -> list[str]:
        """In the order of `KINDS`."""
        return [kind for kind in KINDS if self.may("r", kind) or self.may("s", kind)]


def meanings(kinds: Iterable[str]) -> list[Promise]:
    """In a patient's words, each once."""
    return list(dict.fromkeys(MEANING[kind] for kind in kinds))
