"""Who saw or changed what. Append-only, and without foreign keys, so that it outlives all."""

import uuid
from enum import StrEnum
from typing import Self

from django.db import models

from accounts.models import User
from patients.models.patient import Patient


class Action(StrEnum):
    """What can be done to a patient's data, as the trail keeps it. A value is never changed."""

    ALERT_ACKNOWLEDGED = "alert.acknowledged"
    CALENDAR_LINKED = "calendar.linked"
    CALENDAR_SWITCHED_OFF = "calendar.switched_off"
    CARE_TEAM_JOINED = "care_team.joined"
    CARE_TEAM_LEFT = "care_team.left"
    CHECK_IN_CORRECTED = "check_in.corrected"
    CHECK_IN_RECORDED = "check_in.recorded"
    EPISODE_OPENED = "episode.opened"
    EPISODE_CHANGED = "episode.changed"
    EPISODE_CLOSED = "episode.closed"
    FINDING_PROPOSED = "finding.proposed"
    FINDING_CONFIRMED = "finding.confirmed"
    FINDING_REFUSED = "finding.refused"
    INVITATION_ACCEPTED = "invitation.accepted"
    MESSAGE_SENT = "message.sent"
    PAGE_SAVED = "page.saved"
    PAGE_UNSAVED = "page.unsaved"
    PATIENT_ADDED = "patient.added"
    PATIENT_CHANGED = "patient.changed"
    PATIENT_DOWNLOADED = "patient.downloaded"
    PATIENT_INVITED = "patient.invited"
    PATIENT_LEFT = "patient.left"
    PATIENT_READ = "patient.read"
    PLAN_ACTIVATED = "plan.activated"
    PLAN_ADAPTING = "plan.adapting"
    PLAN_CHANGED = "plan.changed"
    PLAN_DISCARDED = "plan.discarded"
    PLAN_DRAFTED = "plan.drafted"
    PLAN_ENDED = "plan.ended"
    PLAN_PAUSED = "plan.paused"
    PLAN_PHASE_STARTED = "plan.phase_started"
    PLAN_REPLACED = "plan.replaced"
    PLAN_RESUMED = "plan.resumed"
    PLAN_UNDONE = "plan.undone"
    PRESCRIPTION_ADDED = "prescription.added"
    PRESCRIPTION_CHANGED = "prescription.changed"
    PRESCRIPTION_MOVED = "prescription.moved"
    PRESCRIPTION_REMOVED = "prescription.removed"
    PRESCRIPTION_SWAPPED = "prescription.swapped"
    PRESCRIPTION_UPDATED_FROM_LIBRARY = "prescription.updated_from_library"
    QUESTION_ASKED = "question.asked"
    QUESTION_ANSWERED = "question.answered"
    RED_FLAGS_SCREENED = "red_flags.screened"
    RED_FLAGS_CLEARED = "red_flags.cleared"
    REMINDERS_CHOSEN = "reminders.chosen"
    RESTRICTION_MADE = "restriction.made"
    RESTRICTION_LIFTED = "restriction.lifted"
    SESSION_RECORDED = "session.recorded"
    SESSION_CORRECTED = "session.corrected"
    SIGNS_REPORTED = "signs.reported"


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, user: User) -> Self:
        """The events about patients that `user` may see."""
        visible = Patient.objects.visible_to(user)
        return self.filter(patient_id__in=visible.values("pk"))


class AuditEvent(models.Model):
    """One read or write of a patient's data. The database refuses to change or delete it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    clinic_id = models.UUIDField()
    patient_id = models.UUIDField()
    actor_id = models.UUIDField(help_text="The user's uuid.")
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=20)
    action = models.CharField(max_length=60, help_text="Such as plan.activated.")
    subject_id = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["clinic_id", "patient_id", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.action}"
