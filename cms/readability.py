"""How hard a text is to read: the Flesch-Kincaid grade, school years in the United States.

Kincaid et al. 1975: 0.39 words a sentence + 11.8 syllables a word - 15.59. Syllables are counted by
hyphenation points, which is close but not exact; very short texts are scored too kindly, so whole
pages are tested as well (brief 7).
"""

import re
from functools import cache

import pyphen

TARGET = 6.0  # patient-facing text (brief 7)
CEILING = 8.0

_SENTENCE = re.compile(r"[.!?…]+(?:\s|$)|\n+")
# Neither numbers nor a citation's key, such as bhandari2019.
_WORD = re.compile(r"\b[^\W\d_]+(?:['’][^\W\d_]+)*\b")


@cache
def _dictionary() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


def _syllables(word: str) -> int:
    return len(_dictionary().positions(word.lower())) + 1


def grade(text: str) -> float | None:
    """The grade, at least 0, to one decimal; None for a text without a word."""
    words = _WORD.findall(text)
    if not words:
        return None
    sentences = sum(bool(_WORD.search(part)) for part in _SENTENCE.split(text))
    syllables = sum(map(_syllables, words))
    result = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    return round(max(result, 0.0), 1)


def verdict(text: str) -> str:
    """What to tell an author beside the field."""
    found = grade(text)
    if found is None:
        return ""
    if found > CEILING:
        return f"Reading grade {found}: too hard. Use shorter sentences and words (aim 6)."
    if found > TARGET:
        return f"Reading grade {found}: a little hard (aim 6 or lower)."
    return f"Reading grade {found}: plain."


def verdict_of_page(text: str) -> str:
    """The same for a whole article, which may reach the ceiling but not pass it."""
    found = grade(text)
    if found is None:
        return f"No words yet. Aim for grade {TARGET:.0f} or lower."
    if found > CEILING:
        return (
            f"Reading grade {found}: above {CEILING:.0f}. Use shorter sentences and plainer words."
        )
    if found > TARGET:
        return f"Reading grade {found}: readable. Aim for {TARGET:.0f}; {CEILING:.0f} is the most."
    return f"Reading grade {found}: within the target of {TARGET:.0f} or lower."
