"""References by the CSL processor, in our own styles (cms/styles, docs/decisions/0011).

The processor escapes some fields and not others. So the characters that mean something in HTML go
in as private ones and come out as entities: no title can bring markup of its own.
"""

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from cms import csl, names, titles
from cms.models.settings import CitationStyle
from cms.models.source import Source
from cms.works import ARTICLE

FOLDER = Path(__file__).parent / "styles"
MOST_KEPT = 4096  # references kept ready in a process, some 2 MB

# Also the hyphen, which the processor would make a dash in page numbers.
_MEANINGFUL = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "-": "-"}
_HIDDEN = {character: chr(0xE000 + n) for n, character in enumerate(_MEANINGFUL)}
_HIDE = {**dict.fromkeys(range(57344, 57360))}
_HIDE |= {ord(character): hidden for character, hidden in _HIDDEN.items()}
_SHOW = {ord(hidden): _MEANINGFUL[character] for character, hidden in _HIDDEN.items()}
# The marks of a title, each a private character of its own; what is not one of them is text.
_TAGS = {f"<{end}{name}>": "" for name in titles.MARKS for end in ("", "/")}
_TAGS = {tag: chr(0xE008 + n) for n, tag in enumerate(_TAGS)}
_SHOW |= {ord(hidden): tag for tag, hidden in _TAGS.items()}
_CLOSING = "".join(hidden for tag, hidden in _TAGS.items() if tag.startswith("</"))

PEOPLE = ("author", "editor")
OTHERS = "et al"  # stands last among the authors when not all are known
_SUPPLEMENT = re.compile(
    r"^(?P<issue>\S*?)[\s,(]*supp(?:l(?:ement)?)?\.?\s*(?P<number>\w*)\)?$", re.IGNORECASE
)
_RANGE = re.compile(r"([A-Za-z]*)(\d+)-\1(\d+)")
_E_NUMBER = re.compile(r"^[A-Za-z]+\d+$")
# Also before a closing quotation mark, which may be a hidden one.
_QUOTES = f"”’{_HIDDEN[chr(34)]}{_HIDDEN[chr(39)]}"
_DOUBLED_STOP = re.compile(rf"(?<![.…])([.?!][{_QUOTES}]?[{_CLOSING}]?(?:</i>)?)\.(?!\.)")


def formatted(source: Source, style: str = CitationStyle.AMA) -> SafeString:
    """The reference as HTML: text, and <i> where the style wants it. Kept by style and content."""
    return mark_safe(_formatted(style, json.dumps(csl.to_csl(source), sort_keys=True)))


@lru_cache(maxsize=MOST_KEPT)
def _formatted(style: str, content: str) -> str:
    from citeproc import (  # noqa: PLC0415 - brings lxml: only where a reference is written
        Citation,
        CitationItem,
        CitationStylesBibliography,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON  # noqa: PLC0415

    item = _worded(json.loads(content), style)
    bibliography = CitationStylesBibliography(_style(style), CiteProcJSON([item]), formatter.html)
    bibliography.register(Citation([CitationItem("work")]))
    return _finished(str(bibliography.bibliography()[0]), style, item)


@cache
def _style(name: str) -> Any:
    from citeproc import CitationStylesStyle  # noqa: PLC0415

    # Our own files, held against the schema by a test.
    return CitationStylesStyle(str(FOLDER / f"{name}.csl"), validate=False)


def _worded(item: csl.Item, style: str) -> csl.Item:
    """What the processor gets: names and texts made safe, what it can't word worded already."""
    authors = item.get("author", []) + ([{"literal": OTHERS}] if item.get("custom") else [])
    is_in_press = csl.IN_PRESS in csl.states(item.get("status"))
    item = {name: value for name, value in item.items() if name not in {"custom", "status"}}
    item |= {"id": "work", "author": authors, **_supplement(item, style), **_pages(item, style)}
    item |= {name: [_initialed(one) for one in item[name]] for name in PEOPLE if item.get(name)}
    item["issued"] = _one_date(item.get("issued", {}))
    if is_in_press:
        item["genre"] = csl.IN_PRESS
    elif _is_online_first(item):
        item["status"] = "online first"
    words = _hidden(_without_repeats(item, style))
    return {**words, "id": "work", "type": item["type"], "title": _title(item.get("title", ""))}


def _initialed(name: names.Name) -> names.Name:
    """What all three styles print of given names."""
    return {**name, "given": names.initials_of(name["given"])} if name.get("given") else name


def _one_date(issued: csl.Item) -> csl.Item:
    """Of two months, or of a season, the year: no style here prints more of a journal's date."""
    lists = issued.get("date-parts", [])
    is_vague = len(lists) > 1 or "season" in issued
    return {"date-parts": [lists[0][:1]] if is_vague else lists} if lists else {}


def _title(title: str) -> str:
    """Its words made safe, and its marks kept."""
    marked = titles.marked(title)
    parts = titles.MARK.split(marked) if marked else [title]
    words = _hidden(parts[0])
    for end, name, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        words += _TAGS[f"<{end}{name}>"] + _hidden(text)
    return str(words)


def _is_online_first(item: csl.Item) -> bool:
    """An article with a day or month and no place in a volume yet."""
    is_placed = bool({"volume", "issue", "page"} & item.keys())
    date = item.get("issued", {}).get("date-parts", [[]])[0]
    return item["type"] == ARTICLE and not is_placed and len(date) > 1


def _supplement(item: csl.Item, style: str) -> csl.Item:
    """A supplement as each style writes it: '53(suppl 1)', '53 Suppl 1', '53(Suppl. 1)'."""
    found = _SUPPLEMENT.match(item.get("issue", ""))
    if not found:
        return {}
    issue, number = found["issue"], found["number"]
    if style == CitationStyle.AMA:
        last = f"suppl {number}".strip()
        return {"issue": f"{issue})({last}" if issue else last}
    if style == CitationStyle.APA:
        last = f"Suppl. {number}".strip()
        return {"issue": f"{issue}, {last}" if issue else last}
    last = f"Suppl {number}".strip()
    if issue:
        return {"issue": f"{issue} {last}"}
    return {"volume": f"{item.get('volume', '')} {last}".strip(), "issue": ""}


def _pages(item: csl.Item, style: str) -> csl.Item:
    pages = item.get("page", "").replace("–", "-").replace("--", "-")
    if not pages:
        return {}
    if style == CitationStyle.VANCOUVER:
        return {"page": _shortened(pages)}
    if style == CitationStyle.AMA:
        return {"page": pages}
    if item["type"] in {"chapter", "paper-conference"}:
        many = "pp." if "-" in pages or "," in pages else "p."
        return {"page": f"{many} {pages.replace('-', '–')}"}
    return {"page": f"Article {pages}" if _E_NUMBER.match(pages) else pages.replace("-", "–")}


def _shortened(pages: str) -> str:
    """'2942-2947' to '2942-7' and 'S5-S10' to 'S5-10', as the National Library of Medicine does."""
    found = _RANGE.fullmatch(pages)
    if not found:
        return pages
    letters, first, last = found.groups()
    if len(first) != len(last):
        return f"{letters}{first}-{last}"
    same = next((n for n in range(len(first)) if first[n] != last[n]), len(first) - 1)
    return f"{letters}{first}-{last[same:]}"


def _without_repeats(item: csl.Item, style: str) -> csl.Item:
    """An organization that publishes its own work is named once; a site stands as publisher."""
    authors = item.get("author", [])
    author = authors[0].get("literal", "") if len(authors) == 1 else ""
    left_out = set()
    if style == CitationStyle.APA and item.get("publisher") == author:
        left_out.add("publisher")
    if item["type"] == "webpage":
        site = item.get("container-title", "")
        if style == CitationStyle.VANCOUVER:
            item = {"publisher": site, **item}
        if site == author:
            left_out |= {"container-title", "container-title-short"}
    return {name: value for name, value in item.items() if value and name not in left_out}


def _hidden(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(_HIDE)
    if isinstance(value, list):
        return [_hidden(part) for part in value]
    if isinstance(value, dict):
        return {
            # The processor has to see a given name's hyphen.
            name: _hidden(part).replace(_HIDDEN["-"], "-") if name == "given" else _hidden(part)
            for name, part in value.items()
        }
    return value


def _finished(html: str, style: str, item: csl.Item) -> str:
    """Doubled full stops made one, the last one set, the private characters shown."""
    if style == CitationStyle.APA:
        html = html.replace(f", &amp; {OTHERS}", f", {OTHERS}", 1)
        # The processor knows the ellipsis before the last author only as one character.
        html = html.replace(", … ", ", . . . ", 1) if len(item.get("author", [])) > 20 else html
    html = _DOUBLED_STOP.sub(r"\1", html).strip()
    address = item.get("URL") or (item.get("DOI") if style != CitationStyle.VANCOUVER else "")
    if not (address and html.endswith(address)) and not html.removesuffix("</i>").endswith(
        (".", "?", "!")
    ):
        html += "."
    return html.translate(_SHOW)
