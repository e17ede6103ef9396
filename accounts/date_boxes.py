"""A date in three boxes: nobody turns a wheel back to 1955."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# Each part with its words and how many signs it has.
PARTS = {"month": (_("Month (1 to 12)"), 2), "day": (_("Day"), 2), "year": (_("Year"), 4)}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class DateBoxes(forms.Widget):
    """Month, day and year as numbers. A whole date under the field's own name is taken, too: what a
    browser or a program fills in.
    """

    template_name = "components/widgets/date_boxes.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        found = _ISO.fullmatch(str(value or ""))
        year, month, day = found.groups() if found else ("", "", "")
        values = {"month": month.lstrip("0"), "day": day.lstrip("0"), "year": year}
        if isinstance(value, dict):  # as it was typed, and not a date
            values = value
        context = super().get_context(name, value, attrs)
        return context | {
            "boxes": [
                {
                    "name": f"{name}_{part}",
                    "part": part,
                    "value": values[part],
                    "words": words,
                    "most": most,
                }
                for part, (words, most) in PARTS.items()
            ],
            "is_wrong": (attrs or {}).get("aria-invalid") == "true",
            "described_by": (attrs or {}).get("aria-describedby", ""),
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = {part: data.get(f"{name}_{part}", "").strip() for part in PARTS}
        if not any(typed.values()):
            return data.get(name)
        numbers = [typed[part] for part in ("year", "month", "day")]
        is_date = all(number.isascii() and number.isdigit() for number in numbers)
        is_date &= len(typed["year"]) == PARTS["year"][1]
        return "{:0>4}-{:0>2}-{:0>2}".format(*numbers) if is_date else typed

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key == name or key.startswith(f"{name}_") for key in data)


class BirthDateField(forms.DateField):
    widget = DateBoxes

    def to_python(self, value: Any) -> Any:
        """Raises ValidationError for what is no date, such as a month without a day."""
        return super().to_python("?" if isinstance(value, dict) else value)
