"""When words are words: what is asked for as a reason has to say something."""

import re

_WORD = re.compile(r"[^\W\d_]{2,}")
LEAST_WORDS, LEAST_LETTERS = 2, 8


def is_sentence(text: str) -> bool:
    """At least two different words and eight letters: no '1', 'x', 'ok' or 'ok ok ok'."""
    words = [word.casefold() for word in _WORD.findall(text)]
    return len(set(words)) >= LEAST_WORDS and sum(map(len, words)) >= LEAST_LETTERS
