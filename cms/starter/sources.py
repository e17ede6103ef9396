"""Loading the starter sources: add what is missing, update what nobody touched, skip the rest."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction

from cms import names
from cms.models import Source

FILE = Path(__file__).parent / "sources.yaml"
_DEFAULTS: dict[str, Any] = {
    "authors": [],
    "more_authors": False,
    "title": "",
    "container": "",
    "year": None,
    "volume": "",
    "issue": "",
    "pages": "",
    "doi": "",
    "pmid": "",
    "pmcid": "",
    "url": "",
    "certainty": "",
    "checked": "",
    "use": "",
}


@dataclass
class Report:
    """What a load did, for the command to print."""

    counts: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)


def read(file: Path = FILE) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return entries


@transaction.atomic
def load(entries: list[dict[str, Any]]) -> Report:
    report = Report()
    stored = Source.objects.in_bulk([entry["key"] for entry in entries], field_name="key")
    for entry in entries:
        _load(stored.get(entry["key"]) or Source(key=entry["key"]), entry, report)
    return report


def digest(source: Source) -> str:
    """Of all that an editor could have changed."""
    content = {name: getattr(source, name) for name in _DEFAULTS}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


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
