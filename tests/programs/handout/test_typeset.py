"""No sign that anybody types keeps a document from being made."""

import unicodedata
from dataclasses import replace
from io import BytesIO

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from programs.handout import render, typeset
from programs.handout.typeset import NO_SHAPE, printable

ANY = st.text(st.characters(exclude_categories=[]), max_size=40)
SCRIPTS = ["李小龍", "たかし ハナ", "한글", "محمد", "שלום", "ไทย", "हिन्दी", "Nguyễn", "Дарья"]
# Sign and mark of which no font has both, and what else typesetters trip over.
HARD = [
    "a\u0e48", "\u0e48", "漢\u0651", "👩\u200d⚕\ufe0f👍🏽", "\U0001f1fa\U0001f1f8",
    "z\u0335\u0336\u0337", "\x00\x01\x1b\x7f\x85", "\ud800", "\ufffe\uffff\U0010ffff",
    "\u202eabc\u2066", "\u1100\u1161\u11a8", "\u2028\u2029", "\ue000", "\U000e0041",
    "\ufeff\u200b\u00ad", "𓀀 ꦏ ⴰ",
]  # fmt: skip


def text_of(made):
    return "".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """As ours begin: the fonts, and what was typed in bold and plain."""
    path = tmp_path_factory.mktemp("typst") / "short.typ"
    path.write_text(
        '#let d = json(bytes(sys.inputs.data))\n#set document(title: "x")\n'
        "#set text(font: json(bytes(sys.inputs.fonts)))\n#d.typed *#d.typed*\n"
    )
    return path


def is_whole(template, typed, monkeypatch):
    """Made at the first try, with the mark of the standard."""
    with monkeypatch.context() as patch:
        patch.setattr(typeset.logger, "warning", pytest.fail)
        return typeset.pdf(template, {"typed": typed}).startswith(b"%PDF")


@given(typed=ANY)
@settings(max_examples=150)
def test_any_text_becomes_a_whole_document(template, typed):
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert is_whole(template, typed, monkeypatch)


@pytest.mark.parametrize("typed", [*SCRIPTS, *HARD])
def test_hard_text_becomes_a_whole_document(template, typed, monkeypatch):
    assert is_whole(template, typed, monkeypatch)


@pytest.mark.parametrize("typed", SCRIPTS)
def test_names_in_other_scripts_stay_as_they_are(typed):
    assert printable(typed) == unicodedata.normalize("NFC", typed)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Ana 😀!", f"Ana {NO_SHAPE}!"),
        ("a\u0301", "á"),
        ("漢\u0e48b", f"漢{NO_SHAPE}b"),
        ("a\x00\x07\x1b[31mb", "a[31mb"),
        ("one\ntwo\tthree", "one\ntwo\tthree"),
        ("one\r\ntwo", "one\ntwo"),
        ("x\u2028y", "x y"),
        ("\ud800", NO_SHAPE),
        ("\x07", NO_SHAPE),
        (" ", " "),
        ("", ""),
    ],
)
def test_what_has_no_shape_is_a_box_and_what_is_none_is_gone(typed, printed):
    assert printable(typed) == printed


@given(typed=ANY)
def test_printable_text_stays_printable(typed):
    assert printable(printable(typed)) == printable(typed)


def test_where_signs_are_misjudged_the_document_is_made_all_the_same(template, monkeypatch, caplog):
    monkeypatch.setattr(typeset, "printable", lambda text: text)
    assert b"%PDF" in typeset.pdf(template, {"typed": "Ana 😀"})
    assert "from the PDF/UA mark" in caplog.text
    assert "Ana" not in caplog.text


def test_a_broken_template_is_no_matter_of_signs(tmp_path):
    template = tmp_path / "broken.typ"
    template.write_text("#panic()")
    with pytest.raises(typst.TypstError):
        typeset.pdf(template, {})


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [*SCRIPTS, *HARD])
def test_a_plan_on_paper_is_made_whatever_is_typed(handout, typed):
    item = replace(handout.items[0], title=typed, note=typed, steps=(typed,))
    made = render.pdf(
        replace(handout, patient=typed, plan=typed, note=typed, clinic=typed, items=(item,))
    )
    assert handout.phone in text_of(made)


@pytest.mark.django_db
def test_a_name_in_han_and_thai_is_read_on_paper(handout):
    text = text_of(render.pdf(replace(handout, patient="李小龍", therapist="ไทย", note="x")))
    assert "李小龍" in text
    assert "ไทย" in text
