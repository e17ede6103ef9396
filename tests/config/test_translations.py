"""The Spanish catalog holds every text that goes through gettext, and says nothing else."""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

from programs.export import words as of_records
from programs.starter import words

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "cms", "config", "fhir", "patients", "portal", "programs", "workspace")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
STRING = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(
    rf"(?<![\w.])(?:n?gettext\(|_\(|pgettext\(u?{STRING}, )\s*u?({STRING})", re.S
)
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")


def of_python(text):
    """The texts of gettext's calls; a name such as `_` counts only where it is gettext's."""
    tree = ast.parse(text)
    known = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute):  # translation.gettext(…)
            is_call = (
                node.func.attr in CALLS and getattr(node.func.value, "id", "") == "translation"
            )
        else:
            is_call = known.get(getattr(node.func, "id", "")) in CALLS
        if is_call and isinstance(node.args[0], ast.Constant):
            yield node.args[0].value
        if known.get(getattr(node.func, "id", "")) in {"pgettext", "pgettext_lazy"}:
            yield node.args[1].value


def of_template(text):
    """As Django's own `makemessages` reads a template: turned into calls of gettext."""
    for call in TEMPLATE_CALL.finditer(templatize(text)):
        yield ast.literal_eval(call[1])


def used():
    yield from words.texts()
    yield from of_records.texts()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield from of_python(path.read_text(encoding="utf-8"))
    for path in (ROOT / "templates").rglob("*.*"):
        yield from of_template(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def catalog():
    return polib.pofile(str(ROOT / "locale/es/LC_MESSAGES/django.po"))


def test_every_text_is_in_spanish(catalog):
    known = {entry.msgid for entry in catalog if entry.translated()}
    texts = set(used())
    assert len(texts) > 500
    assert sorted(texts - known) == []


def test_nothing_is_half_translated_or_guessed(catalog):
    assert [entry.msgid for entry in catalog if not entry.translated() or entry.fuzzy] == []
    assert catalog.obsolete_entries() == []


def test_what_is_filled_in_stays(catalog):
    for entry in catalog:
        said = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        holes = set(HOLE.findall(entry.msgid_plural or entry.msgid))
        for text in said:
            assert set(HOLE.findall(text)) <= holes, entry.msgid
        assert set(HOLE.findall(list(said)[-1])) == holes, entry.msgid


def test_what_runs_is_what_is_written(catalog):
    """The compiled file is committed, as a fresh machine has no msgfmt: `make messages`."""
    compiled = polib.mofile(str(ROOT / "locale/es/LC_MESSAGES/django.mo"))
    assert {(one.msgid, one.msgstr, tuple(one.msgstr_plural.values())) for one in compiled} == {
        (one.msgid, one.msgstr, tuple(one.msgstr_plural.values())) for one in catalog
    }
