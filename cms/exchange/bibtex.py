"""BibTeX, also as old LaTeX files have it: accents as commands, braces that keep words together."""

import logging
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from cms import csl, dating, names, titles
from cms.dating import MONTHS
from cms.exchange import entry
from cms.exchange.bibtex_mending import Note, mended
from cms.exchange.entry import Entry
from cms.models.source import Source
from cms.works import ARTICLE

_TYPES = {
    "article": ARTICLE,
    "inbook": "chapter",
    "incollection": "chapter",
    "book": "book",
    "booklet": "book",
    "collection": "book",
    "mvbook": "book",
    "mvcollection": "book",
    "proceedings": "book",
    "mvproceedings": "book",
    "reference": "book",
    "bookinbook": "chapter",
    "suppbook": "chapter",
    "suppcollection": "chapter",
    "inreference": "chapter",
    "suppperiodical": ARTICLE,
    "review": ARTICLE,
    "techreport": "report",
    "report": "report",
    "manual": "report",
    "online": "webpage",
    "electronic": "webpage",
    "www": "webpage",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
}
_CODES = {kind: code for code, kind in reversed(_TYPES.items())} | {"chapter": "incollection"}
_CODES |= {"report": "techreport", "webpage": "online", "thesis": "phdthesis"}
_FROM_PARENT = ("year", "month", "date", "editor", "publisher", "address", "series", "edition")
_STATES = ("pubstate", "year", "date", "month", "note")  # where 'in press' may stand
_COMMENT = re.compile(r"(?<!\\)%")
_ESCAPED = re.compile(r"\\([_%&#{}$~])")
_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        # One by one, so that two hyphens do not become a dash, nor two marks a quotation mark.
        "-": "{-}",
        "'": "{'}",
        "`": "{`}",
        "!": "{!}",
        "?": "{?}",
        "<": "{<}",
        ">": "{>}",
    }
)


def read(text: str) -> Iterator[Entry]:
    import bibtexparser  # noqa: PLC0415 - only where BibTeX is read
    from bibtexparser.model import Entry as Block  # noqa: PLC0415
    from bibtexparser.model import ParsingFailedBlock  # noqa: PLC0415

    logging.getLogger("bibtexparser").setLevel(logging.ERROR)  # what fails is told by line here
    whole, notes = mended(text)
    blocks = bibtexparser.parse_string(whole).blocks
    parents = {block.key.lower(): _record(block) for block in blocks if isinstance(block, Block)}
    begins = [(block.start_line or 0) + 1 for block in blocks]
    for line, after, block in zip(begins, [*begins[1:], len(whole)], blocks, strict=True):
        found = block.ignore_error_block if isinstance(block, ParsingFailedBlock) else block
        if isinstance(found, Block):
            record = _with_parent(_record(found), parents)
            first, last = (bisect_left(notes, (at,)) for at in (line, max(after, line + 1)))
            told = notes[first:last]
            yield _entry(line, found, record, told)
        elif isinstance(block, ParsingFailedBlock):
            yield Entry(line, problem="This entry's braces or quotation marks don't close.")


def _entry(line: int, block: Any, record: dict[str, str], notes: list[Note]) -> Entry:
    kind = block.entry_type.lower()
    fields = fields_of(kind, record)
    is_known = kind in _TYPES or _is_webpage(kind, record)
    date = record.get("date") or " ".join(record.get(name, "") for name in ("year", "month"))
    remarks = (
        *(f"Line {at}: {told} It was read as if it stood there." for at, told in notes),
        *entry.kind_remark(f"@{kind}", is_known),
        *entry.date_remark(plain(date), fields),
    )
    doubts = (
        doubt
        for name in ("author", "editor")
        for doubt in entry.doubts(f"{name}s", list(map(_said, _parts(record.get(name, "")))))
    )
    return Entry(line, fields, key=block.key or "", remarks=remarks, doubts=tuple(doubts))


def _record(block: Any) -> dict[str, str]:
    """The first of two fields with one name counts."""
    return {field.key.lower(): str(field.value) for field in reversed(block.fields)}


def _with_parent(record: dict[str, str], parents: dict[str, dict[str, str]]) -> dict[str, str]:
    """With what it takes from the book that its `crossref` names."""
    named = plain(record.get("crossref", "")).lower()
    parent = parents.get(named) if named else None
    if parent is None:
        return record
    taken = {name: parent[name] for name in _FROM_PARENT if name in parent}
    return taken | {"booktitle": parent.get("title", "")} | record


def fields_of(kind_name: str, record: dict[str, str]) -> dict[str, Any]:
    def first(*names_of_field: str) -> str:
        values = (plain(record.get(name, "")) for name in names_of_field)
        return next((value for value in values if value), "")

    kind = _TYPES.get(kind_name) or ("webpage" if _is_webpage(kind_name, record) else ARTICLE)
    authors, more = people(record.get("author", ""))
    editors, _ = people(record.get("editor", ""))
    short, full = (
        first("shortjournal"),
        first("journaltitle", "journal", "booktitle", "howpublished"),
    )
    return csl.tidy(
        {
            "kind": kind,
            **title_of(record.get("title", "")),
            "authors": authors,
            "more_authors": more,
            "editors": editors,
            "container": short or (full if not full.startswith("http") else ""),
            "container_full": full if short and short != full else "",
            **_date(record),
            "season": _season(record),
            "is_in_press": dating.is_in_press(*(plain(record.get(name, "")) for name in _STATES)),
            "volume": first("volume"),
            "issue": first("number", "issue"),
            "pages": entry.pages(first("pages", "eid", "article-number")),
            "publisher": first("publisher", "institution", "school", "organization"),
            "place": first("address", "location"),
            "edition": first("edition"),
            "doi": verbatim(record.get("doi", "")),
            "pmid": first("pmid") or (first("eprint") if first("eprinttype") == "pubmed" else ""),
            "pmcid": first("pmcid", "pmc"),
            "url": verbatim(record.get("url", "")),
            "accessed": csl.day(dating.dated(first("urldate")).values()),
        }
    )


def _is_webpage(kind_name: str, record: dict[str, str]) -> bool:
    return kind_name == "misc" and "url" in record and "journal" not in record


def _date(record: dict[str, str]) -> dict[str, int | None]:
    if record.get("date"):
        return dating.dated(plain(record["date"]).partition("/")[0])
    parts = (_joined(record.get(name, "")) for name in ("year", "month", "day"))
    return dating.dated(" ".join(part for part in parts if part))


def _season(record: dict[str, str]) -> str:
    """Of months such as '9-10', 'sep # "--" # oct' or 'Spring', also where the year has them."""
    month, date = _joined(record.get("month", "")), plain(record.get("date", ""))
    numbers = dating.season_of_numbers(month) or dating.season_of_numbers(date)
    texts = (month, date, _joined(record.get("year", "")))
    return numbers or next(filter(None, map(dating.season, texts)), "")


def _joined(value: str) -> str:
    """What BibTeX's '#' joins, without the quotation marks of its parts."""
    return plain(re.sub(r"\"?\s*#\s*\"?", "", value).strip('"'))


# Private characters that no text has; they stand for marks while LaTeX is read.
_MARKERS = {mark: (chr(0xE100 + 2 * n), chr(0xE101 + 2 * n)) for n, mark in enumerate(titles.MARKS)}
_MARKING = re.compile(
    r"\\(?:emph|textit|mkbibemph|mkbibitalic)\s*(?P<i>\{)|\{\s*\\(?:it|em|itshape)(?P<old>\s+)"
    r"|\\textsubscript\s*(?P<sub>\{)|\\textsuperscript\s*(?P<sup>\{)"
)
_MATH = re.compile(r"\$\s*(?P<sign>[_^])\s*(?:\{(?P<group>[^{}$]+)\}|(?P<one>[^{}$\s]))\s*\$")


def title_of(latex: str) -> dict[str, str]:
    """`title` and `title_marked`."""
    text = _MATH.sub(_lowered, latex)
    while found := _MARKING.search(text):
        mark = next((name for name in titles.MARKS if found[name]), "i")
        end = _closing(text, found.end())
        opening, closing = _MARKERS[mark]
        inner = text[found.end() : end]
        text = f"{text[: found.start()]}{{{opening}{inner}{closing}{text[end:] or '}'}"
    text = plain(text)
    for mark, (opening, closing) in _MARKERS.items():
        text = text.replace(opening, f"<{mark}>").replace(closing, f"</{mark}>")
    return titles.split(text)


def _lowered(found: re.Match[str]) -> str:
    opening, closing = _MARKERS["sub" if found["sign"] == "_" else "sup"]
    return f"{opening}{found['group'] or found['one']}{closing}"


def _closing(text: str, place: int) -> int:
    """Where the brace closes that is open at `place`."""
    depth = 1
    for at in range(place, len(text)):
        if text[at - 1] != "\\":
            depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return at
    return len(text)


def plain(latex: str) -> str:
    """LaTeX as text: accents become letters, braces go, a bare % is a percent sign."""
    if not re.search(r"[\\{}$~`'-]", latex):
        return " ".join(latex.split())
    text: str = _decoder().latex_to_text(_COMMENT.sub(r"\\%", latex))
    return " ".join(text.replace("ˆ", "^").split()).strip("{}" if _is_wrapped(latex) else "")


def _is_wrapped(latex: str) -> bool:
    """Whether the parser left the enclosing braces, as it does where a field stands twice."""
    return latex.startswith("{") and latex.endswith("}") and "\\{" not in latex


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text  # noqa: PLC0415

    return LatexNodes2Text(math_mode="text", keep_comments=True)


def verbatim(value: str) -> str:
    """A DOI or address, where LaTeX reads nothing but a backslash before what it would read."""
    bare = value.strip().removeprefix("\\url").strip("{} ")
    return _ESCAPED.sub(r"\1", bare)


def people(value: str) -> tuple[list[names.Name], bool]:
    """Names separated by 'and', and whether 'others' stood among them."""
    parts = _parts(value)
    return [_name(part) for part in parts], len(parts) < len(_separated(value))


def _separated(value: str) -> list[str]:
    parts = _split(" ".join(value.split()), " and ")
    return [part.strip(" ,") for part in parts if part.strip(" {},")]


def _parts(value: str) -> list[str]:
    """As they stand, without 'others'."""
    return [part for part in _separated(value) if not names.is_others(part)]


def _said(part: str) -> str:
    """A name for whom it may be several; what is in braces, or in parts, is one."""
    is_whole = part.startswith("{") or _EXTENDED.match(part)
    return "" if is_whole else plain(part)


# BibLaTeX's names in parts: 'family=Haan, given=Ina, prefix=de, useprefix=true'.
_EXTENDED = re.compile(r"\s*\"?\s*(?:family|given|prefix|suffix)(?:-i)?\s*=", re.IGNORECASE)


def _extended(part: str) -> names.Name:
    pairs = (piece.partition("=") for piece in _split(part, ","))
    said = {name.strip(' "').lower(): plain(value.strip().strip('"')) for name, _, value in pairs}
    family = " ".join(filter(None, (said.get("prefix"), said.get("family"))))
    given = said.get("given") or said.get("given-i") or ""
    return names.from_csl({"family": family, "given": given, "suffix": said.get("suffix")})


def _name(part: str) -> names.Name:
    if _EXTENDED.match(part):
        return _extended(part)
    if part.startswith("{") and _split(part, "}")[0] == part and part.endswith("}"):
        return {"literal": plain(part[1:-1])}
    if len(_split(part, ",")) > 1:
        return names.parse(plain(part))
    words = _split(part, " ")
    if len(words) == 1:
        return {"literal": plain(part)}
    # 'Ana de la Cruz': the family name begins with the first small word, else it is the last word.
    begin = next(
        (n for n, word in enumerate(words) if n and plain(word)[:1].islower()), len(words) - 1
    )
    family, given = " ".join(words[begin:]), " ".join(words[:begin])
    return names.parse(f"{plain(family)}, {plain(given)}")


def _split(text: str, separator: str) -> list[str]:
    """Split where no brace is open."""
    parts, depth, begin = [], 0, 0
    for place, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if depth == 0 and text.startswith(separator, place) and separator != "}":
            parts.append(text[begin:place])
            begin = place + len(separator)
        elif separator == "}" and depth == 0 and character == "}" and place < len(text) - 1:
            parts.append(text[begin : place + 1])
            begin = place + 1
    return [*parts, text[begin:]] if begin < len(text) or not parts else parts


def write(sources: Iterable[Source]) -> str:
    return "\n\n".join(_written(source) for source in sources) + "\n"


def _written(source: Source) -> str:
    lines = (f"  {name} = {{{value}}}," for name, value in _pairs(source) if value)
    return "\n".join([f"@{_CODES[source.kind]}{{{source.key},", *lines, "}"])


def _pairs(source: Source) -> Iterator[tuple[str, str]]:
    yield "author", _people(source.authors, more=source.more_authors)
    yield "editor", _people(source.editors, more=False)
    # In braces once more: BibTeX styles would take the capitals away.
    yield "title", f"{{{_marked(source)}}}"
    container = "journal" if source.kind == ARTICLE else "booktitle"
    yield container, escaped(source.container_full or source.container)
    yield "shortjournal", escaped(source.container) if source.container_full else ""
    yield "year", str(source.year or "")
    yield "month", source.season or (MONTHS[source.month - 1] if source.month else "")
    yield "day", str(source.day or "") if not source.season else ""
    yield "pubstate", "inpress" if source.is_in_press else ""
    yield "volume", escaped(source.volume)
    yield "number", escaped(source.issue)
    yield "pages", escaped(source.pages)
    yield "publisher", escaped(source.publisher)
    yield "address", escaped(source.place)
    yield "edition", escaped(source.edition)
    yield "doi", _kept(source.doi)
    yield "pmid", source.pmid
    yield "pmcid", source.pmcid
    yield "url", _kept(source.url)
    yield "urldate", source.accessed.isoformat() if source.accessed else ""


_COMMANDS = {"i": r"\emph", "sub": r"\textsubscript", "sup": r"\textsuperscript"}


def _marked(source: Source) -> str:
    """The title, its marks as commands."""
    text, last = "", 0
    title = source.title_marked or source.title
    for found in titles.MARK.finditer(title) if source.title_marked else ():
        text += escaped(title[last : found.start()])
        text += "}" if found[1] else f"{_COMMANDS[found[2]]}{{"
        last = found.end()
    return text + escaped(title[last:])


def _people(listed: list[names.Name], *, more: bool) -> str:
    written = [
        f"{{{escaped(name['literal'])}}}" if "literal" in name else escaped(names.inverted(name))
        for name in listed
    ]
    return " and ".join([*written, *(["others"] if more else [])])


def escaped(text: str) -> str:
    return text.translate(_SPECIAL)


def _kept(text: str) -> str:
    """An address; only braces would end the field."""
    return re.sub(r"([%&#{}$~])", r"\\\1", text)
