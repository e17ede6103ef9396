"""Importing: new, known and faulty told apart, only the new saved."""

import json
import time
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from accounts.models import User
from cms import exchange, importing
from cms.models import CheckState, Source
from tests.cms.conftest import make_source
from tests.cms.works import fields_of

pytestmark = pytest.mark.django_db


def csl_of(*items: dict[str, Any]) -> str:
    return json.dumps([{"type": "article-journal", **item} for item in items], indent=1)


def test_new_known_and_faulty() -> None:
    text = csl_of(
        {"title": "New one", "DOI": "10.1000/new", "author": [{"family": "Óñez", "given": "A"}]},
        {"title": "Known by DOI", "DOI": "10.1016/J.JCOT.2019.08.003"},
        {"title": "Same file", "DOI": "10.1000/NEW"},
        {"title": "Bad DOI", "DOI": "see page 3"},
        {"title": "", "DOI": "10.1000/empty"},
        {"title": "Bad year", "issued": {"date-parts": [[12]]}},
    )
    preview = importing.preview(text)
    assert [row.is_new for row in preview.rows] == [True, False, False, False, False, False]
    known, same = preview.known
    assert known.known.key == "bhandari2019"
    assert same.known.pk is None
    assert [row.problem.split(":")[0] for row in preview.faulty] == ["DOI", "Title", "Year"]
    assert all(row.line > 1 for row in preview.faulty)
    assert not Source.objects.filter(doi="10.1000/new").exists()


def test_what_a_new_reference_lacks_is_said() -> None:
    text = (
        "TY  - JOUR\nTI  - Feet\nPY  - 20O4\nER  -\n\n"
        "TY  - JOUR\nTI  - Feet again\nAU  - Reyes, A.\nPY  - 2004\nER  -\n"
    )
    first, second = importing.preview(text).new
    date = "The date “20O4” can't be read."
    assert first.remarks == (date, "No author was found.", "No year was found.")
    assert second.remarks == ()


def test_only_the_new_is_added_and_by_whom_is_kept(priya: User) -> None:
    preview = importing.preview(
        csl_of({"title": "New", "id": "mine"}, {"title": "Bad", "DOI": "x"})
    )
    (added,) = importing.add(items=preview.new_items, by=priya)
    source = Source.objects.get(key="mine")
    assert added == source
    assert source.check_state == CheckState.UNCHECKED
    entry = ModelLogEntry.objects.get(object_id=str(source.pk))
    assert (entry.action, entry.user) == ("wagtail.create", priya)


def test_a_preview_that_was_changed_on_its_way_is_looked_at_again(priya: User) -> None:
    before = Source.objects.count()
    items = [
        {"title": "Known", "DOI": "10.1016/j.jcot.2019.08.003"},
        {"title": "Bad", "DOI": "javascript:alert(1)"},
        {"title": "x" * 600},
        {"title": "Good", "id": "two words", "custom": {"check_state": "checked"}},
    ]
    (added,) = importing.add(items=items, by=priya)
    assert Source.objects.count() == before + 1
    assert added.title == "Good"
    assert added.check_state == CheckState.UNCHECKED


COMMAS = """@article{a, author = {Ines Ruiz, Omar Diaz, Lea Funk and Cole, Bo},
  title = {One}, year = 2019}
@article{b, author = {Ines Ruiz, Omar Diaz, Lea Funk}, title = {Two}, year = 2019}"""


def test_several_people_are_offered_and_taken_where_somebody_ticks(priya: User) -> None:
    preview = importing.preview(COMMAS)
    assert [len(row.doubts) for row in preview.new] == [1, 1]
    first, second = importing.add(items=preview.new_items, apart={(0, 0)}, by=priya)
    assert first.authors_line(4) == "Ruiz I, Diaz O, Funk L, Cole B"
    assert second.authors == [{"literal": "Ines Ruiz, Omar Diaz, Lea Funk"}]


@pytest.mark.parametrize(
    "offer",
    [
        "x",
        {},
        {"of": "title", "place": 0, "names": ["Ruiz I"]},
        {"of": "authors", "place": 9, "names": ["Ruiz I"]},
        {"of": "authors", "place": "0", "names": ["Ruiz I"]},
        {"of": "authors", "place": 0, "names": 7},
    ],
)
def test_an_offer_that_was_changed_on_its_way_is_none(offer: object, priya: User) -> None:
    item = {"type": "book", "title": "Odd", "author": ["Cole B"], "custom": {"apart": [offer]}}
    (added,) = importing.add(items=[item], apart={(0, 0)}, by=priya)
    assert (added.title, added.authors_line()) == ("Odd", "Cole B")
    assert importing.add(items=[{"title": 7}], by=priya) == []


def test_all_or_none(priya: User, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [{"title": "One"}, {"title": "Two"}]
    done: list[object] = []

    def break_second(**kwargs: object) -> None:
        done.append(kwargs)
        if len(done) == 2:
            raise RuntimeError

    monkeypatch.setattr(importing, "log", break_second)
    before = Source.objects.count()
    with pytest.raises(RuntimeError):
        importing.add(items=items, by=priya)
    assert Source.objects.count() == before


@pytest.mark.parametrize("code", exchange.FORMS)
def test_export_then_import_is_a_no_op(code: str, priya: User) -> None:
    text = exchange.write(Source.objects.all(), exchange.FORMS[code])
    preview = importing.preview(text)
    assert len(preview.known) == Source.objects.count()
    assert preview.new == preview.faulty == []
    assert sorted(row.known.key for row in preview.known) == sorted(
        Source.objects.values_list("key", flat=True)
    )


@pytest.mark.parametrize("code", exchange.FORMS)
def test_an_export_brings_lost_sources_back_as_they_were(code: str, priya: User) -> None:
    source = make_source(key="lost2020", doi="10.1000/lost", volume="3", issue="Suppl 1")
    source.save()
    text = exchange.write([source], exchange.FORMS[code])
    Source.objects.filter(key="lost2020").delete()
    importing.add(items=importing.preview(text).new_items, by=priya)
    assert fields_of(Source.objects.get(key="lost2020")) == fields_of(source)


def test_keys() -> None:
    items = (
        {"title": "A", "author": [{"family": "Müller-Ørsted", "given": "A"}]},
        {"title": "B", "author": [{"family": "Müller-Ørsted", "given": "A"}]},
        {"title": "C", "author": [{"literal": "World Health Organization"}]},
        {"title": "The title", "id": "12345"},
        {"title": "D", "id": "BHANDARI2019"},
        {"title": "日本"},
    )
    preview = importing.preview(
        csl_of(*({**item, "issued": {"date-parts": [[2020]]}} for item in items))
    )
    assert [row.source.key for row in preview.rows] == [
        "mullerrsted2020",
        "mullerrsted2020b",
        "world2020",
        "the2020",
        "BHANDARI2019b",
        "source2020",
    ]


def many(count: int) -> list[Source]:
    return [
        make_source(
            key=f"many{n}",
            title=f"A title with words, number {n}",
            doi=f"10.1000/many.{n}",
            authors=[{"family": f"Name{k}", "given": "A. B."} for k in range(6)],
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("code", exchange.FORMS)
def test_five_hundred_in_under_ten_seconds_of_work(code: str, priya: User) -> None:
    text = exchange.write(many(500), exchange.FORMS[code])
    begun = time.process_time()  # of this process alone: others' load does not count
    preview = importing.preview(text)
    added = importing.add(items=preview.new_items, by=priya)
    assert len(added) == 500
    assert time.process_time() - begun < 10


def test_a_preview_costs_two_queries_whatever_its_length(django_assert_num_queries: Any) -> None:
    for count in (1, 30):
        text = exchange.write(many(count), exchange.FORMS["csl"])
        with django_assert_num_queries(2):
            importing.preview(text)


def test_too_many_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_ENTRIES", 3)
    assert len(importing.preview(exchange.write(many(5), exchange.FORMS["ris"])).rows) == 3


def test_accents_and_hyphens_make_no_other_work(priya: User) -> None:
    make_source(title="Feet: a naïve view", authors=[{"family": "Alfonso-Rosa"}]).save()
    again = make_source(title="Feet. A naive view", authors=[{"family": "Alfonso Rosá"}])
    [row] = importing.preview(exchange.write([again], exchange.FORMS["ris"])).rows
    assert row.known is not None
