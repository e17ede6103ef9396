"""Records that a newer one puts right; the wrong one is kept."""

from typing import Any, ClassVar, Self

from django.db import models

from patients.models.base import PatientData, PatientDataQuerySet


class ReplaceableQuerySet(PatientDataQuerySet):
    def current(self) -> Self:
        """Without those that a newer record replaces: what is on screen, and what counts."""
        return self.filter(replaced_by=None)


class Replaceable(PatientData):
    """Base of what was reported about a patient and may turn out wrong or incomplete."""

    replaces: "models.OneToOneField[Self | None, Self | None]" = models.OneToOneField(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        editable=False,
        help_text="The wrong or incomplete entry that this one stands for; it is kept.",
    )

    objects: ClassVar[Any] = ReplaceableQuerySet.as_manager()

    class Meta:
        abstract = True

    def newest(self) -> Self:
        """What stands for it now, after all that replaced it; itself where nothing did."""
        newest = self
        while (newer := type(self).objects.filter(replaces=newest).first()) is not None:
            newest = newer
        return newest
