"""Pictures for paper: start and end of a movement, and the code to the portal.

A black-and-white copier keeps no colors and few grays. The limb that moves is dark, the rest white
with a black line round each limb; support is told by thin lines. The palette is the print
stylesheet's, so that the page in the browser and the PDF show the same drawing.
"""

import re
from copy import deepcopy
from functools import lru_cache
from io import BytesIO
from xml.etree import ElementTree

import segno
from django.conf import settings

from programs.motion import Motion, still_pair

STYLES = "css/print-figure.css"
# What lies on a limb, and is not part of its outline.
_MARKS = {"f-nerve", "f-load", "f-unload", "f-arrow", "f-face", "f-reach"}
_LIMBS = {"f-body", "f-far", "f-move"}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@lru_cache(maxsize=512)
def printed_pair(motion: Motion, *, kind: str, nerve: str | None = None) -> tuple[str, str]:
    """Start and end as `<svg class="print-figure">` for a page that links the print stylesheet."""
    start, end = still_pair(motion, kind=kind, nerve=nerve)
    return _outlined(start), _outlined(end)


def _outlined(svg: str) -> str:
    """Each limb twice: a silhouette with a line round it, and the limb itself on top.

    A line round every part would cut the limbs at their joints.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    root.set("class", "print-figure")
    for parent in list(root.iter()):
        for place, child in reversed(list(enumerate(parent))):
            if child.tag == "g" and _LIMBS & _classes(child):
                parent.insert(place, _silhouette(child))
    return ElementTree.tostring(root, encoding="unicode")


def _silhouette(limb: ElementTree.Element) -> ElementTree.Element:
    copy = deepcopy(limb)
    for parent in copy.iter():
        for child in list(parent):
            if _MARKS & _classes(child):
                parent.remove(child)
        parent.attrib.pop("class", None)
    copy.set("class", "f-round")
    return copy


def _classes(element: ElementTree.Element) -> set[str]:
    return set(element.get("class", "").split())


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
