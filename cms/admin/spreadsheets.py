"""What is exported as a spreadsheet opens as text: no cell begins a formula.

Wagtail marks formulas as text in XLSX itself; in CSV nothing can be marked, so a quote stands in
front, as OWASP advises ("CSV Injection").
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.encoding import force_str
from wagtail.admin.views.mixins import SpreadsheetExportMixin, list_to_str

CSV = SpreadsheetExportMixin.FORMAT_CSV
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(value: Any) -> Any:
    """The text of a cell; numbers and dates stay what they are."""
    text = list_to_str(value) if isinstance(value, list) else force_str(value, strings_only=True)
    if isinstance(text, str) and text.lstrip(" ").startswith(BEGINS_FORMULA):
        return f"'{text}"
    return text


def spreadsheet(rows: Iterable[Sequence[Any]]) -> str:
    """As CSV, with a mark at the beginning by which programs know the letters; no cell is a
    formula.
    """
    text = io.StringIO()
    csv.writer(text).writerows(map(guarded, row) for row in rows)
    return f"\ufeff{text.getvalue()}"


def guard_all() -> None:
    """In Wagtail's own table of how a value is written, which all its exports share."""
    formats = SpreadsheetExportMixin.custom_value_preprocess
    formats[list] = {**formats[list], CSV: guarded}
    formats[object] = {CSV: guarded}  # the last to be asked, for whatever it is
