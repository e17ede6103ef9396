"""Authors' names between the ways people write them and the way CSL-JSON keeps them.

'van der Velde N' is {"family": "van der Velde", "given": "N."}; a name without initials, such as
'World Health Organization', is {"literal": …}. Given names stay as whole as a file has them, so
that an export gives back what came; initials get points and spaces ('P. S.'). References print
initials only (cms.formatting).
"""

import re
from collections.abc import Iterable

Name = dict[str, str]

# One to four capitals, as in 'PS' or 'J-P'. A longer last word is part of an organization's name.
_INITIALS = re.compile(r"[^\W\d_a-z]{1,4}|[^\W\d_a-z](?:-[^\W\d_a-z])+")
_LETTER = re.compile(r"-?[^\W\d_]")
_ONE_LETTER = re.compile(r"(?<![\w'’])([^\W\d_])(?![\w.'’])")
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
        return _person(parts[0], given_of(parts[2]), _SUFFIXES[parts[1].rstrip(".").lower()])
    if len(parts) == 3 and parts[2].rstrip(".").lower() in _SUFFIXES:
        return _person(parts[0], given_of(parts[1]), _SUFFIXES[parts[2].rstrip(".").lower()])
    if len(parts) == 2 and parts[0] and (given := given_of(parts[1])):
        return _person(parts[0], given, "")
    return {"literal": text.strip(", ")}


def _person(family: str, given: str, suffix: str) -> Name:
    return {"family": family, "given": given, **({"suffix": suffix} if suffix else {})}


def from_csl(name: dict[str, object]) -> Name:
    """A name of somebody else's CSL-JSON, particles put back."""
    if literal := str(name.get("literal") or name.get("name") or "").strip():
        return {"literal": " ".join(literal.split())}
    parts = (name.get(key) for key in ("dropping-particle", "non-dropping-particle", "family"))
    family = " ".join(" ".join(str(part) for part in parts if part).split())
    given = given_of(str(name.get("given") or ""))
    if not family or not given:
        return {"literal": family or str(name.get("given") or "").strip()}
    return _person(
        family, given, _SUFFIXES.get(str(name.get("suffix") or "").rstrip(".").lower(), "")
    )


def natural(text: str) -> Name:
    """'Ana de la Cruz': the family name begins with the first small word, else it is the last."""
    words = text.split()
    if len(words) < 2:
        return parse(text)
    begin = next((n for n, word in enumerate(words) if n and word[:1].islower()), len(words) - 1)
    return parse(f"{' '.join(words[begin:])}, {' '.join(words[:begin])}")


def given_of(text: str) -> str:
    """Given names whole, 'Pardeep Singh'; only initials get one form: 'PS' and 'P.S.' are 'P. S.'.

    Empty where no letter is: no name.
    """
    text = " ".join(text.split()).strip(", ")
    if not _WORD.search(text):
        return ""
    words = _WORD.findall(text.replace(".", " ").replace("-", " -"))
    if all(_stands_for_names(word.lstrip("-")) for word in words):
        return initials_of(text)
    return _ONE_LETTER.sub(lambda found: found[1] + ("." if found[1].isupper() else ""), text)


def initials_of(given: str) -> str:
    """'Pardeep Singh', 'PS' and 'P. S.' all give 'P. S.'; 'Jean-Pierre' gives 'J.-P.'."""
    words = _WORD.findall(given.replace(".", " ").replace("-", " -"))
    capital = [word for word in words if word.lstrip("-")[0].isupper()] or words
    return " ".join(_word_initials(word) for word in capital).replace(" -", "-")


def _word_initials(word: str) -> str:
    bare = word.lstrip("-")
    if _stands_for_names(bare):
        return _with_points(word)
    return f"{word[: len(word) - len(bare)]}{bare[0].upper()}."


def short(name: Name) -> str:
    """'Family IN', as references have it, or the organization's name."""
    if "literal" in name:
        return name["literal"]
    initials = _without_points(initials_of(name.get("given", "")))
    return " ".join(part for part in (name["family"], initials, name.get("suffix", "")) if part)


def _stands_for_names(word: str) -> bool:
    """'PS', but not 'ANNA', as old catalogs write a whole name."""
    return len(word) <= 3 and word.isupper() and word.isalpha()


def write(name: Name) -> str:
    """'Family IN', 'Family, Given', or the organization's name: what `parse` reads back as it."""
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


# Words by which a text with commas is an organization's name, an address or the like.
_NOT_OF_PEOPLE = re.compile(
    r"\b(?:and|of|for|on|the|in|group|team|study|trial|society|association|organi[sz]ation|institute"
    r"|university|department|ministry|hospital|clinic|center|centre|committee|consortium|network"
    r"|college|foundation|federation|council|agency|inc|ltd|llc|gmbh)\b",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)


def apart(text: str) -> list[Name]:
    """The people that one text may name: 'Ines Ruiz, Omar Diaz, Lea Funk'. Empty where it is one.

    Nothing is decided by it: 'García Márquez, Gabriel José' may be one as well.
    """
    text = " ".join(text.split())
    if text.startswith("{") and text.endswith("}"):
        return []
    found = _listed(text)
    are_people = all("family" in name for name in found)
    return found if len(found) > 1 and are_people else []


def _listed(text: str) -> list[Name]:
    if ";" in text:
        return _people([part for part in text.split(";") if part.strip()])
    parts = [part.strip() for part in _AND.sub(", ", text).split(",") if part.strip(" .")]
    if any(part.rstrip(".").lower() in _SUFFIXES for part in parts):
        return []
    halves = parts[1::2]
    in_pairs = len(parts) > 2 and len(halves) * 2 == len(parts)
    if in_pairs and all(_is_half(part) for part in halves):
        pairs = zip(parts[::2], halves, strict=True)  # 'Ruiz, Ines, Diaz, O. M.'
        return _people([", ".join(pair) for pair in pairs])
    if any(_is_half(part) for part in parts) or (len(parts) == 2 and text[:1].islower()):
        return []  # 'Ruiz, Ines', 'de la Cruz, Ana María', or an organization's commas
    return _people(parts)


def _is_half(part: str) -> bool:
    """One word, or initials only: not somebody's whole name."""
    words = _WORD.findall(part.replace(".", " "))
    return len(words) < 2 or all(_stands_for_names(word.lstrip("-")) for word in words)


def _people(parts: list[str]) -> list[Name]:
    if any(_NOT_OF_PEOPLE.search(part) or re.search(r"\d", part) for part in parts):
        return []
    return [_one_of(part.strip()) for part in parts]


def _one_of(part: str) -> Name:
    is_plain = "," in part or "family" in parse(part)
    return parse(part) if is_plain else natural(part)


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
