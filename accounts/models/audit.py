"""Who did what, saw what, or was refused. Append-only, and without foreign keys: it outlives all.

Rows are written by a function in the database (`accounts.audit`) and sealed into a chain as their
transaction commits: nobody who has only the web's or the worker's role can change what stands there
or when it was written, and nobody at all unnoticed. docs/decisions/0025 says how.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

# The chain of what belongs to no clinic: its platform's administrators and editors.
PLATFORM = uuid.UUID(int=0)


class Action(models.TextChoices):
    """What can be done, as the trail keeps it, and in people's words. A value is never changed."""

    ACCESS_REFUSED = "access.refused", "Was refused a page"
    ACCOUNT_ADDED = "account.added", "Added an account"
    ACCOUNT_CHANGED = "account.changed", "Changed an account"
    ALERT_ACKNOWLEDGED = "alert.acknowledged", "Closed an alert"
    ALERT_WORKED = "alert.worked", "Worked on an alert"
    ALERT_RAISED = "alert.raised", "Raised an alert"
    APP_ADDED = "app.added", "Connected an app"
    APP_CHANGED = "app.changed", "Changed a connected app"
    APP_ENDED = "app.ended", "Ended a connected app"
    APP_ALLOWED = "app.allowed", "Let an app read the record"
    APP_STOPPED = "app.stopped", "Stopped an app from reading the record"
    RECORD_SYSTEM_ADDED = "record_system.added", "Connected a record system"
    RECORD_SYSTEM_CHANGED = "record_system.changed", "Changed a connected record system"
    RECORD_SYSTEM_ENDED = "record_system.ended", "Ended a connected record system"
    RECORD_OPENED = "record.opened", "Opened the patient out of another record"
    RECORD_LINKED = "record.linked", "Linked the patient to another record"
    RECORD_UNLINKED = "record.unlinked", "Took a link to another record back"
    RECORD_SENT = "record.sent", "Sent a letter or a plan to another record"
    AUDIT_EXPORTED = "audit.exported", "Downloaded the audit trail"
    AUDIT_FORGOTTEN = "audit.forgotten", "Removed events past their time"
    AUDIT_READ = "audit.read", "Read the audit trail"
    CALENDAR_LINKED = "calendar.linked", "Linked a calendar"
    CALENDAR_SWITCHED_OFF = "calendar.switched_off", "Switched a calendar link off"
    CAREGIVER_ACCEPTED = "caregiver.accepted", "Accepted to help the patient"
    CAREGIVER_CHANGED = "caregiver.changed", "Changed what a caregiver may see"
    CAREGIVER_ENDED = "caregiver.ended", "Ended a caregiver's access"
    CAREGIVER_INVITED = "caregiver.invited", "Invited a caregiver"
    CARE_TEAM_JOINED = "care_team.joined", "Joined the care team"
    CARE_TEAM_LEFT = "care_team.left", "Left the care team"
    CHECK_IN_CORRECTED = "check_in.corrected", "Corrected a measure"
    CHECK_IN_RECORDED = "check_in.recorded", "Recorded a measure or form"
    CLINIC_ADDED = "clinic.added", "Added the clinic"
    CLINIC_CHANGED = "clinic.changed", "Changed the clinic's settings"
    CONTENT_CHANGED = "content.changed", "Changed the library or the pages"
    CONTENT_EXPORTED = "content.exported", "Downloaded content"
    CONSENT_GIVEN = "consent.given", "Accepted the privacy notice"
    COVER_ARRANGED = "cover.arranged", "Arranged cover for an absence"
    COVER_ENDED = "cover.ended", "Ended cover for an absence"
    EARLIER_BROUGHT = "earlier.brought", "Brought a record of another clinic along"
    EARLIER_TAKEN_AWAY = "earlier.taken_away", "Took a record of another clinic away"
    EPISODE_OPENED = "episode.opened", "Opened an episode"
    EPISODE_CHANGED = "episode.changed", "Changed findings"
    EPISODE_CLOSED = "episode.closed", "Closed an episode"
    FACTOR_ADDED = "factor.added", "Added a passkey or second factor"
    FACTOR_REMOVED = "factor.removed", "Removed a passkey or second factor"
    FACTOR_RESET_ASKED = "factor.reset_asked", "Asked to remove a lost second factor"
    FACTOR_RESET_REFUSED = "factor.reset_refused", "Refused to remove a second factor"
    FINDING_PROPOSED = "finding.proposed", "Proposed a finding"
    FINDING_CONFIRMED = "finding.confirmed", "Confirmed a finding"
    FINDING_REFUSED = "finding.refused", "Refused a finding"
    INVITATION_ACCEPTED = "invitation.accepted", "Accepted an invitation"
    LETTER_MADE = "letter.made", "Made a letter"
    LETTER_DOWNLOADED = "letter.downloaded", "Downloaded a letter"
    MESSAGES_SETTLED = "messages.settled", "Said that messages need no answer"
    MESSAGE_SENT = "message.sent", "Sent a message"
    MONITORING_ANSWERED = "monitoring.answered", "Answered who else bills what"
    MONITORING_CHANGED = "monitoring.changed", "Changed the papers of monitoring"
    MONITORING_EXPORTED = "monitoring.exported", "Downloaded a worksheet of monitoring"
    MONITORING_OPENED = "monitoring.opened", "Opened a signed month of monitoring again"
    MONITORING_PUT_RIGHT = "monitoring.put_right", "Put an entry of monitoring right"
    MONITORING_SIGNED = "monitoring.signed", "Signed a month of monitoring"
    MONITORING_TALKED = "monitoring.talked", "Entered a live talk"
    MONITORING_TIMED = "monitoring.timed", "Entered minutes of monitoring"
    NOTE_SAVED = "note.saved", "Saved a note"
    NUMBERS_EXPORTED = "numbers.exported", "Downloaded numbers without names"
    PAGE_SAVED = "page.saved", "Saved a page"
    PAGE_UNSAVED = "page.unsaved", "Took a page off the saved ones"
    PASSWORD_CHANGED = "password.changed", "Changed the password"
    PATIENT_ADDED = "patient.added", "Added the patient"
    PATIENTS_MERGED = "patients.merged", "Merged two records of the patient"
    PATIENT_CHANGED = "patient.changed", "Changed the patient's details"
    PATIENT_DOWNLOADED = "patient.downloaded", "Downloaded the record"
    PATIENT_ERASED = "patient.erased", "Erased the record"
    PATIENT_INVITED = "patient.invited", "Invited the patient"
    PATIENT_LEFT = "patient.left", "Closed the login"
    PATIENT_READ = "patient.read", "Read a page about the patient"
    PATIENTS_LISTED = "patients.listed", "Read a list with patients' names"
    ERASURE_ASKED = "erasure.asked", "Asked to erase the record"
    ERASURE_TAKEN_BACK = "erasure.taken_back", "Took back the wish to erase"
    PUSH_ADDED = "push.added", "Switched notifications on for a device"
    PUSH_REMOVED = "push.removed", "Switched notifications off for a device"
    PLAN_ACTIVATED = "plan.activated", "Activated a plan"
    PLAN_ADAPTING = "plan.adapting", "Began to adapt the plan"
    PLAN_CHANGED = "plan.changed", "Changed a plan"
    PLAN_DISCARDED = "plan.discarded", "Discarded a draft"
    PLAN_DRAFTED = "plan.drafted", "Drafted a plan"
    PLAN_ENDED = "plan.ended", "Ended the plan"
    PLAN_PAUSED = "plan.paused", "Paused the plan"
    PLAN_PHASE_STARTED = "plan.phase_started", "Started a phase"
    PLAN_REPLACED = "plan.replaced", "Replaced the plan"
    PLAN_RESUMED = "plan.resumed", "Resumed the plan"
    PLAN_UNDONE = "plan.undone", "Took a change of the draft back"
    PRESCRIPTION_ADDED = "prescription.added", "Added an exercise"
    PRESCRIPTION_CHANGED = "prescription.changed", "Changed an exercise's dosage"
    PRESCRIPTION_MOVED = "prescription.moved", "Moved an exercise"
    PRESCRIPTION_REMOVED = "prescription.removed", "Removed an exercise"
    PRESCRIPTION_SWAPPED = "prescription.swapped", "Swapped an exercise"
    PRESCRIPTION_UPDATED_FROM_LIBRARY = (
        "prescription.updated_from_library",
        "Took the library's newer version",
    )
    QUESTION_ASKED = "question.asked", "Asked about an article"
    QUESTION_ANSWERED = "question.answered", "Answered a question"
    RED_FLAGS_SCREENED = "red_flags.screened", "Asked the red flags"
    RED_FLAGS_CLEARED = "red_flags.cleared", "Cleared the red flags"
    RECORDS_EXPORTED = "records.exported", "Exported the clinic's records"
    REGISTRY_EXPORTED = "registry.exported", "Downloaded a de-identified file"
    REMINDERS_CHOSEN = "reminders.chosen", "Chose reminders"
    RESTRICTION_MADE = "restriction.made", "Held something back"
    RESTRICTION_LIFTED = "restriction.lifted", "Lifted a restriction"
    SEALED_RECORD_OPENED = "sealed.opened", "Opened a sealed record"
    SEALED_RECORD_DESTROYED = "sealed.destroyed", "Destroyed a sealed record past its time"
    SESSION_RECORDED = "session.recorded", "Sent a session"
    SESSION_CORRECTED = "session.corrected", "Corrected a session"
    SIGN_IN_FAILED = "sign_in.failed", "Failed to sign in"
    SIGN_IN_LOCKED = "sign_in.locked", "Was locked out for a while"
    SIGNED_IN = "signed_in", "Signed in"
    SIGNED_OUT = "signed_out", "Signed out"
    SIGNS_REPORTED = "signs.reported", "Reported signs"


class AuditEvent(models.Model):
    """One thing that somebody did. The database refuses to change or delete it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    clinic_id = models.UUIDField(help_text="Whose chain it is in; PLATFORM for no clinic's.")
    patient_id = models.UUIDField(null=True)
    named = ArrayField(models.UUIDField(), default=list, help_text="The patients of a list.")
    actor_id = models.UUIDField(null=True, help_text="The user's uuid; none without a login.")
    actor_name = models.CharField(max_length=310)
    actor_role = models.CharField(max_length=20)
    action = models.CharField(max_length=60, help_text="A value of Action.")
    subject_id = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["clinic_id", "patient_id", "-at"], name="audit_by_patient"),
            models.Index(fields=["clinic_id", "-at"], name="audit_by_time"),
            GinIndex(fields=["named"], name="audit_by_named"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.action}"

    @property
    def words(self) -> str:
        """What was done, for people."""
        return Action(self.action).label if self.action in Action.values else self.action


class AuditLink(models.Model):
    """An event's place in its clinic's chain, written as its transaction commits.

    `digest` is of the event and of the digest before it (`accounts.audit_chain`).
    """

    event = models.UUIDField(primary_key=True)
    chain = models.UUIDField(help_text="The event's clinic.")
    number = models.BigIntegerField(help_text="From 1, without a gap.")
    digest = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="audit_link_number")
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"
