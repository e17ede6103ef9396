from patients.models.caregiver import Caregiver, Share
from patients.models.cover import Cover
from patients.models.earlier_record import EarlierRecord
from patients.models.episode import Episode, RedFlagScreen
from patients.models.invitation import Invitation, PrivacyAcceptance
from patients.models.merged_patient import MergedPatient
from patients.models.message import AnswerMark, CannedAnswer, Message, ThreadMark, with_unread
from patients.models.patient import CareTeamMember, Patient, PatientQuerySet
from patients.models.proposal import ProposedFinding
from patients.models.record_link import RecordLink, SentKind, SentToRecord
from patients.models.saved_view import SavedView
from patients.models.sealed_record import SealedRecord

__all__ = [
    "AnswerMark",
    "CannedAnswer",
    "CareTeamMember",
    "Caregiver",
    "Cover",
    "EarlierRecord",
    "Episode",
    "Invitation",
    "MergedPatient",
    "Message",
    "Patient",
    "PatientQuerySet",
    "PrivacyAcceptance",
    "ProposedFinding",
    "RecordLink",
    "RedFlagScreen",
    "SavedView",
    "SealedRecord",
    "SentKind",
    "SentToRecord",
    "Share",
    "ThreadMark",
    "with_unread",
]
