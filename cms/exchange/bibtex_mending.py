"""BibTeX with a comma or an equals sign left out, mended so that no field swallows the next.

Parsers read on to the next comma: `number={2}` without one, before `year = {2019}`, becomes an
issue of '2 year = 2019'. Here each entry is walked once before it is parsed, what is missing is put
in, and the line is named. A value that does not close is looked through no further than the next
entry: a file of such ones costs as much as one of whole ones.
"""

import re
from bisect import bisect_left
from itertools import zip_longest

_BEGIN = re.compile(r"^[^\S\n]*@\s*(\w+)\s*([{(])", re.MULTILINE)
_NO_ENTRIES = {"comment", "preamble", "string"}
_KEY = re.compile(r"\s*([^\s,={}()\"]*)(\s*)")
_NAME = re.compile(r"\s*([A-Za-z][\w:+./-]*)(\s*)")
_NEXT = re.compile(r"\s*[A-Za-z][\w:+./-]*\s*(?:=|[{\"])")
_BARE = re.compile(r"[^\s,{}()\"#=]+")
_SPACE = re.compile(r"\s*")
_SIGN = re.compile(r'(?<!\\)[{}]|"')

Note = tuple[int, str]  # a line, counted from 1, or a place; and what to tell of it


def mended(text: str) -> tuple[str, list[Note]]:
    """The text on the same lines, and what was put in, by line.

    An entry that does not close is left.
    """
    puts: dict[int, str] = {}
    notes: list[Note] = []
    lines = [found.start() for found in re.finditer("\n", text)]
    begun = list(_BEGIN.finditer(text))
    for begin, following in zip_longest(begun, begun[1:]):
        if begin[1].lower() not in _NO_ENTRIES:
            stop = following.start() if following else len(text)
            told = _walk(text, begin.end(), stop, puts)
            notes += [(bisect_left(lines, at) + 1, words) for at, words in told]
    places = sorted(puts)
    whole = "".join(
        text[first:last] + puts.get(last, "")
        for first, last in zip([0, *places], [*places, len(text)], strict=True)
    )
    return whole, sorted(notes)


def _walk(text: str, place: int, stop: int, puts: dict[int, str]) -> list[Note]:
    """The key and the fields of one entry, of which nothing stands behind `stop`.

    Adds to `puts`, and says of each where it stands.
    """
    told: list[Note] = []

    def put(at: int, sign: str, words: str) -> None:
        puts[at] = sign
        told.append((at, words))

    key = _KEY.match(text, place)
    assert key
    place = key.end(1)
    if text[key.end() : key.end() + 1] == "=":  # what looked like the key is the first field's name
        put(key.start(1), ",", "The entry's key is missing.")
        place = key.start(1)
    elif _NEXT.match(text, key.end()) and key[1]:
        put(place, ",", f"A comma is missing after the key, {key[1]}.")
    elif text[key.end() : key.end() + 1] == ",":
        place = key.end() + 1
    else:
        return told
    while name := _NAME.match(text, place):
        value = name.end() + 1
        if text[name.end() : name.end() + 1] != "=":
            if text[name.end() : name.end() + 1] not in ("{", '"'):
                return told
            put(name.end(1), " =", f"An equals sign is missing after “{name[1]}”.")
            value = name.end()
        end = _after_value(text, value, stop)
        if end is None:
            return told
        place = _skipped(text, end)
        if text[place : place + 1] == ",":
            place += 1
        elif _NEXT.match(text, place) and (following := _NAME.match(text, place)):
            put(end, ",", f"A comma is missing before “{following[1]}”.")
        else:
            return told
    return told


def _skipped(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _after_value(text: str, place: int, stop: int) -> int | None:
    """Behind a value: parts in braces or quotation marks or bare, joined by '#'."""
    while True:
        place = _skipped(text, place)
        end = _after_part(text, place, stop)
        if end is None or text[(after := _skipped(text, end)) : after + 1] != "#":
            return end
        place = after + 1


def _after_part(text: str, place: int, stop: int) -> int | None:
    opening = text[place : place + 1]
    if opening not in ("{", '"'):
        bare = _BARE.match(text, place)
        return bare.end() if bare else None
    depth = 0
    for sign in _SIGN.finditer(text, place, stop):
        if sign[0] == '"':
            if depth == 0 and opening == '"' and sign.start() > place:
                return sign.end()
            continue
        depth += 1 if sign[0] == "{" else -1
        if depth == 0 and sign[0] == "}" and opening == "{":
            return sign.end()
        if depth < 0:
            return None
    return None
