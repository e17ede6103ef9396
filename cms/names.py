"""Authors' names between the way journals write them and the way CSL-JSON keeps them.

'van der Velde N' is {"family": "van der Velde", "given": "N."}; a name without initials, such as
'World Health Organization', is {"literal": …}. Initials are kept with points and spaces ('P. S.'),
which every citation style can shorten and none can guess back.
"""

import re
from collections.abc import Iterable

Name = dict[str, str]

# One to four capitals, as in 'PS' or 'J-P'. A longer last word is part of an organization's name.
_INITIALS = re.compile(r"[^\W\d_a-z]{1,4}|[^\W\d_a-z](?:-[^\W\d_a-z])+")
_LETTER = re.compile(r"-?[^\W\d_]")


def parse(text: str) -> Name:
    """A name from 'Family IN', or an organization's name."""
    text = " ".join(text.split())
    family, _, initials = text.rpartition(" ")
    if family and _INITIALS.fullmatch(initials) and initials.isupper():
        return {"family": family, "given": _with_points(initials)}
    return {"literal": text}


def write(name: Name) -> str:
    """'Family IN', or the organization's name."""
    if "literal" in name:
        return name["literal"]
    return f"{name['family']} {_without_points(name.get('given', ''))}".strip()


def parse_lines(text: str) -> list[Name]:
    return [parse(line) for line in text.splitlines() if line.strip()]


def write_lines(names: Iterable[Name]) -> str:
    return "\n".join(write(name) for name in names)


def problem(names: object) -> str:
    """Why a stored value is not a list of names, or an empty text."""
    if not isinstance(names, list):
        return "Authors are a list of names."
    for name in names:
        if not isinstance(name, dict) or not (name.get("family") or name.get("literal")):
            return "Each author needs a family name, or the name of an organization."
    return ""


def _with_points(initials: str) -> str:
    """'J-P' to 'J.-P.', 'PS' to 'P. S.'."""
    return " ".join(f"{part}." for part in _LETTER.findall(initials)).replace(" -", "-")


def _without_points(given: str) -> str:
    return given.replace(".", "").replace(" ", "")
