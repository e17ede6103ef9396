"""Who logs in: clinics, their users, connected apps and records; what each did; mail that waits;
the worker's heartbeat.
"""

from accounts.models.answered_form import AnsweredForm
from accounts.models.audit import AuditEvent, AuditLink
from accounts.models.clinic import Clinic, GlucoseUnit, MonitoredDays, validate_time_zone
from accounts.models.connected_app import AppAccess, AppEvent, AppExport, ConnectedApp
from accounts.models.connected_record import ConnectedRecord, RecordVisit
from accounts.models.factor_reset import FactorReset
from accounts.models.heartbeat import Heartbeat
from accounts.models.mail import QueuedMail, UndeliveredMail
from accounts.models.push import PushDevice
from accounts.models.user import User, UserManager

__all__ = [
    "AnsweredForm",
    "AppAccess",
    "AppEvent",
    "AppExport",
    "AuditEvent",
    "AuditLink",
    "Clinic",
    "ConnectedApp",
    "ConnectedRecord",
    "FactorReset",
    "GlucoseUnit",
    "Heartbeat",
    "MonitoredDays",
    "PushDevice",
    "QueuedMail",
    "RecordVisit",
    "UndeliveredMail",
    "User",
    "UserManager",
    "validate_time_zone",
]
