"""BibTeX, also as old LaTeX files have it: accents as commands, braces that keep words together."""

import logging
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from cms import csl, names
from cms.exchange import entry
from cms.exchange.entry import MONTHS, Entry
from cms.models.source import Source
from cms.works import ARTICLE

_TYPES = {
    "article": ARTICLE,
    "inbook": "chapter",
    "incollection": "chapter",
    "book": "book",
    "booklet": "book",
    "collection": "book",
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
    blocks = bibtexparser.parse_string(text).blocks
    parents = {block.key.lower(): _record(block) for block in blocks if isinstance(block, Block)}
    for block in blocks:
        line = (block.start_line or 0) + 1
        found = block.ignore_error_block if isinstance(block, ParsingFailedBlock) else block
        if isinstance(found, Block):
            fields = _with_parent(_record(found), parents)
            yield Entry(line, fields_of(found.entry_type.lower(), fields), key=found.key or "")
        elif isinstance(block, ParsingFailedBlock):
            yield Entry(line, problem="This entry's braces or quotation marks don't close.")


def _record(block: Any) -> dict[str, str]:
    """The first of two fields with one name counts."""
    return {field.key.lower(): str(field.value) for field in reversed(block.fields)}


def _with_parent(record: dict[str, str], parents: dict[str, dict[str, str]]) -> dict[str, str]:
    """With what it takes from the book that its `crossref` names."""
    parent = parents.get(plain(record.get("crossref", "")).lower())
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
            "title": first("title"),
            "authors": authors,
            "more_authors": more,
            "editors": editors,
            "container": short or (full if not full.startswith("http") else ""),
            "container_full": full if short and short != full else "",
            **_date(record),
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
            "accessed": csl.day(entry.dated(first("urldate")).values()),
        }
    )


def _is_webpage(kind_name: str, record: dict[str, str]) -> bool:
    return kind_name == "misc" and "url" in record and "journal" not in record


def _date(record: dict[str, str]) -> dict[str, int | None]:
    if record.get("date"):
        return entry.dated(plain(record["date"]))
    parts = (plain(record.get(name, "")) for name in ("year", "month", "day"))
    return entry.dated(" ".join(part for part in parts if part))


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
    parts = [part for part in _split(" ".join(value.split()), " and ") if part.strip(" {}")]
    listed = [part for part in parts if not names.is_others(part)]
    return [_name(part.strip()) for part in listed], len(listed) < len(parts)


def _name(part: str) -> names.Name:
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
    yield "title", f"{{{escaped(source.title)}}}"
    container = "journal" if source.kind == ARTICLE else "booktitle"
    yield container, escaped(source.container_full or source.container)
    yield "shortjournal", escaped(source.container) if source.container_full else ""
    yield "year", str(source.year or "")
    yield "month", MONTHS[source.month - 1] if source.month else ""
    yield "day", str(source.day or "")
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
