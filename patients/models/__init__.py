from patients.models.episode import Episode, RedFlagScreen
from patients.models.invitation import Invitation, PrivacyAcceptance
from patients.models.message import CannedAnswer, Message, ThreadMark, with_unread
from patients.models.patient import CareTeamMember, Patient, PatientQuerySet
from patients.models.proposal import ProposedFinding

__all__ = [
    "CannedAnswer",
    "CareTeamMember",
    "Episode",
    "Invitation",
    "Message",
    "Patient",
    "PatientQuerySet",
    "PrivacyAcceptance",
    "ProposedFinding",
    "RedFlagScreen",
    "ThreadMark",
    "with_unread",
]
