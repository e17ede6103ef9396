"""Authors' names between the ways people write them and the way CSL-JSON keeps them.

'van der Velde N' is {"family": "van der Velde", "given": "N."}; a name without initials, such as
'World Health Organization', is {"literal": …}. Only initials are kept, with points and spaces
('P. S.'): AMA, Vancouver and APA print no more, and every import then writes one person one way.
"""

import re
from collections.abc import Iterable

Name = dict[str, str]

# One to four capitals, as in 'PS' or 'J-P'. A longer last word is part of an organization's name.
_INITIALS = re.compile(r"[^\W\d_a-z]{1,4}|[^\W\d_a-z](?:-[^\W\d_a-z])+")
_LETTER = re.compile(r"-?[^\W\d_]")
_WORD = re.compile(r"-?[^\W_]+(?:['’][^\W_]+)*")
_SUFFIXES = {
    "jr": "Jr",
    "sr": "Sr",
    "ii": "II",
    "iii": "III",
    "iv": "IV",
    "2nd": "II",
    "3rd": "III",
}
_OTHERS = {"others", "et al", "et al.", "and others", "{others}"}


def parse(text: str) -> Name:
    """A name from 'Family IN', 'Family IN Jr', 'Family, Given Names', or an organization's name.

    Braces around the whole keep it together: '{Team ABC}' is no person.
    """
    text = " ".join(text.split())
    if text.startswith("{") and text.endswith("}"):
        return {"literal": text.strip("{} ")}
    if "," in text:
        return _with_comma(text)
    family, _, initials = text.rpartition(" ")
    suffix = _SUFFIXES.get(initials.rstrip(".").lower(), "")
    if suffix and " " in family and _is_initials(family.rpartition(" ")[2]):
        family, _, initials = family.rpartition(" ")
    else:
        suffix = ""
    if family and _is_initials(initials):
        return _person(family, _with_points(initials), suffix)
    return {"literal": text}


def _is_initials(word: str) -> bool:
    return bool(_INITIALS.fullmatch(word)) and word.isupper()


def _with_comma(text: str) -> Name:
    """'Family, Given', and BibTeX's 'Family, Jr, Given'. More commas are an organization's."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 3 and parts[1].rstrip(".").lower() in _SUFFIXES:
        return _person(parts[0], initials_of(parts[2]), _SUFFIXES[parts[1].rstrip(".").lower()])
    if len(parts) == 3 and parts[2].rstrip(".").lower() in _SUFFIXES:
        return _person(parts[0], initials_of(parts[1]), _SUFFIXES[parts[2].rstrip(".").lower()])
    if len(parts) == 2 and parts[0] and (given := initials_of(parts[1])):
        return _person(parts[0], given, "")
    return {"literal": text.strip(", ")}


def _person(family: str, given: str, suffix: str) -> Name:
    return {"family": family, "given": given, **({"suffix": suffix} if suffix else {})}


def from_csl(name: dict[str, object]) -> Name:
    """A name of somebody else's CSL-JSON, particles put back and given names cut to initials."""
    if literal := str(name.get("literal") or name.get("name") or "").strip():
        return {"literal": " ".join(literal.split())}
    parts = (name.get(key) for key in ("dropping-particle", "non-dropping-particle", "family"))
    family = " ".join(" ".join(str(part) for part in parts if part).split())
    given = initials_of(str(name.get("given") or ""))
    if not family or not given:
        return {"literal": family or str(name.get("given") or "").strip()}
    return _person(
        family, given, _SUFFIXES.get(str(name.get("suffix") or "").rstrip(".").lower(), "")
    )


def initials_of(given: str) -> str:
    """'Pardeep Singh', 'PS' and 'P. S.' all give 'P. S.'; 'Jean-Pierre' gives 'J.-P.'."""
    words = _WORD.findall(given.replace(".", " ").replace("-", " -"))
    capital = [word for word in words if word.lstrip("-")[0].isupper()] or words
    return " ".join(_word_initials(word) for word in capital).replace(" -", "-")


def _word_initials(word: str) -> str:
    bare = word.lstrip("-")
    if len(bare) <= 4 and bare.isupper() and bare.isalpha():
        return _with_points(word)
    return f"{word[: len(word) - len(bare)]}{bare[0].upper()}."


def write(name: Name) -> str:
    """'Family IN', or the organization's name: what `parse` reads back as the same name."""
    if "literal" in name:
        literal = name["literal"]
        return literal if parse(literal) == name else f"{{{literal}}}"
    suffix = f" {name['suffix']}" if name.get("suffix") else ""
    short = f"{name['family']} {_without_points(name.get('given', ''))}".strip() + suffix
    if parse(short) == name or not name.get("given"):
        return short
    return f"{name['family']}, {name['given']}" + (f", {name['suffix']}" if suffix else "")


def inverted(name: Name) -> str:
    """'Family, P. S.' or 'Family, Jr, P. S.', as RIS and BibTeX want it."""
    if "literal" in name:
        return write(name)
    parts = (name["family"], name.get("suffix", ""), name.get("given", ""))
    return ", ".join(part for part in parts if part)


def is_others(text: str) -> bool:
    """Whether this stands for the authors who are not listed."""
    return text.strip().lower() in _OTHERS


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
        if not all(isinstance(part, str) for part in name.values()):
            return "Each author's name is made of words."
    return ""


def _with_points(initials: str) -> str:
    """'J-P' to 'J.-P.', 'PS' to 'P. S.'."""
    return " ".join(f"{part}." for part in _LETTER.findall(initials)).replace(" -", "-")


def _without_points(given: str) -> str:
    return given.replace(".", "").replace(" ", "")
