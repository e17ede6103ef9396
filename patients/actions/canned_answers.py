"""A clinic's own set of answers that are sent often. No patient is in them."""

from django.db import transaction

from accounts.models import User
from accounts.stale import require_read
from patients.models import CannedAnswer


@transaction.atomic
def save(
    *, answer: CannedAnswer | None, title: str, text: str, by: User, read: str | None = None
) -> CannedAnswer:
    """A new one without `answer`, else changed.

    Raises ValidationError for a taken title, StaleError when a colleague changed it since the page
    with the stamp `read` was made.
    """
    if answer is None:
        answer = CannedAnswer(clinic=by.clinic)
    else:
        answer = CannedAnswer.objects.select_for_update(no_key=True).get(pk=answer.pk)
        require_read(answer, {"title": title, "text": text}, read)
    answer.title, answer.text, answer.changed_by = title.strip(), text.strip(), by
    answer.full_clean()
    answer.save()
    return answer


def remove(*, answer: CannedAnswer, by: User) -> None:
    """Gone from the list. Messages that were sent with it stay as they are."""
    answer.delete()
