"""References in the forms other programs read and write: RIS, BibTeX, PubMed's .nbib, CSL-JSON.

Each form has a module with `read(text)`, which yields an Entry for each reference and goes on after
a broken one, and `write(sources)`, which gives a whole file. What is written reads back the same,
as far as the form has a place for it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType

from cms.exchange import bibtex, csl_json, nbib, ris
from cms.exchange.entry import Doubt, Entry
from cms.models.source import Source

__all__ = ["FORMS", "Doubt", "Entry", "Form", "decoded", "detect", "read", "write"]


@dataclass(frozen=True)
class Form:
    code: str
    label: str
    suffix: str
    content_type: str
    module: ModuleType


FORMS = {
    form.code: form
    for form in (
        Form("ris", "RIS", "ris", "application/x-research-info-systems", ris),
        Form("bibtex", "BibTeX", "bib", "application/x-bibtex", bibtex),
        Form("nbib", "PubMed (.nbib)", "nbib", "application/nbib", nbib),
        Form("csl", "CSL-JSON", "json", "application/vnd.citationstyles.csl+json", csl_json),
    )
}
_SIGNS = (
    ("csl", re.compile(r"\s*[\[{]")),
    ("bibtex", re.compile(r"^\s*@\w+\s*[{(]", re.MULTILINE)),
    ("ris", re.compile(r"^\s*TY\s{1,2}-", re.MULTILINE)),
    ("nbib", re.compile(r"^(?:PMID|TI  |OWN |STAT)\s*-\s", re.MULTILINE)),
)
_MARKS_OF_ORDER = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(content: bytes) -> str:
    """A file as text: UTF-8 or UTF-16 when it says so or is; else the old Western letters."""
    for mark, encoding in _MARKS_OF_ORDER:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def detect(text: str) -> Form | None:
    """By the signs at the start of a reference, since file names lie and pasted text has none."""
    for code, sign in _SIGNS:
        # JSON has to begin so; the others may have something of the database's before them.
        if sign.match(text) if code == "csl" else sign.search(text):
            return FORMS[code]
    return None


def read(text: str) -> tuple[Form | None, Iterator[Entry]]:
    """The form, and its references one by one; no form and nothing for what is none of the four."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    form = detect(text)
    return form, form.module.read(text) if form else iter(())


def write(sources: Iterable[Source], form: Form) -> str:
    written: str = form.module.write(sources)
    return written
