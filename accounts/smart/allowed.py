"""What a patient has let apps read, by app."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.models import AppAccess, ConnectedApp, User
from accounts.smart.scopes import Reach, meanings


@dataclass(frozen=True)
class Allowed:
    """One app, with all that it was allowed at one time or another and can still read."""

    app: ConnectedApp
    accesses: Sequence[AppAccess]  # the oldest first

    @property
    def meanings(self) -> list[Promise]:
        """In a patient's words."""
        known = {kind for one in self.accesses for kind in Reach(one.scope).kinds}
        return meanings(kind for kind in self.app.kinds if kind in known)

    @property
    def since(self) -> dt.datetime:
        return self.accesses[0].allowed_at

    @property
    def used_at(self) -> dt.datetime | None:
        return max((one.used_at for one in self.accesses if one.used_at), default=None)


def by(user: User) -> list[Allowed]:
    """By their names."""
    lasting = AppAccess.objects.lasting().filter(user=user).select_related("app")
    by_app: dict[ConnectedApp, list[AppAccess]] = {}
    for access in lasting.order_by("app__name", "app", "allowed_at"):
        by_app.setdefault(access.app, []).append(access)
    return [Allowed(app, accesses) for app, accesses in by_app.items()]
