"""A reading of blood sugar in the clinic's unit; stored in mg/dL."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import GlucoseUnit

MG_PER_MMOL = 18.016  # glucose, 180.16 g/mol
LOWEST, HIGHEST = 10, 900  # mg/dL: what a meter can show, with room


def in_unit(mg: int, unit: str) -> float | int:
    """What is stored, as the clinic counts."""
    return round(mg / MG_PER_MMOL, 1) if unit == GlucoseUnit.MMOL else mg


class GlucoseField(forms.DecimalField):
    """Left empty it is None, never 0."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            decimal_places=1,
            widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
            **kwargs,
        )
        self.unit: str = GlucoseUnit.MG

    def measured_in(self, unit: str) -> None:
        self.unit = unit
        self.help_text = _("In %(unit)s. Leave it empty if you did not measure.") % {"unit": unit}

    def clean(self, value: Any) -> int | None:
        """mg/dL. Raises ValidationError for what no meter shows, naming the unit."""
        found = super().clean(value)
        if found is None:
            return None
        mg = round(float(found) * (MG_PER_MMOL if self.unit == GlucoseUnit.MMOL else 1))
        if not LOWEST <= mg <= HIGHEST:
            raise ValidationError(
                _("That can't be right in %(unit)s. Look at your meter again.")
                % {"unit": self.unit}
            )
        return mg
