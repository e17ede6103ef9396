"""The programs as a therapist chooses one for a patient: what fits, favorites, used lately, all."""

from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef

from accounts.models import User
from patients.models import Episode
from programs.models import Plan, Program, ProgramFavorite
from programs.plans import suggestions
from programs.plans.suggestions import Fit

LATELY = 4


@dataclass(frozen=True)
class Choice:
    """Every program is in exactly one of the lists, in the order of the page."""

    suggested: list[Fit]
    favorites: list[Fit]
    lately: list[Fit]
    others: list[Fit]

    @property
    def all(self) -> list[Fit]:
        return [*self.suggested, *self.favorites, *self.lately, *self.others]


def load(user: User, episode: Episode) -> Choice:
    """Two queries."""
    favorite = ProgramFavorite.objects.filter(user=user, program=OuterRef("pk"))
    programs = list(
        Program.objects.offered_to(user)
        .annotate(phase_count=Count("phases"), is_favorite=Exists(favorite))
        .order_by("code")
    )
    found = suggestions.fits(programs, episode)
    used = _used_lately(user)
    starred = {program.pk for program in programs if program.is_favorite}
    favorites = [one for one in found if one.program.pk in starred and not one.fits]
    shown = {one.program.pk for one in [*suggestions.suggested(found), *favorites]}
    lately = [one for one in found if one.program.pk in used and one.program.pk not in shown]
    shown |= {one.program.pk for one in lately}
    return Choice(
        suggested=suggestions.suggested(found),
        favorites=favorites,
        lately=sorted(lately, key=lambda one: used.index(one.program.pk)),
        others=[one for one in found if one.program.pk not in shown],
    )


def _used_lately(user: User) -> list[int]:
    """The programs that this therapist assigned last, the newest first."""
    used = (
        Plan.objects.filter(created_by=user, program__isnull=False)
        .order_by()
        .values("program")
        .annotate(last=Max("created_at"))
        .order_by("-last")
    )
    return list(used.values_list("program", flat=True)[:LATELY])
