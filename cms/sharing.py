"""The picture that other sites show beside a link to a page: its title and what it says, drawn."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.urls import reverse

from cms import seo

WIDTH, HEIGHT = 1200, 630  # pixels: what sites that show such pictures ask for
LONGEST = 160  # of the words below the title
_FONTS = Path(settings.BASE_DIR) / "static" / "fonts"
_DRAWN = f"""
#set page(width: {WIDTH}pt, height: {HEIGHT}pt, margin: 72pt, fill: rgb("#0b5750"))
#set text(font: "Source Sans Pro", fill: white, lang: sys.inputs.language)
#set par(leading: 0.4em)
#text(size: 34pt, weight: "bold")[Footing]
#v(1fr)
#text(size: 68pt, weight: "bold", sys.inputs.title)
#v(12pt)
#text(size: 30pt, fill: rgb("#dcebe6"), sys.inputs.summary)
#v(1fr)
#line(length: 100%, stroke: 6pt + rgb("#e9c46a"))
""".encode()


def address(page: Any) -> str:
    """Absolute, and another one when the page says something else."""
    where = reverse("cms:sharing_picture", args=[page.pk])
    return seo.absolute(f"{where}?v={name(page)}")


def name(page: Any) -> str:
    """Of what is drawn."""
    told = "\n".join([page.title, page.summary, str(page.locale_id)])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def picture(page: Any) -> bytes:
    """As PNG."""
    said = page.summary
    if len(said) > LONGEST:
        said = f"{said[:LONGEST].rsplit(' ', 1)[0]} …"
    told = {"title": page.title, "summary": said, "language": page.locale.language_code}
    compiler = typst.Compiler(_DRAWN, font_paths=_fonts())
    made = compiler.compile(format="png", ppi=72, sys_inputs=told)
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)]
    )
