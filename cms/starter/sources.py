"""Loading the starter sources: add what is missing, update what nobody touched, skip the rest."""

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction

from cms import names
from cms.models import CheckState, Source
from cms.works import ARTICLE

FILE = Path(__file__).parent / "sources.yaml"
# All that an entry may say, with what it is when it says nothing.
_TEXTS = (
    *("title", "container", "container_full", "volume", "issue", "pages", "edition", "publisher"),
    *("place", "doi", "pmid", "pmcid", "url", "design", "appraisal", "certainty", "checked", "use"),
)
_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(_TEXTS, ""),
    "kind": ARTICLE,
    "authors": [],
    "more_authors": False,
    "editors": [],
    "year": None,
    "month": None,
    "day": None,
    "accessed": None,
    "is_retracted": False,
}


@dataclass
class Report:
    """What a load did, for the command to print."""

    counts: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)


def read(file: Path = FILE) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return entries


@cache
def shorts() -> dict[str, str]:
    """'Boyd et al 2010' by key, of the sources that come along: our own texts name them by it."""
    found = {}
    for entry in read():
        source = Source(key=entry["key"])
        _fill(source, entry)
        found[source.key] = source.short
    return found


_KEY = re.compile(r"\b[a-z]+(?:(?:19|20)\d\d[a-z]?)?\b")


def in_words(text: str) -> str:
    """'Brief 2.4; boyd2010' as 'Brief 2.4; Boyd et al 2010'. No query."""
    known = shorts()
    return _KEY.sub(lambda found: known.get(found[0], found[0]), text)


@transaction.atomic
def load(entries: list[dict[str, Any]]) -> Report:
    report = Report()
    stored = Source.objects.in_bulk([entry["key"] for entry in entries], field_name="key")
    for entry in entries:
        _load(stored.get(entry["key"]) or Source(key=entry["key"]), entry, report)
    return report


def digest(source: Source) -> str:
    """Of all that an editor could have changed."""
    names_of_all = [*_DEFAULTS, "check_state", "checked_by", "checked_on"]
    content = {name: getattr(source, name) for name in names_of_all}
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _load(source: Source, entry: dict[str, Any], report: Report) -> None:
    known = source.starter_digest
    if source.pk and digest(source) != known:
        report.skipped.append(f"{source.key}: edited here")
        return
    _fill(source, entry)
    source.starter_digest = digest(source)
    if source.starter_digest == known:
        report.counts["unchanged"] += 1
        return
    added = source.pk is None
    try:
        source.full_clean()
    except ValidationError as error:
        report.skipped.append(f"{source.key}: {' '.join(error.messages)}")
        return
    source.save()
    report.counts["added" if added else "updated"] += 1


def _fill(source: Source, entry: dict[str, Any]) -> None:
    for name, default in _DEFAULTS.items():
        setattr(source, name, entry.get(name, default))
    source.authors = [names.parse(name) for name in entry.get("authors", [])]
    source.editors = [names.parse(name) for name in entry.get("editors", [])]
    source.check_state = check_state(source.checked)
    source.checked_by, source.checked_on = "", None


def check_state(note: str) -> CheckState:
    """What the entry's note says: FOUND is what a record showed, knowledge what nothing did."""
    if "FOUND" not in note:
        return CheckState.UNCHECKED
    is_whole = not any(word in note for word in ("knowledge", "not found", "omitted", "secondary"))
    return CheckState.FOUND if is_whole else CheckState.PARTLY
