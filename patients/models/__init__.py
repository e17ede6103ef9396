from patients.models.audit import AuditEvent
from patients.models.episode import Episode, RedFlagScreen
from patients.models.invitation import Invitation, PrivacyAcceptance
from patients.models.patient import CareTeamMember, Patient, PatientQuerySet

__all__ = [
    "AuditEvent",
    "CareTeamMember",
    "Episode",
    "Invitation",
    "Patient",
    "PatientQuerySet",
    "PrivacyAcceptance",
    "RedFlagScreen",
]
