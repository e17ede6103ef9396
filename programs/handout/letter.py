"""A letter as a tagged PDF on the clinic's letterhead. It says what was frozen, whenever it is
asked for.
"""

from pathlib import Path
from typing import Any

from accounts.private_files import private_storage
from programs.handout import typeset
from programs.handout.render import Paper
from programs.models import Letter
from programs.notes.wording import blocks

TEMPLATE = Path(__file__).with_name("letter.typ")


def pdf(letter: Letter, *, paper: Paper = Paper.A4) -> bytes:
    """Tagged for screen readers (PDF/UA-1)."""
    return typeset.pdf(TEMPLATE, _data(letter), paper=paper.value)


def pages(letter: Letter, *, paper: Paper = Paper.A4, ppi: float = 100) -> list[bytes]:
    """The same pages as PNG pictures, to look at."""
    return typeset.pages(TEMPLATE, _data(letter), ppi=ppi, paper=paper.value)


def _data(letter: Letter) -> dict[str, Any]:
    return {
        "logo": _logo(letter.head.get("logo", "")),
        "language": letter.language,
        "head": letter.head,
        "name": letter.name,
        "address": letter.address.splitlines(),
        "subject": letter.subject,
        "warning": letter.warning.splitlines(),
        "advice": letter.advice.splitlines(),
        "blocks": [{"kind": one.kind.value, "text": one.text} for one in blocks(letter.text)],
    }


def _logo(name: str) -> list[int]:
    """The file's bytes; none without a logo, or where the file is gone."""
    if not name:
        return []
    try:
        with private_storage().open(name) as file:
            return list(file.read())
    except FileNotFoundError:
        return []
