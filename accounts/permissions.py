"""What each role may do. One enum, one table, asked through `User.may`.

Whether someone may *see* a patient is another question: `Patient.objects.visible_to(user)`.
"""

from enum import Enum, auto

from django.db import models


class Role(models.TextChoices):
    THERAPIST = "therapist", "Therapist"
    CLINIC_ADMIN = "clinic_admin", "Clinic administrator"
    EDITOR = "editor", "Editor"
    PATIENT = "patient", "Patient"
    CAREGIVER = "caregiver", "Caregiver"


# Who comes in by the portal's door; all others are staff.
PORTAL_ROLES = frozenset({Role.PATIENT, Role.CAREGIVER})


class Permission(Enum):
    ENTER_WORKSPACE = auto()
    ENTER_PORTAL = auto()
    ADD_PATIENTS = auto()
    TREAT = auto()  # episodes, red-flag screens, plans: clinical decisions
    MANAGE_CARE_TEAMS = auto()
    SEE_ALL_PATIENTS_OF_CLINIC = auto()
    ERASE_PATIENTS = auto()  # and open what is sealed
    MERGE_PATIENTS = auto()  # two records of one person
    READ_AUDIT = auto()  # who did what in the clinic
    RUN_CLINIC = auto()  # its settings and its staff's logins
    WRITE_CONTENT = auto()  # enter Wagtail's admin


_THERAPIST = [
    Permission.ENTER_WORKSPACE,
    Permission.ADD_PATIENTS,
    Permission.TREAT,
    Permission.MANAGE_CARE_TEAMS,
    Permission.WRITE_CONTENT,
]
_PERMISSIONS: dict[str, list[Permission]] = {
    Role.THERAPIST: _THERAPIST,
    # Sees the clinic's patients to keep their care teams right, and decides nothing clinical.
    Role.CLINIC_ADMIN: [
        Permission.ENTER_WORKSPACE,
        Permission.ADD_PATIENTS,
        Permission.MANAGE_CARE_TEAMS,
        Permission.SEE_ALL_PATIENTS_OF_CLINIC,
        Permission.ERASE_PATIENTS,
        Permission.MERGE_PATIENTS,
        Permission.READ_AUDIT,
        Permission.RUN_CLINIC,
    ],
    Role.EDITOR: [Permission.WRITE_CONTENT],
    Role.PATIENT: [Permission.ENTER_PORTAL],
    # Sees one patient at a time, as far as that patient shares (`patients.models.Caregiver`).
    Role.CAREGIVER: [Permission.ENTER_PORTAL],
}


def permissions_of(role: str) -> list[Permission]:
    """The permissions of a role; none for a platform administrator, who sees no patient."""
    return _PERMISSIONS.get(role, [])
