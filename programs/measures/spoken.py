"""The words of measures and progress forms in the reader's language.

They are written in English and frozen in versions; the catalog of translations has those of the
library (programs.starter.words), and with them a clinic's own where they are the same.
"""

from collections.abc import Iterable

from django.utils.translation import get_language, gettext


def said(text: str) -> str:
    """In the reader's language, or as it was written."""
    return gettext(text) if text else ""


def said_parts(text: str) -> str:
    """The same of titles that were joined: 'Calm-down + Balance'."""
    return " + ".join(said(part) for part in text.split(" + "))


def is_in_english_instead(texts: Iterable[str]) -> bool:
    """Some of these questions are not in the reader's language."""
    is_english = (get_language() or "en").startswith("en")
    return not is_english and any(text and said(text) == text for text in texts)
