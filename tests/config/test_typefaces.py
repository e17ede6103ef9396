"""The public site's typefaces: small, ours by name, with all letters that our texts have."""

import re

from fontTools.ttLib import TTFont

from config.setup import typefaces
from config.setup.postgres import ROOT

TEXTS = [
    ROOT / "locale/es/LC_MESSAGES/django.po",
    *(ROOT / "cms/starter").rglob("*.yaml"),
    *(ROOT / "programs/starter").glob("texts_*.yaml"),
]


def test_they_are_small_and_not_called_after_their_source() -> None:
    files = [face.file for face in typefaces.FACES]
    assert sum(file.stat().st_size for file in files) <= typefaces.MOST
    for file in files:
        names = TTFont(file)["name"]
        assert "Source" not in str(names.getDebugName(1))
        assert names.getDebugName(1) in {"Footing Sans", "Footing Serif"}
    assert "SIL Open Font License" in (typefaces.SMALL / "LICENSE").read_text(encoding="utf-8")


def test_the_styles_are_current() -> None:
    made = typefaces.HEAD + "".join(map(typefaces.styles, typefaces.FACES)) + typefaces.USE
    assert typefaces.STYLES.read_text(encoding="utf-8") == made
    for name in re.findall(r"fonts/small/([\w.-]+)", made):
        assert (typefaces.SMALL / name).exists()


def test_a_page_asks_for_them_at_once() -> None:
    """What comes with the first look moves nothing."""
    head = (ROOT / "templates/cms/base.html").read_text(encoding="utf-8")
    asked = re.findall(r'rel="preload" href="{% static \'fonts/small/([\w.-]+)', head)
    assert asked == [face.file.name for face in typefaces.FACES]


def test_they_have_every_letter_that_our_texts_have() -> None:
    used = {letter for file in TEXTS for letter in file.read_text(encoding="utf-8")}
    for face in typefaces.FACES:
        known = set(map(chr, TTFont(face.file).getBestCmap()))
        letters = {letter for letter in used if letter.isalpha() and letter.isascii() is False}
        assert letters - known <= set("αβµ"), face.family
