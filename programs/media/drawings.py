"""The drawn figure as a picture of its own: start and end side by side, for lists to choose from.

Named by what it is drawn of and by what draws it, so that a browser may keep it for good, and a
page that only names it draws nothing. A picture does not inherit the page's colors: it carries the
page's palette, which follows light, dark and high contrast by itself.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from programs import motion as drawer
from programs.motion import Motion, still_pair

STYLES = "css/figure.css"
GAP = 8  # between the two, in units of the drawing
_DRAWING = re.compile(
    r'<svg viewBox="(\S+) (\S+) (\S+) (\S+)" class="([^"]*)">(.*)</svg>', re.DOTALL
)
_LEFT_OUT = re.compile(r"/\*.*?\*/|@media print \{.*?\n\}", re.DOTALL)


def name(angles: Mapping[str, Any], **drawn_as: Any) -> str:
    """Another movement has another name, and so has the same one of another release. `drawn_as` is
    what `svg` takes.
    """
    drawn_of = json.dumps([angles, drawn_as, _hand()], sort_keys=True, default=repr)
    return hashlib.sha256(drawn_of.encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _hand() -> str:
    """What every drawing is made with: the code that draws, and the palette."""
    code = (path.read_text(encoding="utf-8") for path in _drawers())
    return hashlib.sha256("".join([*code, _palette()]).encode()).hexdigest()


def _drawers() -> list[Path]:
    return [Path(__file__), *sorted(Path(str(drawer.__file__)).parent.glob("*.py"))]


@lru_cache(maxsize=1024)
def svg(motion: Motion, **drawn_as: Any) -> str:
    """A file of its own, about 25 KB, of which 10 are the palette. `drawn_as` is what `still_pair`
    takes.
    """
    start, end = (_DRAWING.fullmatch(svg) for svg in still_pair(motion, **drawn_as))
    if start is None or end is None:
        raise ValueError("A still that is not one drawing in one box")
    left, top, width, height = (float(number) for number in start.groups()[:4])
    right = width + GAP
    above = top - (width - height) / 2  # two squares, so that a list may show the first alone
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{right + width:g}" height="{width:g}"'
        f' viewBox="{left:g} {above:g} {right + width:g} {width:g}"><style>{_palette()}</style>'
        f'<g class="figure"><g class="{start[5]}">{start[6]}'
        f'<g transform="translate({right:g} 0)">{end[6]}</g></g></g></svg>'
    )


@lru_cache(maxsize=1)
def _palette() -> str:
    text = (settings.BASE_DIR / "static" / STYLES).read_text(encoding="utf-8")
    return " ".join(_LEFT_OUT.sub("", text).split())


def source_of_palette() -> str:
    """What a Content-Security-Policy lets in, so that the palette inside a picture holds."""
    digest = hashlib.sha256(_palette().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
