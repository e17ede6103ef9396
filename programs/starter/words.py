"""What patients read of the measures, starter forms and programs, and what notes and letters say
of measures: `make messages` takes it into the catalog of translations, as it does the texts of code
and templates.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from programs.notation import phase_gates

_OF_ITEM = ("label", "help", "low", "high", "unit")
_OF_QUESTION = ("text", "help", "low", "high", "unit")


def texts() -> list[str]:
    """Each once, in the order of the files. How it is asked in the clinic stays in English."""
    found = [*_measures(), *_readings(), *_forms(), *_programs()]
    return list(dict.fromkeys(text for text in found if text))


def _read(name: str) -> list[dict[str, Any]]:
    """Without the models, which the setup's commands do without."""
    entries: list[dict[str, Any]] = yaml.safe_load(
        (Path(__file__).parent / name).read_text(encoding="utf-8")
    )
    return entries


def _measures() -> Iterator[str]:
    for entry in _read("measures.yaml"):
        if not entry["shipped"] or entry["answered_by"] == "clinic":
            continue
        yield from (entry["title"], entry["patient_title"], entry.get("instructions", ""))
        yield from entry.get("units", ("point", "points"))
        shared = entry.get("each_item", {})
        for item in entry["items"]:
            told = shared | item
            yield from (told.get(name, "") for name in _OF_ITEM)
            for name in ("choices", "frequencies"):
                yield from (words for _, words in told.get(name, ()))


def _readings() -> Iterator[str]:
    """Titles, parts, and what a score says in the language of a letter."""
    for entry in _read("measures.yaml"):
        yield entry["title"]
        yield from entry.get("units", ())
        yield from (item["label"] for item in entry["items"])
        yield from (risk["words"] for risk in entry.get("risks", ()))
        norms = entry.get("norms", {})
        yield from (norms.get(name, "") for name in ("below", "average", "outside"))


def _programs() -> Iterator[str]:
    """Titles, summaries, phases, what is judged before the next, and the notes beside exercises."""
    for entry in _read("programs.yaml"):
        yield from (entry["title"], entry.get("patient_title", ""), entry.get("summary", ""))
        for phase in entry["phases"]:
            yield from (phase["title"], phase.get("goal", ""))
            gate = map(phase_gates.parse_line, phase.get("gate", ()))
            yield from (one["words"] for one in gate if phase_gates.is_judgment(one))
            yield from (row.get("note", "") for row in phase["exercises"])


def _forms() -> Iterator[str]:
    for entry in _read("forms.yaml"):
        yield from (entry["title"], entry["intro"])
        for block in entry["body"]:
            for part in block.values():
                yield from _of_question(part)


def _of_question(part: dict[str, Any]) -> Iterator[str]:
    yield from (part.get(name, "") for name in _OF_QUESTION)
    yield from part.get("options", ())
