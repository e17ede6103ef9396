"""Sources in the admin: who may do what, the form, the import, the export, the report."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cms import lookup
from cms.admin import exchanging
from cms.models import ArticleIndexPage, ArticlePage, CheckState, CitationSettings, Source
from patients.models import Patient
from tests.cms.conftest import make_article, make_source
from tests.conftest import OF_THE_WALL, client_of

pytestmark = pytest.mark.django_db

LIST = "/cms/snippets/cms/source/"
IMPORT, CONFIRM, EXPORT = (
    "/cms/sources/import/",
    "/cms/sources/import/confirm/",
    "/cms/sources/export/",
)
CHOICES, FILL, REPORT = "/cms/sources/choices/", "/cms/sources/fill/", "/cms/reports/citations/"
READING = [LIST, LIST + "add/", IMPORT, EXPORT, CHOICES, REPORT]


@pytest.mark.parametrize("path", READING)
def test_who_may_enter(
    path: str, priya: User, ed: User, olive: User, ruth: User, ana: Patient
) -> None:
    """Olive's clinic does not keep the public site: she cites sources, and adds none."""
    for user in (priya, ed):
        assert client_of(user).get(path).status_code == 200, user
    changes = path in (LIST + "add/", IMPORT)
    assert client_of(olive).get(path).status_code == (302 if changes else 200)
    for user in (ruth, ana.user):
        assert client_of(user).get(path).status_code in {302, 403, 404}, user
    assert client_of(None).get(path).status_code in {302, 404}


@pytest.mark.parametrize("path", [IMPORT, CONFIRM, FILL, EXPORT])
def test_others_change_nothing(path: str, ruth: User, ana: Patient) -> None:
    before = Source.objects.count()
    posted = {"items": '[{"title": "Smuggled"}]', "text": '[{"title": "x"}]', "doi": "10.1000/x"}
    for user in (ruth, ana.user, None):
        assert client_of(user).post(path, posted).status_code in {302, 403, 404}
    assert Source.objects.count() == before


def test_somebody_who_may_enter_but_not_add(ruth: User) -> None:
    """The door opened by hand for one whose role writes nothing."""
    ruth.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = client_of(ruth)
    for path in (IMPORT, EXPORT, REPORT):
        assert client.get(path).status_code in {302, 403, 404}
    for path in (CONFIRM, FILL):
        assert client.post(path, {"items": "[]"}).status_code in {302, 403, 404}


def test_only_editors_choose_the_style(priya: User, ed: User) -> None:
    path = "/cms/settings/cms/citationsettings/"
    assert client_of(ed).get(path, follow=True).status_code == 200
    assert client_of(ed).get(path, follow=True).redirect_chain[-1][0].startswith(path)
    assert client_of(priya).get(path).status_code in {302, 403}


def form_data(**fields: Any) -> dict[str, Any]:
    return {
        "key": "new2020",
        "kind": "article-journal",
        "title": "A new one",
        "authors": "Reyes AB",
        "editors": "",
        "year": "2020",
        "check_state": CheckState.UNCHECKED,
        **fields,
    }


def test_a_source_is_added_by_form(as_priya: Client) -> None:
    answer = as_priya.post(LIST + "add/", form_data(doi="https://doi.org/10.1000/New"))
    assert answer.status_code == 302, answer.context["form"].errors
    assert Source.objects.get(key="new2020").doi == "10.1000/New"


@pytest.mark.parametrize(
    "same",
    [
        {"doi": "https://doi.org/10.1016/J.JCOT.2019.08.003"},
        {"pmid": "31528058"},
        {"pmcid": "pmc6739245"},
        {
            "title": "MANAGEMENT of peripheral nerve injury.",
            "year": "2019",
            "authors": "Bhandari PS",
        },
    ],
)
def test_a_work_we_have_is_offered_instead(as_priya: Client, same: dict[str, str]) -> None:
    answer = as_priya.post(LIST + "add/", form_data(**same))
    known = Source.objects.get(key="bhandari2019")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "We have this work already" in text
    assert f'<a href="/cms/snippets/cms/source/edit/{known.pk}/">' in text
    assert not Source.objects.filter(key="new2020").exists()


def test_the_offer_escapes_the_title(as_priya: Client) -> None:
    make_source(key="x1", title="<script>alert(1)</script>", doi="10.1000/x").save()
    text = as_priya.post(LIST + "add/", form_data(doi="10.1000/x")).content.decode()
    assert "<script>alert(1)</script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_who_checked_is_filled_in_and_taken_out(as_priya: Client, priya: User) -> None:
    as_priya.post(LIST + "add/", form_data(check_state=CheckState.CHECKED))
    source = Source.objects.get(key="new2020")
    assert source.checked_by == priya.get_full_name()
    assert source.checked_on == timezone.localdate()
    as_priya.post(
        f"{LIST}edit/{source.pk}/", form_data(checked_by="Priya", checked_on="2026-01-01")
    )
    source.refresh_from_db()
    assert (source.checked_by, source.checked_on) == ("", None)


def test_the_list_shows_how_far_each_was_checked(as_priya: Client) -> None:
    Source.objects.filter(key="boyd2010").update(is_retracted=True)
    text = as_priya.get(LIST).content.decode()
    assert 'cite-state--bad">Retracted<' in text
    assert 'cite-state--doubtful">Not checked<' in text
    assert 'cite-state--fine">Found in records<' in text
    assert "Import sources" in text


def test_the_list_costs_the_same_for_more(as_priya: Client, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    as_priya.get(LIST + "?q=boyd2014")
    with CaptureQueriesContext(connection) as one:
        as_priya.get(LIST + "?q=boyd2014")
    with django_assert_num_queries(len(one)):
        as_priya.get(LIST + "?q=nerve")


# --- choosing -----------------------------------------------------------------------------------


def chosen(client: Client, **query: str) -> list[dict[str, Any]]:
    return client.get(CHOICES, query).json()["sources"]


@pytest.mark.parametrize(
    "words",
    [
        "peripheral nerve injury",
        "Bhandari",
        "bhandari2019",
        "10.1016/j.jcot.2019.08.003",
        "31528058",
    ],
)
def test_choices_by_title_author_key_and_number(as_priya: Client, words: str) -> None:
    assert "bhandari2019" in [source["key"] for source in chosen(as_priya, q=words)]


def test_choices_hold_every_word_and_say_the_state(as_priya: Client) -> None:
    assert chosen(as_priya, q="bhandari zebra") == []
    Source.objects.filter(key="bhandari2019").update(is_retracted=True)
    (source,) = chosen(as_priya, keys="bhandari2019")
    assert source["retracted"]
    assert source["state"] == "Retracted"
    assert source["short"] == "Bhandari 2019"


def test_choices_are_one_query(as_priya: Client, django_assert_max_num_queries: Any) -> None:
    as_priya.get(CHOICES)
    with django_assert_max_num_queries(6 + OF_THE_WALL):  # session, user, groups, the sources
        assert len(chosen(as_priya)) == 40


# --- importing ----------------------------------------------------------------------------------

FILE = """TY  - JOUR
TI  - A new <b>work</b>
AU  - Reyes, Ana
PY  - 2024
ER  -
TY  - JOUR
TI  - Known
DO  - 10.1016/J.JCOT.2019.08.003
ER  -
TY  - JOUR
TI  - Faulty
DO  - nowhere
ER  -
"""


def items_of(html: str) -> str:
    from html import unescape

    return unescape(html.split('name="items" value="')[1].split('"', maxsplit=1)[0])


@pytest.mark.parametrize("way", ["pasted", "file", "latin"])
def test_preview_then_confirm(as_priya: Client, way: str) -> None:
    encoding = "latin-1" if way == "latin" else "utf-8"
    file = SimpleUploadedFile("refs.txt", FILE.replace("\n", "\r\n").encode(encoding))
    posted = {"text": FILE} if way == "pasted" else {"file": file}
    before = Source.objects.count()
    preview = as_priya.post(IMPORT, posted).content.decode()
    assert "1 new, 1 known already, 1 faulty" in preview
    assert "<td>10</td><td>DOI: A DOI looks like 10.1000/abc.</td>" in preview
    assert "A new &lt;b&gt;work&lt;/b&gt;" in preview or "A new work" in preview
    assert "<b>work</b>" not in preview
    assert Source.objects.count() == before
    answer = as_priya.post(CONFIRM, {"items": items_of(preview)}, follow=True)
    assert "1 sources added" in answer.content.decode()
    assert Source.objects.count() == before + 1
    again = as_priya.post(CONFIRM, {"items": items_of(preview)}, follow=True)
    assert "0 sources added" in again.content.decode()
    assert Source.objects.count() == before + 1


def test_several_people_are_offered_in_the_preview(as_priya: Client) -> None:
    text = "@article{a1, author = {Ines Ruiz, Omar Diaz, Lea Funk}, title = {One}, year = 2019}"
    preview = as_priya.post(IMPORT, {"text": text}).content.decode()
    assert "Take it as 3 authors: Ruiz I; Diaz O; Funk L" in preview
    assert 'value="0-0"' in preview
    as_priya.post(CONFIRM, {"items": items_of(preview), "apart": ["0-0", "x", "-", "9-9"]})
    assert Source.objects.get(key="a1").authors_line() == "Ruiz I, Diaz O, Funk L"


def test_a_key_is_made_where_none_is_typed(as_priya: Client) -> None:
    as_priya.post(LIST + "add/", form_data(key="", title="One", authors="Óñez A"))
    as_priya.post(LIST + "add/", form_data(key="", title="Two", authors="Óñez A"))
    keys = Source.objects.filter(title__in=["One", "Two"]).order_by("title")
    assert list(keys.values_list("key", flat=True)) == ["onez2020", "onez2020b"]
    one = Source.objects.get(key="onez2020")
    as_priya.post(f"{LIST}edit/{one.pk}/", form_data(key="", title="One more", authors="Óñez A"))
    one.refresh_from_db()
    assert (one.key, one.title) == ("onez2020", "One more")


@pytest.mark.parametrize("path", [LIST, REPORT, CHOICES + "?q=bhandari"])
def test_no_page_of_the_admin_shows_a_key(as_priya: Client, path: str) -> None:
    text = as_priya.get(path).content.decode()
    shown = text.replace('"key": "bhandari2019"', "")
    assert "Bhandari 2019" in text
    assert "bhandari2019" not in shown


def test_a_title_is_edited_with_its_marks(as_priya: Client) -> None:
    as_priya.post(LIST + "add/", form_data(title="A <i>new</i> one"))
    source = Source.objects.get(key="new2020")
    assert (source.title, source.title_marked) == ("A new one", "A <i>new</i> one")
    page = as_priya.get(f"{LIST}edit/{source.pk}/").content.decode()
    assert "A &lt;i&gt;new&lt;/i&gt; one" in page
    as_priya.post(f"{LIST}edit/{source.pk}/", form_data(title="A new one"))
    source.refresh_from_db()
    assert (source.title, source.title_marked) == ("A new one", "")


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({}, "Paste references or choose a file"),
        ({"text": "hello"}, "none of RIS"),
        ({"text": "x" * 1_000_001}, "at most 1000000"),
    ],
)
def test_what_can_not_be_imported_says_why(
    as_priya: Client, posted: dict[str, str], words: str
) -> None:
    assert words in as_priya.post(IMPORT, posted).content.decode()


def test_a_file_that_is_too_large(as_priya: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanging, "LARGEST", 10)
    file = SimpleUploadedFile("refs.ris", FILE.encode())
    assert "larger than 5 MB" in as_priya.post(IMPORT, {"file": file}).content.decode()


BROKEN = ["", "{}", "[1]", "nonsense", "[" * 10_000 + "]" * 10_000, '[{"title": "a\\u0000b"}]']


@pytest.mark.parametrize("items", BROKEN)
def test_a_broken_confirmation_adds_nothing(as_priya: Client, items: str) -> None:
    before = Source.objects.count()
    answer = as_priya.post(CONFIRM, {"items": items}, follow=True)
    assert "Nothing was added" in answer.content.decode()
    assert Source.objects.count() == before


@pytest.mark.parametrize("number", ["9" * 5_000, "٣" * 3])
def test_numbers_that_no_row_has(as_priya: Client, number: str) -> None:
    assert as_priya.post(FILL, {"doi": "", "own": number}).status_code == 200
    text = f"TY  - JOUR\nTI  - Feet\nPY  - 2020/{number}/{number}\nER  - \n"
    assert as_priya.post(IMPORT, {"text": text}).status_code == 200
    csl = json.dumps([{"type": "book", "title": "Feet", "issued": {"date-parts": [[number]]}}])
    assert as_priya.post(IMPORT, {"text": csl}).status_code == 200


def test_a_nul_is_looked_for_and_kept_nowhere(as_priya: Client) -> None:
    for asked in ("q=a%00b", "keys=a%00b"):
        assert as_priya.get(f"/cms/sources/choices/?{asked}").status_code == 200
    for form in ("ris", ""):
        answer = as_priya.post("/cms/sources/export/", {"keys": "a\x00b", "form": form})
        assert answer.status_code == 200
    csl = json.dumps([{"type": "book", "title": "Fe\x00et that no other has"}]).encode()
    for content in (csl, b"TY  - JOUR\nTI  - Fe\x00et that no other has\nER  - \n"):
        file = SimpleUploadedFile("refs.txt", content)
        preview = as_priya.post(IMPORT, {"file": file})
        as_priya.post(CONFIRM, {"items": preview.context["items"]})
        assert Source.objects.filter(title="Feet that no other has").exists()


def test_confirming_is_a_post(as_priya: Client) -> None:
    assert as_priya.get(CONFIRM).status_code == 405
    assert as_priya.get(FILL).status_code == 405


# --- exporting ----------------------------------------------------------------------------------


def test_export_all_and_a_selection(as_priya: Client) -> None:
    everything = as_priya.post(EXPORT, {"form": "csl", "keys": ""})
    assert len(json.loads(everything.content)) == Source.objects.count()
    assert everything["Content-Disposition"] == 'attachment; filename="footing-sources.json"'
    some = as_priya.post(EXPORT, {"form": "ris", "keys": "boyd2010 boyd2014"})
    assert some.content.decode().count("TY  - ") == 2


def test_export_says_nothing_of_our_judgment(as_priya: Client) -> None:
    Source.objects.filter(key="boyd2010").update(use="A secret thought", checked="By nobody")
    for form in ("ris", "bibtex", "nbib", "csl"):
        text = as_priya.post(EXPORT, {"form": form, "keys": "boyd2010"}).content.decode()
        assert "boyd2010" in text
        assert "secret" not in text
        assert "nobody" not in text


def test_ticked_sources_are_exported(as_priya: Client) -> None:
    pks = [Source.objects.get(key=key).pk for key in ("boyd2010", "boyd2014")]
    page = as_priya.get(f"/cms/bulk/cms/source/export/?id={pks[0]}&id={pks[1]}&next=/cms/")
    assert 'name="keys" value="boyd2010 boyd2014"' in page.content.decode()
    assert "The 2 sources you ticked" in page.content.decode()


# --- filling in ---------------------------------------------------------------------------------


def test_fill_from_a_doi(as_priya: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def by_doi(doi: str) -> Source:
        asked.append(doi)
        return make_source(key="", title="Found", doi=doi, authors=[{"literal": "A Group"}])

    monkeypatch.setattr(lookup, "by_doi", by_doi)
    fields = as_priya.post(FILL, {"doi": "https://doi.org/10.1000/x"}).json()["fields"]
    assert asked == ["10.1000/x"]
    assert (fields["title"], fields["authors"], fields["key"]) == ("Found", "A Group", "a2020")
    assert not Source.objects.filter(title="Found").exists()


def test_fill_without_a_network_says_so(as_priya: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(address: str) -> bytes:
        raise OSError

    monkeypatch.setattr(lookup.by_pmid, "__defaults__", (no_network,))
    answer = as_priya.post(FILL, {"pmid": "123"}).json()
    assert answer == {"problem": f"PubMed {lookup.NOT_REACHED}"}


@pytest.mark.parametrize(
    ("posted", "words"),
    [({"doi": "x"}, "A DOI looks like"), ({}, "Type a DOI"), ({"pmid": "1/../2"}, "digits only")],
)
def test_fill_from_no_number(
    as_priya: Client, monkeypatch: pytest.MonkeyPatch, posted: dict[str, str], words: str
) -> None:
    monkeypatch.setattr(lookup, "fetch", lambda address: pytest.fail("asked the network"))
    assert words in as_priya.post(FILL, posted).json()["problem"]


def test_fill_offers_the_work_we_have(as_priya: Client) -> None:
    answer = as_priya.post(FILL, {"doi": "10.1016/J.JCOT.2019.08.003"}).json()
    assert answer["known"].startswith("Bhandari 2019: ")


def test_filling_a_stored_source_does_not_find_itself(
    as_priya: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Source.objects.get(key="bhandari2019")
    monkeypatch.setattr(lookup, "by_doi", lambda doi: make_source(doi=doi, title="Found"))
    answer = as_priya.post(FILL, {"doi": own.doi, "own": own.pk}).json()
    assert answer["fields"]["title"] == "Found"
    assert (
        f'data-own="{own.pk}"'
        in as_priya.get(reverse("wagtailsnippets_cms_source:edit", args=[own.pk])).content.decode()
    )


# --- the report ---------------------------------------------------------------------------------


def test_report(as_priya: Client, index: ArticleIndexPage) -> None:
    make_source(key="never2020", title="Never <i>cited</i>").save()
    Source.objects.filter(key="bhandari2019").update(is_retracted=True)
    make_article(index, "Cites nothing")
    report = as_priya.get(REPORT).context["report"]
    assert [line.source.key for line in report.retracted] == ["bhandari2019"]
    assert any("Numb feet" in use.title for use in report.retracted[0].uses)
    assert "never2020" in [line.source.key for line in report.unused]
    assert "bhandari2019" not in [line.source.key for line in report.unused]
    assert [page.title for page in report.uncited] == ["Cites nothing"]
    make_article(index, "A greeting", without_citation=True)
    answer = as_priya.get(REPORT)
    found = answer.context["report"].uncited
    assert [page.title for page in found] == ["Cites nothing", "A greeting"]
    assert answer.content.decode().count("said to need none") == 1
    assert {"never2020"} <= {line.source.key for line in report.doubtful}
    assert "boyd2010" not in {line.source.key for line in report.doubtful}
    assert "<i>cited</i>" not in as_priya.get(REPORT).content.decode()


def test_report_of_nothing(as_priya: Client, numb_feet: ArticlePage) -> None:
    text = as_priya.get(REPORT).content.decode()
    assert "No source is marked as retracted." in text
    assert "Every article cites at least one source." in text


def test_the_report_costs_the_same_for_more(
    as_priya: Client, numb_feet: ArticlePage, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    as_priya.get(REPORT)
    with CaptureQueriesContext(connection) as before:
        as_priya.get(REPORT)
    for number in range(3):
        make_source(key=f"more{number}", title=f"More {number}").save()
    with django_assert_num_queries(len(before)):
        as_priya.get(REPORT)


# --- the style ----------------------------------------------------------------------------------


def test_the_site_chooses_its_style(numb_feet: ArticlePage) -> None:
    from wagtail.models import Site

    def page() -> str:
        return Client().get("/articles/numb-feet/").content.decode()

    assert "Bhandari PS. Management" in page()
    settings = CitationSettings.for_site(Site.objects.get())
    settings.style = "apa"
    settings.save()
    assert "Bhandari, P. S. (2019). Management" in page()
