"""A clinic's own set of answers that are sent often. No patient is in them."""

from django.db import transaction

from accounts.models import User
from patients.models import CannedAnswer


@transaction.atomic
def save(*, answer: CannedAnswer | None, title: str, text: str, by: User) -> CannedAnswer:
    """A new one without `answer`, else changed. Raises ValidationError, also for a taken title."""
    if answer is None:
        answer = CannedAnswer(clinic=by.clinic)
    answer.title, answer.text, answer.changed_by = title.strip(), text.strip(), by
    answer.full_clean()
    answer.save()
    return answer


def remove(*, answer: CannedAnswer, by: User) -> None:
    """Gone from the list. Messages that were sent with it stay as they are."""
    answer.delete()
