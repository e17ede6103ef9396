"""What the demo clinic's people have written to each other, and its canned answers."""

import datetime as dt
import uuid

from django.utils import timezone

from accounts.models import Clinic, User
from patients.actions import canned_answers, messages
from patients.models import Patient

ANSWERS = {
    "Appointment": "To change an appointment, please call us. We are there Monday to Friday.",
    "Thank you": "Thank you for writing. I will look at it and answer tomorrow.",
    "Please call": "Please call the clinic today, so that we can talk about this.",
}
# Days ago, whether the patient wrote, and what. The last one waits for an answer.
ANA = [
    (5, True, "The strap is hard to hold with cold fingers. Is a towel all right?"),
    (4, False, "Yes, a rolled towel works well. Keep the pull light."),
    (0, True, "The towel is better. Thank you! Can I do it after lunch instead of before?"),
]


def build(clinic: Clinic, therapist: User) -> None:
    for title, text in ANSWERS.items():
        canned_answers.save(answer=None, title=title, text=text, by=therapist)
    ana = Patient.objects.select_related("clinic", "user").get(clinic=clinic, first_name="Ana")
    assert ana.user is not None
    now = timezone.now()
    for days_ago, by_patient, text in ANA:
        messages.send(
            message_id=uuid.uuid4(),
            patient=ana,
            text=text,
            by=ana.user if by_patient else therapist,
            at=now - dt.timedelta(days=days_ago, minutes=40),
        )
    messages.mark_read(patient=ana, up_to=2, by=therapist)
    messages.mark_read(patient=ana, up_to=2, by=ana.user)
