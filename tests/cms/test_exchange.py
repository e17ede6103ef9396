"""The four forms: real-world awkward records read, and what is written reads back."""

import json
import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given

from cms import csl, dating, exchange, names
from cms.exchange import Entry, bibtex, bibtex_mending, entry
from cms.models import Source
from cms.works import ARTICLE
from tests.cms.conftest import make_source
from tests.cms.works import WORKS, fields_of

# What a form has no place for.
WITHOUT = {
    "ris": {"is_retracted"},
    "bibtex": {"is_retracted"},
    "nbib": {"accessed"},
    "csl": set(),
}


def entries(text: str) -> list[Entry]:
    return list(exchange.read(text)[1])


def one(text: str) -> dict[str, Any]:
    (found,) = entries(text)
    assert not found.problem
    return found.fields


@pytest.mark.parametrize("code", exchange.FORMS)
@given(fields=WORKS)
def test_written_and_read_back(code: str, fields: dict[str, Any]) -> None:
    source = Source(key="reyes2020", **fields)
    form = exchange.FORMS[code]
    text = exchange.write([source], form)
    found, read = exchange.read(text)
    assert found == form
    (back,) = list(read)
    assert back.problem == ""
    assert back.key == "reyes2020"
    expected = {
        name: value for name, value in fields_of(source).items() if name not in WITHOUT[code]
    }
    if code == "nbib" and source.kind == ARTICLE:
        expected["place"] = ""  # PubMed's 'place' of an article is its journal's country
    got = fields_of(Source(**back.fields))
    assert {name: got[name] for name in expected} == expected


@pytest.mark.parametrize("code", exchange.FORMS)
def test_both_names_of_a_journal_come_back(code: str) -> None:
    source = make_source(container="J Feet", container_full="Journal of Feet")
    fields = one(exchange.write([source], exchange.FORMS[code]))
    assert (fields["container"], fields["container_full"]) == ("J Feet", "Journal of Feet")


@pytest.mark.parametrize("code", exchange.FORMS)
def test_many_are_written_and_read_in_order(code: str) -> None:
    sources = [make_source(key=f"k{n}", title=f"Title {n}") for n in range(5)]
    text = exchange.write(sources, exchange.FORMS[code])
    for ending in ("\n", "\r\n"):
        read = entries(text.replace("\n", ending))
        assert [found.key for found in read] == [source.key for source in sources]
        assert [found.line for found in read] == sorted(found.line for found in read)


@pytest.mark.parametrize("text", ["", "Hello", "TY: JOUR", "<xml/>", "key,title\n1,2"])
def test_what_is_none_of_them(text: str) -> None:
    form, read = exchange.read(text)
    assert form is None
    assert list(read) == []


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Müller".encode(), "Müller"),
        (b"\xef\xbb\xbfM\xc3\xbcller", "Müller"),
        ("Müller".encode("utf-16"), "Müller"),
        ("Müller – “x”".encode("cp1252"), "Müller – “x”"),
    ],
)
def test_files_of_any_encoding(content: bytes, text: str) -> None:
    assert exchange.decoded(content) == text


RIS = """\ufeffProvider: Some database

TY  - JOUR
AU  - Müller, Jörg
AU  - Reyes, A. B., Jr.
A1  - World Health Organization
T1  - A title
      that goes on
JO  - Journal of Feet
JA  - J Feet
Y1  - 2020/03/05/
VL  - 3
IS  - Suppl 1
SP  - 862
EP  - 6
DO  - https://doi.org/10.1000/ABC
UR  - https://doi.org/10.1000/abc
KW  - feet
N2  - Abstract: not - a tag
ER  -

TY  - CHAP
TI  - Without an end
ED  - Reyes, Ana
T2  - The book
PB  - House
CY  - Oslo
TY  - ELEC
TI  - A page
UR  - https://x.test/
Y2  - 2021/05/03
ER  -
"""


def test_ris() -> None:
    article, chapter, page = entries(RIS)
    assert article.line == 3
    fields = article.fields
    assert fields["title"] == "A title that goes on"
    assert fields["authors"] == [
        {"family": "Müller", "given": "Jörg"},
        {"family": "Reyes", "given": "A. B.", "suffix": "Jr"},
        {"literal": "World Health Organization"},
    ]
    assert (fields["year"], fields["month"], fields["day"]) == (2020, 3, 5)
    assert (fields["pages"], fields["issue"]) == ("862-866", "Suppl 1")
    assert (fields["doi"], fields["url"]) == ("10.1000/ABC", "")
    assert (fields["container"], fields["container_full"]) == ("J Feet", "Journal of Feet")
    assert (chapter.line, chapter.fields["kind"]) == (22, "chapter")
    assert chapter.remarks == (
        "Its end line, ER, is missing after line 27; something may be cut off.",
    )
    assert chapter.fields["editors"] == [{"family": "Reyes", "given": "Ana"}]
    assert (chapter.fields["publisher"], chapter.fields["place"]) == ("House", "Oslo")
    assert page.fields["kind"] == "webpage"
    assert str(page.fields["accessed"]) == "2021-05-03"


def test_ris_against_the_rules() -> None:
    lines = ["TY  - JOUR", "TI- Feet", "PY  - 2019", "DA  - Mar 15", "C7  - e12", "ER  -"]
    [found] = entries("\n".join(lines))
    fields = found.fields
    assert (fields["title"], fields["pages"]) == ("Feet", "e12")
    assert (fields["year"], fields["month"], fields["day"]) == (2019, 3, 15)


def test_a_line_without_a_tag_is_named() -> None:
    text = (
        "TY  - JOUR\nTI  - A study\nof feet\nAB  - It was long\nand went on.\nAU  - Reyes, A.\n"
        "PY - 2020\n??\nER  -\n"
    )
    (found,) = entries(text)
    assert found.fields["title"] == "A study of feet"
    assert found.remarks == (
        "Line 3 has no tag; it was read as the end of TI.",
        "Line 8 has no tag; it was read as the end of PY.",
    )


def test_a_chapter_takes_from_its_book() -> None:
    text = """
    @incollection{reyes2020, author = {Reyes, Ana}, title = {Feet}, crossref = {Book2020}}
    @book{book2020, title = {The whole book}, editor = {Cole, B.}, year = 2020, publisher = {House}}
    """
    chapter, book = entries(text)
    assert chapter.fields["container"] == "The whole book"
    assert (chapter.fields["year"], chapter.fields["publisher"]) == (2020, "House")
    assert chapter.fields["title"] == "Feet"
    assert book.fields["kind"] == "book"


@pytest.mark.parametrize(
    ("item", "field", "value"),
    [
        ({"issued": "2019"}, "year", 2019),
        ({"issued": {"date-parts": [[2020, 2, 31]]}}, "day", None),
        ({"issued": {"date-parts": [[2020, 21]]}}, "month", None),
        ({"author": "Smith J"}, "authors", [{"family": "Smith", "given": "J."}]),
        ({"author": ["Smith J", {"literal": "WHO"}]}, "authors", [
            {"family": "Smith", "given": "J."}, {"literal": "WHO"}]),
    ],
)  # fmt: skip
def test_csl_against_the_rules(item: dict[str, Any], field: str, value: object) -> None:
    assert csl.from_csl({"title": "Feet", **item})[field] == value


NBIB = """
PMID- 31528058
OWN - NLM
STAT- PubMed-not-MEDLINE
LR  - 20200930
IS  - 0976-5662 (Print)
VI  - 10
IP  - 5
DP  - 2019 Sep-Oct
TI  - Management of peripheral nerve
      injury.
PG  - 862-6
LID - 10.1016/j.jcot.2019.08.003 [doi]
AB  - BACKGROUND: nerves - and more.
FAU - Bhandari, Prem Singh
AU  - Bhandari PS
AD  - Somewhere - in India.
CN  - MBBQ Study Group
LA  - eng
PT  - Journal Article
PT  - Retracted Publication
PL  - India
TA  - J Clin Orthop Trauma
JT  - Journal of clinical orthopaedics and trauma
PMC - PMC6739245
AID - S0976-5662(19)30431-2 [pii]

PMID- 2
TI  - Only a title
"""


def test_nbib() -> None:
    article, bare = entries(NBIB)
    fields = article.fields
    assert article.line == 2
    assert fields["title"] == "Management of peripheral nerve injury"
    assert fields["authors"] == [
        {"family": "Bhandari", "given": "Prem Singh"},
        {"literal": "MBBQ Study Group"},
    ]
    assert fields["pages"] == "862-866"
    assert (fields["year"], fields["month"], fields["day"]) == (2019, 9, None)
    assert fields["season"] == "Sep-Oct"
    assert (fields["pmid"], fields["pmcid"]) == ("31528058", "PMC6739245")
    assert fields["doi"] == "10.1016/j.jcot.2019.08.003"
    assert (fields["volume"], fields["issue"], fields["place"]) == ("10", "5", "")
    assert fields["is_retracted"]
    assert (bare.line, bare.fields["title"], bare.fields["pmid"]) == (28, "Only a title", "2")


BIBTEX = r"""% my references
@string{jfoot = "J Foot"}
@Article{reyes2020,
  author = {M{\"u}ller, J{\"o}rg and {World Health Organization} and de la Cruz, Ana and
            Jos\'e van der Velde and others},
  title = {The {ABC} of 50% feet --- \& toes: $\alpha$ \emph{in vivo}},
  journal = jfoot, year = 2020, month = mar, pages={12--19},
  doi={10.1000/a\_b%c}, note = {},
}
@article{broken, title = {No end
@article{reyes2020, title={Same key}, year=2021, year=2022}
@book(paren, title="A book", editor="A. Writer", publisher={House})
@misc{site, title={A page}, url={https://x.test/a_b}, urldate={2021-05-03}}
@comment{nothing}
"""


def test_bibtex() -> None:
    article, broken, same, book, page = entries(BIBTEX)
    fields = article.fields
    assert (article.line, article.key) == (3, "reyes2020")
    assert fields["authors"] == [
        {"family": "Müller", "given": "Jörg"},
        {"literal": "World Health Organization"},
        {"family": "de la Cruz", "given": "Ana"},
        {"family": "van der Velde", "given": "José"},
    ]
    assert fields["more_authors"]
    assert fields["title"] == "The ABC of 50% feet — & toes: α in vivo"
    assert (fields["container"], fields["pages"]) == ("J Foot", "12-19")
    assert (fields["year"], fields["month"], fields["doi"]) == (2020, 3, "10.1000/a_b%c")
    assert broken.line == 10
    assert "don't close" in broken.problem
    assert (same.fields["title"], same.fields["year"]) == ("Same key", 2021)
    assert (book.fields["kind"], book.fields["title"]) == ("book", "A book")
    assert book.fields["editors"] == [{"family": "Writer", "given": "A."}]
    assert (page.fields["kind"], page.fields["url"]) == ("webpage", "https://x.test/a_b")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"{\O}re \o{} \ss{} \ae{} {\aa}", "Øre ø ß æ å"),
        (r"\v{S}koda \c{c} {\l}", "Škoda ç ł"),
        ("plain words", "plain words"),
        ("50% of {Feet}", "50% of Feet"),
        (r"unknown \macro{x} stays", "unknown x stays"),
        ("open {brace", "open brace"),
    ],
)
def test_latex(latex: str, text: str) -> None:
    assert bibtex.plain(latex) == text


def test_csl_goes_on_after_what_is_broken() -> None:
    text = '[{"id":"a","title":"A","page":"1–9"},\n {"title": nope},\n {"title":"C"},\n 7]'
    first, broken, third, number = entries(text)
    assert (first.key, first.fields["pages"], first.line) == ("a", "1-9", 1)
    assert (broken.line, bool(broken.problem)) == (2, True)
    assert (third.line, third.fields["title"]) == (3, "C")
    assert (number.line, number.problem) == (4, "This is not a reference.")


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"title": "cut', "[", "{}", '{"a":' * 50_000, '[{"title": 1e999999}]']
)
def test_odd_json_is_no_error(text: str) -> None:
    assert all(found.problem or found.fields["title"] is not None for found in entries(text))


def test_one_item_and_an_items_list() -> None:
    assert one('{"title": "A"}')["title"] == "A"
    assert one('{"items": [{"title": "A"}]}')["title"] == "A"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2020", (2020, None, None)),
        ("2020/03/05/", (2020, 3, 5)),
        ("2020///", (2020, None, None)),
        ("2020 Mar 5", (2020, 3, 5)),
        ("2019 Nov-Dec", (2019, 11, None)),
        ("March 5, 2020", (2020, 3, 5)),
        ("5 May 2020", (2020, 5, 5)),
        ("2020 Spring", (2020, None, None)),
        ("in press", (None, None, None)),
    ],
)
def test_dates(text: str, date: tuple[int | None, ...]) -> None:
    assert tuple(dating.dated(text).values()) == date


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("862--6", "862-866"),
        ("862–866", "862-866"),
        ("S93-9", "S93-S99"),
        ("12-12", "12"),
        ("e3651", "e3651"),
        ("1, 5-7", "1, 5-7"),
        ("", ""),
    ],
)
def test_pages(text: str, pages: str) -> None:
    assert entry.pages(text) == pages


def test_no_sample_of_a_form_is_taken_for_another() -> None:
    codes = [exchange.detect(text).code for text in (RIS, NBIB, BIBTEX, '[{"title": "A"}]')]
    assert codes == ["ris", "nbib", "bibtex", "csl"]


# --- what is left out, doubled or doubtful in a file --------------------------------------------


def people_of(fields: dict[str, Any]) -> list[str]:
    return [names.write(name) for name in fields["authors"]]


@pytest.mark.parametrize(
    ("author", "people"),
    [
        (
            "family=Haan, given=Ina, prefix=de, useprefix=true and family=Ruiz, given=Omar",
            ["de Haan, Ina", "Ruiz, Omar"],
        ),
        ("given={Jörg Paul}, family={Müller}, suffix={Jr.}", ["Müller, Jörg Paul, Jr"]),
        ('"family=Haan", "given=Ina", given-i=I', ["Haan, Ina"]),
        ("Family = {de Haan}, Given-i = {I}", ["de Haan I"]),
        ("{family=Haan, given=Ina}", ["{family=Haan, given=Ina}"]),
        ("family=UNESCO and others", ["UNESCO"]),
    ],
)
def test_biblatex_names_in_parts(author: str, people: list[str]) -> None:
    (found,) = entries(f"@article{{a, author = {{{author}}}, title = {{Feet}}, year = 2019}}")
    assert people_of(found.fields) == people
    assert found.doubts == ()


COMMAS = "Ines Ruiz, Omar Diaz, Lea Funk"


@pytest.mark.parametrize(
    "text",
    [
        f"@article{{a, author = {{{COMMAS}}}, title = {{Feet}}, year = 2019}}",
        f"TY  - JOUR\nTI  - Feet\nAU  - {COMMAS}\nPY  - 2019\nER  -\n",
        f"PMID- 1\nTI  - Feet\nAU  - {COMMAS}\nDP  - 2019\n",
        json.dumps([{"type": "book", "title": "Feet", "author": [{"literal": COMMAS}]}]),
        json.dumps([{"type": "book", "title": "Feet", "author": [{"family": COMMAS}]}]),
        json.dumps([{"type": "book", "title": "Feet", "author": COMMAS}]),
    ],
)
def test_names_with_commas_between_them_are_doubtful(text: str) -> None:
    (found,) = entries(text)
    (doubt,) = found.doubts
    assert (doubt.field, doubt.place, doubt.said) == ("authors", 0, COMMAS)
    assert doubt.offer == "3 authors: Ruiz I; Diaz O; Funk L"
    assert [name["given"] for name in doubt.offered] == ["Ines", "Omar", "Lea"]
    assert people_of(found.fields) == [COMMAS]


def test_a_comma_among_names_with_and_is_doubtful() -> None:
    text = "@article{{a, author = {{{}}}, title = {{Feet}}, year = 2019}}"
    (found,) = entries(text.format("Ines Ruiz, Omar Diaz and Lea Funk"))
    assert [(doubt.place, doubt.said) for doubt in found.doubts] == [(0, "Ines Ruiz, Omar Diaz")]
    (found,) = entries(text.format("García Márquez, Gabriel José and Ruiz Sosa, Ana"))
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("missing", "line", "said"),
    [
        ("number={2}\n  year = {2019},", 3, "A comma is missing before “year”."),
        ('number="2"\n  year = {2019},', 3, "A comma is missing before “year”."),
        ("number=2\n  year = 2019,", 3, "A comma is missing before “year”."),
        ("number {2},\n year = 2019", 3, "An equals sign is missing after “number”."),
        ("number={2} year={2019}", 3, "A comma is missing before “year”."),
    ],
)
def test_a_sign_that_is_missing_is_named(missing: str, line: int, said: str) -> None:
    begin = "@article{a,\n  title = {Feet, {year} = 3},\n  "
    article, book = entries(f"{begin}{missing}\n}}\n@book{{b, title={{B}}}}")
    assert (article.fields["issue"], article.fields["year"]) == ("2", 2019)
    assert article.fields["title"] == "Feet, year = 3"
    assert article.remarks == (f"Line {line}: {said} It was read as if it stood there.",)
    assert (book.line, book.remarks) == (6 if "\n" in missing else 5, ())


@pytest.mark.parametrize("begin", ["a\n", "\n"])
def test_a_comma_or_key_that_is_missing_at_the_start_is_named(begin: str) -> None:
    (found,) = entries(f"@article{{{begin}  title = {{Feet}},\n  year = 2019\n}}")
    assert (found.fields["title"], found.fields["year"]) == ("Feet", 2019)
    assert found.remarks[0].startswith("Line ")


def test_what_is_whole_is_not_mended() -> None:
    for text in (
        BIBTEX,
        '@article{a, month = sep # "--" # oct, title = {x = {y}}}',
        "@a{",
        "@a{b,c",
    ):
        assert bibtex_mending.mended(text) == (text, [])


def steps(text: str) -> int:
    """How many lines of the mending run for it."""
    count, before = 0, sys.gettrace()

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        if frame.f_code.co_filename != bibtex_mending.__file__:
            return None
        count += event == "line"
        return trace

    sys.settrace(trace)
    try:
        bibtex_mending.mended(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("entry_", ["@article{a, title = {Feet\n", '@article{a, title = "Feet {\n'])
def test_what_does_not_close_costs_no_more_for_each_that_follows(entry_: str) -> None:
    assert steps(entry_ * 80) < 2.2 * steps(entry_ * 40)


def test_a_value_that_does_not_close_takes_nothing_of_the_next_entry() -> None:
    text = "@article{a, title = {Feet\n\n@article{b, title = {Hands}, year = 2019}\n"
    assert bibtex_mending.mended(text) == (text, [])


@pytest.mark.parametrize(
    ("month", "season"),
    [
        ("{Sep-Oct}", "Sep-Oct"),
        ('sep # "--" # oct', "Sep-Oct"),
        ("{9-10}", "Sep-Oct"),
        ("{September/October}", "Sep-Oct"),
        ("{Spring}", "Spring"),
        ("sep", ""),
    ],
)
def test_months_of_bibtex(month: str, season: str) -> None:
    fields = one(f"@article{{a, title = {{Feet}}, year = 2019, month = {month}}}")
    assert (fields["year"], fields["season"]) == (2019, season)
    assert fields["month"] == (None if season == "Spring" else 9)


@pytest.mark.parametrize(
    "text",
    [
        "@article{a, title={Feet}, year={in press}}",
        "@article{a, title={Feet}, year={2020}, pubstate={inpress}}",
        "@article{a, title={Feet}, year={2020}, note={In press}}",
        "TY  - JOUR\nTI  - Feet\nPY  - in press\nER  -",
        "TY  - INPR\nTI  - Feet\nPY  - 2020\nER  -",
        "PMID- 1\nTI  - Feet\nDP  - In press\n",
    ],
)
def test_in_press_is_kept(text: str) -> None:
    (found,) = entries(text)
    assert found.fields["is_in_press"]
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[{"title": "Feet", "type": "nonsense"}]', "Its type, “nonsense”, is none of ours"),
        ('[{"title": "Feet"}]', "It has no type"),
        ("TY  - NONSENSE\nTI  - Feet\nER  -", "Its kind, “NONSENSE”, is none of ours"),
        ("@nonsense{a, title={Feet}}", "Its kind, “@nonsense”, is none of ours"),
        (
            '[{"title": "Feet", "type": "book", "publisher": 7}]',
            "“publisher” is a number, 7, where a text belongs",
        ),
        ('[{"title": "Feet", "type": "book", "author": [7]}]', "“author” holds no name"),
    ],
)
def test_what_is_no_kind_or_no_text_is_named(text: str, named: str) -> None:
    (found,) = entries(text)
    assert found.remarks[0].startswith(named)


def test_a_title_that_is_a_number_is_no_reference() -> None:
    (found,) = entries('[{"title": 7, "type": "nonsense"}]')
    assert (found.fields, found.problem) == ({}, "Its title, 7, is not a text.")


def test_lines_that_no_record_begins_are_named() -> None:
    text = "TY  - JOUR\nTI  - A\nER  -\nTI  - B\nAU  - Ruiz, I\nER  -\nTY  - JOUR\nTI  - C\nER  -\n"
    first, lost, third = entries(text)
    assert (lost.line, lost.problem) == (4, "These lines have no TY line before them.")
    assert (first.fields["title"], third.fields["title"]) == ("A", "C")
    assert (first.remarks, third.remarks) == ((), ())


def test_a_list_that_is_cut_off_is_named() -> None:
    first, cut = entries('[{"title": "A", "type": "book"},\n')
    assert first.fields["title"] == "A"
    assert "does not end" in cut.problem


@pytest.mark.parametrize(
    ("latex", "title"),
    [
        (r"A \emph{b} c", "A <i>b</i> c"),
        (r"A {\it b} {\em c}", "A <i>b</i> <i>c</i>"),
        (r"{A \textit{b {c}} d}", "A <i>b c</i> d"),
        (r"H$_2$O and $^{13}$C", "H<sub>2</sub>O and <sup>13</sup>C"),
        (r"x\textsubscript{2} \emph{open", "x<sub>2</sub> <i>open</i>"),
        ("A <i>b</i>", "A <i>b</i>"),
        ("A b", ""),
    ],
)
def test_marks_of_a_latex_title(latex: str, title: str) -> None:
    assert bibtex.title_of(latex)["title_marked"] == title
