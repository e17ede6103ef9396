"""The lists of patients that somebody comes back to. No patient is in them."""

from django.db import transaction

from accounts.models import User
from patients.models import SavedView


@transaction.atomic
def save(*, name: str, query: str, by: User) -> SavedView:
    """Under a name that is taken, the view of that name shows this list from now on.

    Raises ValidationError without a name, or with one that is too long.
    """
    name = " ".join(name.split())
    view = by.saved_views.select_for_update().filter(name=name).first()
    view = view or SavedView(clinic=by.clinic, user=by, name=name)
    view.query = query
    view.full_clean(validate_unique=False, validate_constraints=False)
    view.save()
    return view


@transaction.atomic
def remove(*, view: SavedView, by: User) -> None:
    by.saved_views.filter(pk=view.pk).delete()
