"""The documentation names what is there: buttons, pictures, tests, criteria."""

import ast
import html
import re
from functools import cache
from pathlib import Path

import polib
import pytest
from django.conf import settings

from cms.readability import grade
from tests.pictures.shots import SHOTS

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"
GUIDES = ["therapist", "patient", "patient.es", "administrator"]
BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)
PICTURE = re.compile(r'(?:!\[[^]]+\]\(|<img\s[^>]*src=")([^)"]+\.png)')
BLOCK = r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate"
CATALOG = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po"
# Where buttons, links, tabs and labels of fields have their words, beside the templates.
LABELS = ["portal/forms/*.py", "workspace/forms/*.py", "accounts/forms.py"]


def plain(text: str) -> str:
    """Without marks and line breaks; what a page fills in is `…`."""
    filled = re.sub(r"\{\{.*?\}\}|%\(\w+\)s|\{\w+\}", "…", html.unescape(text))
    return " ".join(filled.split())


@cache
def texts_of_templates() -> frozenset[str]:
    """Each piece between two tags, and each text that is translated."""
    found = set()
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text("utf-8")
        found |= set(re.findall(r'\{% (?:translate |[^%]*\blabel=)"([^"]+)"', text))
        found |= set(
            re.findall(r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate", text, re.S)
        )
        # A tag of HTML or a word for screen readers ends a piece, and so does a condition.
        text = re.sub(r"\{% (?:icon|url) [^%]*%\}|\{#.*?#\}", "", text)
        text = re.sub(r'<span class="visually-hidden">.*?</span>', "\n<>", text, flags=re.S)
        found |= set(re.split(r"<[^>]*>|\{%.*?%\}", text))
    return frozenset(map(plain, found))


@cache
def labels() -> frozenset[str]:
    strings = set()
    for pattern in LABELS:
        for path in ROOT.glob(pattern):
            nodes = ast.walk(ast.parse(path.read_text("utf-8")))
            strings |= {one.value for one in nodes if isinstance(one, ast.Constant)
                        and isinstance(one.value, str)}  # fmt: skip
    return frozenset(map(plain, strings))


@cache
def spanish() -> frozenset[str]:
    return frozenset(plain(one.msgstr) for one in polib.pofile(str(CATALOG)) if one.msgstr)


def unknown(guide: str, text: str) -> list[str]:
    known = spanish() if guide.endswith(".es") else texts_of_templates() | labels()
    return [name for name in map(plain, BOLD.findall(text)) if name not in known]


@pytest.mark.parametrize("guide", GUIDES)
def test_every_button_that_a_guide_names_is_there(guide):
    text = (DOCS / "guides" / f"{guide}.md").read_text("utf-8")
    assert len(BOLD.findall(text)) > 10
    assert unknown(guide, text) == []


@pytest.mark.parametrize("guide", ["patient", "patient.es"])
def test_a_button_that_is_gone_is_noticed(guide):
    assert unknown(guide, "Press **Heal my\nfeet** now.") == ["Heal my feet"]


def test_the_patients_guide_is_in_plain_words():
    """Grade 6 at the most, as all that patients read; each paragraph is one text."""
    text = (DOCS / "guides" / "patient.md").read_text("utf-8")
    text = re.sub(r"!\[[^]]*\]\([^)]*\)", "", text)
    parts = [re.sub(r"[*#>|]", "", part) for part in re.split(r"\n(?:\n|- |\d\.|\|)", text)]
    found = grade("\n".join(" ".join(part.split()) for part in parts))
    assert found is not None
    assert found <= 6


def test_the_spanish_guide_has_the_same_parts():
    english, other = (
        (DOCS / "guides" / f"{name}.md").read_text("utf-8") for name in ("patient", "patient.es")
    )
    for mark in (r"^#+ ", r"^\d\. ", r"^\| ", r"^- ", r"^!\["):
        assert len(re.findall(mark, english, re.M)) == len(re.findall(mark, other, re.M)), mark


def pictures_of(paper: Path) -> set[Path]:
    found = PICTURE.findall(paper.read_text("utf-8"))
    return {(paper.parent / address).resolve() for address in found}


def test_pictures_are_those_that_make_pictures_takes_and_all_are_shown():
    papers = [ROOT / "README.md", *DOCS.rglob("*.md")]
    shown = set().union(*(pictures_of(paper) for paper in papers))
    there = {path.resolve() for path in (DOCS / "images").iterdir()}
    taken = {(DOCS / "images" / f"{shot.name}.png").resolve() for shot in SHOTS}
    assert shown == there == taken
    assert len(SHOTS) == len(taken)


REPORT = DOCS / "accessibility-report.md"
# WCAG 2.2 without 4.1.1, which it has taken out: by guideline, the criteria of level A and of AA.
LEVEL_A = {
    "1.1": [1], "1.2": [1, 2, 3], "1.3": [1, 2, 3], "1.4": [1, 2],
    "2.1": [1, 2, 4], "2.2": [1, 2], "2.3": [1], "2.4": [1, 2, 3, 4], "2.5": [1, 2, 3, 4],
    "3.1": [1], "3.2": [1, 2, 6], "3.3": [1, 2, 7], "4.1": [2],
}  # fmt: skip
LEVEL_AA = {
    "1.2": [4, 5], "1.3": [4, 5], "1.4": [3, 4, 5, 10, 11, 12, 13],
    "2.4": [5, 6, 7, 11], "2.5": [7, 8], "3.1": [2], "3.2": [3, 4], "3.3": [3, 4, 8], "4.1": [3],
}  # fmt: skip
SAID = {"Supports", "Partially supports", "Does not support", "Not applicable"}
ROW = re.compile(r"^\| (\d\.\d\.\d+) [^|]+ \| ([^|]+) \| ([^|]+) \|$", re.M)


def numbers(level):
    return [f"{guideline}.{number}" for guideline, all_of in level.items() for number in all_of]


def test_the_accessibility_report_has_each_criterion_once():
    _, first, second = re.split(r"^## Table \d.*$", REPORT.read_text("utf-8"), flags=re.M)
    assert [row[0] for row in ROW.findall(first)] == numbers(LEVEL_A)
    assert [row[0] for row in ROW.findall(second)] == numbers(LEVEL_AA)
    assert len(numbers(LEVEL_A) + numbers(LEVEL_AA)) == 55


def test_each_criterion_has_an_answer_and_a_ground():
    for number, answer, remarks in ROW.findall(REPORT.read_text("utf-8")):
        assert answer in SAID, number
        assert len(remarks) > 20, number


def test_every_test_that_the_accessibility_report_names_is_there():
    text = REPORT.read_text("utf-8")
    named = set(re.findall(r"`((?:tests|templates)/[\w/.]+)`", text))
    assert len(named) > 20
    assert [one for one in named if not (ROOT / one).exists()] == []
    tests = "".join(path.read_text("utf-8") for path in ROOT.glob("tests/e2e/*.py"))
    assert [one for one in re.findall(r"`(test_\w+)`", text) if f"def {one}(" not in tests] == []
