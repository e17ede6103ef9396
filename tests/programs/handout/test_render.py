"""The PDF: its length, its tags, its words, and that nothing in it is run."""

import math
from dataclasses import replace
from io import BytesIO

import pytest
import typst
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from pypdf import PdfReader

from programs.handout import render, typeset
from programs.handout.content import Picture
from programs.handout.render import Paper, Size

pytestmark = pytest.mark.django_db
A4, LETTER = (595, 842), (612, 792)


def read(handout, **choices):
    return PdfReader(BytesIO(render.pdf(handout, **choices)))


def text_of(reader):
    """With single spaces: lines break where they must."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def tagged(element, kind):
    """The structure elements of a kind, from the tree's root."""
    found = []
    children = element.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        node = child.get_object() if hasattr(child, "get_object") else child
        if hasattr(node, "get"):
            found += [node] * (node.get("/S") == kind) + tagged(node, kind)
    return found


@pytest.mark.parametrize(("paper", "points"), [(Paper.A4, A4), (Paper.LETTER, LETTER)])
def test_six_exercises_take_two_sheets_of_the_chosen_paper(six, paper, points):
    reader = read(six, paper=paper)
    assert math.ceil(len(reader.pages) / 2) <= 2
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == points


def test_larger_text_takes_more_room(handout):
    lengths = [len(read(handout, size=size).pages) for size in Size]
    assert lengths == sorted(set(lengths))


def test_a_screen_reader_finds_language_title_headings_and_alternatives(handout):
    reader = read(handout)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("en")
    assert reader.metadata.title == "Exercise plan"
    tree = root["/StructTreeRoot"]
    figures = [figure["/Alt"] for figure in tagged(tree, "/Figure")]
    assert len(figures) == 1 + 2 * 4  # the code, and start and end of each
    assert f"{handout.items[0].title}, end of the movement." in figures
    assert f"Code that opens {handout.address} on a phone" in figures
    assert len(tagged(tree, "/H3")) == 4
    assert len(tagged(tree, "/TH")) >= 8


def test_all_that_a_patient_needs_is_on_it(handout):
    text = text_of(read(handout))
    first = handout.items[0]
    for words in (
        handout.patient, handout.plan, handout.phase, handout.clinic, handout.phone,
        first.title, first.dosage, first.frequency, first.tempo, first.cue, first.start,
        first.precautions, first.kind_words, *first.steps, *handout.safety,
        "loss of bladder or bowel control", "call 911", "not watched all day",
        "Pain after", "Falls",
    ):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize(
    "typed",
    ['#eval("1+1") #read("/etc/passwd")', "$x^2$ *bold* _it_ `c`", '\\u{41} \\ "q" </l> @a'],
)
def test_what_people_type_is_printed_and_not_run(handout, typed):
    item = replace(handout.items[0], title=typed, note=typed)
    text = text_of(read(replace(handout, plan=typed, note=typed, items=(item,))))
    assert text.count(typed) == 5  # plan, its note, title, the exercise's note, the grid's row


def test_a_mark_is_on_top(handout):
    assert text_of(read(replace(handout, mark="Not yet."))).startswith("Not yet.")


def test_every_sign_has_a_shape():
    """A sign without one in any font is drawn as an empty box, like one that does not exist."""
    source = "#set page(width: 40pt, height: 40pt)\n#set text(font: {fonts}, size: 20pt)\n{sign}"
    fonts = str(tuple(typeset.FAMILIES)).replace("'", '"')

    def drawn(sign):
        made = source.format(fonts=fonts, sign=sign)
        compiler = typst.Compiler(made.encode(), font_paths=typeset.fonts())
        return compiler.compile(format="png", ppi=72)

    missing = drawn("\U0010fffd")
    for sign in "×–°“”’✓·≥éñüłşД":
        assert drawn(sign) != missing, sign


def test_the_clinics_own_picture_is_printed_and_a_lost_one_leaves_its_words(
    handout, settings, tmp_path
):
    settings.MEDIA_ROOT = str(tmp_path)
    drawn = BytesIO()
    Image.new("RGB", (1200, 600), "red").save(drawn, "WEBP")
    default_storage.save("kept/a.webp", ContentFile(drawn.getvalue()))
    here, gone = (Picture(alt, "", file=f"kept/{name}.webp") for alt, name in
                  (("A red chair.", "a"), ("A lost chair.", "b")))  # fmt: skip
    item = replace(handout.items[0], pictures=(here, gone))
    reader = read(replace(handout, items=(item,)))
    assert "A lost chair." in text_of(reader)
    alternatives = [one["/Alt"] for one in tagged(reader.trailer["/Root"]["/StructTreeRoot"],
                                                  "/Figure")]  # fmt: skip
    assert "A red chair." in alternatives
    assert [image.image.mode for page in reader.pages for image in page.images] == ["L"]
