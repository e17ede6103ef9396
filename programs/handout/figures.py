"""Pictures for paper: start and end of a movement, and the code to the portal.

A black-and-white copier keeps no colors and few grays: trousers are dark, shirts pale, skin white
with a black line round it. The palette is the print
stylesheet's, so that the page in the browser and the PDF show the same drawing.
"""

import re
from functools import lru_cache
from io import BytesIO
from typing import Any

import segno
from django.conf import settings

from programs.motion import Motion, still_pair

STYLES = "css/print-figure.css"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_OPENING = re.compile(r'^<svg (viewBox="[^"]*") class="([^"]*)"')


@lru_cache(maxsize=512)
def printed_pair(motion: Motion, **drawn_as: Any) -> tuple[str, str]:
    """Start and end as `<svg class="print-figure">` for a page that links the print stylesheet.
    `drawn_as` is what `still_pair` takes.
    """
    start, end = still_pair(motion, **drawn_as)
    return _for_paper(start), _for_paper(end)


def _for_paper(svg: str) -> str:
    return _OPENING.sub(r'<svg \1 class="print-figure \2"', svg)


def standalone(svg: str) -> str:
    """The same as a file of its own: with its namespace and the palette inside."""
    head = '<svg xmlns="http://www.w3.org/2000/svg" '
    return svg.replace("<svg ", head, 1).replace(">", f"><style>{_palette()}</style>", 1)


@lru_cache(maxsize=1)
def _palette() -> str:
    text = (settings.BASE_DIR / "static" / STYLES).read_text(encoding="utf-8")
    return _COMMENT.sub("", text).strip()


@lru_cache(maxsize=16)
def qr_svg(address: str) -> str:
    """The address as a QR code with its quiet zone; black on white."""
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, omitsize=True, light="#fff", border=4
    )
    return drawn.getvalue().decode()
