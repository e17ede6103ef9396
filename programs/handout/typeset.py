"""Documents made by typst from a template of ours and data.

Everything typed by people goes in as JSON, never as source, so that nothing in it is run. No
system font, no network and no file but our fonts is read. Whatever signs people type, the document
is made: one that no font has is a box on it.
"""

import json
import logging
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_ar
import pylopdf_fonts_he
import pylopdf_fonts_hi
import pylopdf_fonts_ko
import pylopdf_fonts_th
import pylopdf_fonts_zh_cn
import typst
from fontTools.ttLib import TTFont

# As their makers gave them out, with their license (docs/operating.md, Plans on paper).
OWN = Path(__file__).parents[2] / "static" / "fonts"
# Tried in this order. Those of other scripts have Latin letters, too, which are then not used.
FAMILIES: dict[str, Path] = {
    "Source Sans Pro": OWN / "SourceSansPro-Regular.ttf",
    "Noto Sans SC": pylopdf_fonts_zh_cn.sans_path(),
    "Noto Sans KR": pylopdf_fonts_ko.sans_path(),
    "Noto Sans Arabic": pylopdf_fonts_ar.sans_path(),
    "Noto Sans Hebrew": pylopdf_fonts_he.sans_path(),
    "Noto Sans Thai": pylopdf_fonts_th.sans_path(),
    "Noto Sans Devanagari": pylopdf_fonts_hi.sans_path(),
}
NO_SHAPE = "□"
ORDINARY = re.compile(r"[\n\t -~]*")
logger = logging.getLogger(__name__)


def pdf(template: Path, data: dict[str, Any], **inputs: str) -> bytes:
    """Tagged for screen readers (PDF/UA-1). `data` is the template's `sys.inputs.data`."""
    given = _given(data, inputs)
    try:
        made = _compiler(template).compile(format="pdf", pdf_standards="ua-1", sys_inputs=given)
    except typst.TypstError as error:
        if "PDF/UA" not in str(error):
            raise
        # The standard refuses more than the paper does. The tags are there without its mark, too.
        logger.warning("typed signs keep a document from the PDF/UA mark")
        made = _compiler(template).compile(format="pdf", sys_inputs=given)
    assert isinstance(made, bytes)
    return made


def pages(template: Path, data: dict[str, Any], *, ppi: float, **inputs: str) -> list[bytes]:
    """The same pages as PNG pictures, to look at."""
    made = _compiler(template).compile(format="png", ppi=ppi, sys_inputs=_given(data, inputs))
    assert made is not None
    return [made] if isinstance(made, bytes) else made


def _compiler(template: Path) -> typst.Compiler:
    """A new one for each document: it must not be shared by threads. The fonts are read once."""
    return typst.Compiler(template.read_bytes(), font_paths=fonts())


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The same on every machine, and none whose signs we don't know."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(path.parent) for path in FAMILIES.values()],
    )


def _given(data: dict[str, Any], inputs: dict[str, str]) -> dict[str, str]:
    return {"data": json.dumps(_printable(data)), "fonts": json.dumps(list(FAMILIES)), **inputs}


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _printable(one) for name, one in value.items()}
    if isinstance(value, list | tuple) and not (value and isinstance(value[0], int)):
        return [_printable(one) for one in value]
    return value  # a file's bytes are a list of numbers


def printable(text: str) -> str:
    """Without control characters, and with a box for each sign that has no shape, or for them all.

    A mark belongs to the sign before it: one font has to have both.
    """
    if ORDINARY.fullmatch(text):
        return text
    made: list[str] = []
    able: set[str] = set()  # the fonts that can set the sign before, with its marks
    for sign in unicodedata.normalize("NFC", text):
        having, kind = _fonts_with(sign), unicodedata.category(sign)
        if kind[0] == "M" or kind == "Cf":
            having &= able
        if sign in "\n\t" or (having and kind != "Cc"):
            made.append(sign)
        elif kind in {"Cc", "Cf", "Cs"}:
            continue  # fonts list some of them, and they have no shape
        else:
            made.append(" " if kind[0] == "Z" else NO_SHAPE)
            having = _fonts_with(made[-1])
        able = having
    return "".join(made) if "".join(made).strip() or not text.strip() else NO_SHAPE


def _fonts_with(sign: str) -> set[str]:
    return {family for family, signs in _signs().items() if ord(sign) in signs}


@lru_cache(maxsize=1)
def _signs() -> dict[str, frozenset[int]]:
    """By family, the code points that it has a shape for."""
    found = {}
    for family, path in FAMILIES.items():
        with TTFont(path, lazy=True) as font:
            found[family] = frozenset(font.getBestCmap())
    return found
