"""The typeface on paper is our own file, with its license, and is in the document."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from programs.handout import render, typeset

FONTS = Path(settings.BASE_DIR) / "static/fonts"
SPANISH = "áéíóúüñÁÉÍÓÚÜÑ¿¡«»ºª"
SYMBOLS = "°×→≥≤–—½·…“”’µ±%✓"


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_every_sign_that_we_use_is_in_it(weight):
    with TTFont(FONTS / f"SourceSansPro-{weight}.ttf") as font:
        signs = font.getBestCmap()
        family = font["name"].getDebugName(1)
        may_be_embedded = font["OS/2"].fsType == 0
    assert [sign for sign in SPANISH + SYMBOLS if ord(sign) not in signs] == []
    assert (family, may_be_embedded) == ("Source Sans Pro", True)


def test_each_font_lies_beside_its_license():
    files = {path.name for path in FONTS.iterdir()}
    assert {path.name for path in FONTS.glob("*.ttf")} == {
        "SourceSansPro-Regular.ttf", "SourceSansPro-Bold.ttf",
    }  # fmt: skip
    assert "SourceSansPro.LICENSE" in files
    text = (FONTS / "SourceSansPro.LICENSE").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Reserved Font Name 'Source'" in text


def test_no_font_comes_from_elsewhere():
    assert typeset.FAMILIES["Source Sans Pro"] == FONTS / "SourceSansPro-Regular.ttf"
    pins = (Path(settings.BASE_DIR) / "requirements.txt").read_text("utf-8")
    assert "font-source-sans-pro" not in pins


def embedded(reader):
    """By its name, whether the file of each font is in the document."""
    found = {}
    for page in reader.pages:
        for named in page["/Resources"].get("/Font", {}).values():
            font = named.get_object()
            for one in font.get("/DescendantFonts", [font]):
                told = one.get_object()["/FontDescriptor"].get_object()
                found[told["/FontName"]] = any(
                    f"/FontFile{kind}" in told for kind in ("", "2", "3")
                )
    return found


@pytest.mark.django_db
def test_paper_in_spanish_has_its_signs_and_the_font_itself(handout):
    typed = f"{SPANISH} {SYMBOLS}"
    item = replace(handout.items[0], title=typed, note=typed)
    made = render.pdf(replace(handout, plan=typed, items=(item,)))
    reader = PdfReader(BytesIO(made))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert text.count(SYMBOLS) >= 3
    assert text.count(SPANISH) >= 3
    assert typeset.NO_SHAPE not in text
    fonts = embedded(reader)
    assert all(fonts.values())
    assert {name.split("+")[-1] for name in fonts} >= {
        "SourceSansPro-Regular",
        "SourceSansPro-Bold",
    }
