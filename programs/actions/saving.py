"""A patient's reading list."""

from django.db import transaction

from accounts import audit
from accounts.models import User
from cms.models import ArticlePage
from patients.models import Patient
from programs.models import Exercise, SavedPage


@transaction.atomic
def set_saved(*, patient: Patient, page: ArticlePage | Exercise, saved: bool, by: User) -> None:
    """Put an article or an exercise on the list, or take it off; doing it twice changes nothing."""
    name = "article" if isinstance(page, ArticlePage) else "exercise"
    there = SavedPage.objects.filter(patient=patient)
    if isinstance(page, ArticlePage):  # in whichever language it was saved
        there = there.filter(article__translation_key=page.translation_key)
    else:
        there = there.filter(exercise=page)
    if saved == there.exists():
        return
    if saved:
        SavedPage.objects.create(patient=patient, **{name: page})
    else:
        there.delete()
    audit.record(
        action=audit.Action.PAGE_SAVED if saved else audit.Action.PAGE_UNSAVED,
        patient=patient,
        by=by,
    )
