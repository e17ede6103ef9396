"""The starter content: loaded once, updated where untouched, never over an edit."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Site

from cms import usage
from cms.models import ArticleIndexPage, ArticlePage, Author, CheckState, HomePage, Source
from cms.starter import articles, sources, translations
from cms.templatetags.cms_site import cited
from programs.models import Exercise
from tests.cms.conftest import STARTER_AUTHOR

pytestmark = pytest.mark.django_db


def run(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


def entry(key: str) -> dict[str, object]:
    return next(item for item in sources.read() if item["key"] == key)


def test_every_source_is_loaded_and_a_second_run_changes_nothing() -> None:
    assert Source.objects.count() == len(sources.read())  # the session's database has them
    assert run("load_sources") == f"{len(sources.read())} sources unchanged\n"


def test_sources_keep_how_far_they_were_checked() -> None:
    source = Source.objects.get(key="boyd2010")
    assert source.checked == "FOUND"
    assert source.check_state == CheckState.FOUND
    assert source.certainty == "high"
    assert Source.objects.filter(checked="").count() == 0
    assert not Source.objects.filter(check_state=CheckState.CHECKED).exists()


@pytest.mark.parametrize(
    ("note", "state"),
    [
        ("FOUND", CheckState.FOUND),
        ("FOUND (DOI knowledge)", CheckState.PARTLY),
        ("abstract FOUND; year/vol/DOI not found -> omit", CheckState.PARTLY),
        ("knowledge only", CheckState.UNCHECKED),
        ("fields from the article; source page not seen", CheckState.UNCHECKED),
        ("", CheckState.UNCHECKED),
    ],
)
def test_what_a_note_on_the_check_means(note: str, state: CheckState) -> None:
    assert sources.check_state(note) == state


def test_a_source_checked_here_is_left_alone() -> None:
    Source.objects.filter(key="boyd2010").update(
        check_state=CheckState.CHECKED, checked_by="Priya", checked_on=dt.date(2026, 11, 20)
    )
    assert "skipped source boyd2010: edited here" in run("load_sources")
    assert Source.objects.get(key="boyd2010").check_state == CheckState.CHECKED


def test_a_source_that_is_missing_comes_back() -> None:
    uses = usage.of_all()
    source = next(one for one in Source.objects.order_by("key") if not uses.get(one.key))
    key, names, title = source.key, source.authors, source.title
    source.delete()
    assert "1 sources added" in run("load_sources")
    back = Source.objects.get(key=key)
    assert (back.authors, back.title) == (names, title)


def test_an_untouched_source_is_updated() -> None:
    report = sources.load([{**entry("boyd2010"), "pages": "99"}])
    assert report.counts == {"updated": 1}
    assert Source.objects.get(key="boyd2010").pages == "99"


def test_an_edited_source_is_left_alone_and_named() -> None:
    Source.objects.filter(key="boyd2010").update(title="As it should be")
    assert "skipped source boyd2010: edited here" in run("load_sources")
    assert Source.objects.get(key="boyd2010").title == "As it should be"


def test_a_source_stored_under_another_key_is_named_and_not_doubled() -> None:
    Source.objects.filter(key="boyd2010").update(key="mine")
    said = run("load_sources")
    assert "skipped source boyd2010: We have this work already: Boyd et al 2010" in said
    assert Source.objects.filter(doi=entry("boyd2010")["doi"]).count() == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Brief 2.4, A18; boyd2010", "Brief 2.4, A18; Boyd et al 2010"),
        ("steadi2017", "Centers for Disease Control and Prevention 2017"),
        ("one trial (monteiro2022); the rest", "one trial (Monteiro et al 2022); the rest"),
        ("nobody1999 and plain words", "nobody1999 and plain words"),
        ("", ""),
    ],
)
def test_our_texts_name_sources_by_short_citations(text: str, words: str) -> None:
    assert cited(text) == words


def test_first_pages_take_the_place_of_wagtails_welcome(bare: Page) -> None:
    run("load_articles")
    home = HomePage.objects.get(slug="footing")
    homes = [page.specific for page in Page.objects.filter(depth=2)]
    assert homes == [home, home.get_translations().get()]
    assert Site.objects.get(is_default_site=True).root_page.specific == home
    index = ArticleIndexPage.objects.get(slug="articles")
    below = ArticlePage.objects.child_of(index)
    assert below.live().count() == len(articles.ARTICLE_FILES) == 8
    assert ArticlePage.objects.not_child_of(index).count() == len(translations.files("es"))


def test_second_run_touches_nothing(numb_feet: ArticlePage) -> None:
    ArticlePage.objects.update(title="Ours")
    Author.objects.filter(name=STARTER_AUTHOR).update(biography="Really hers.")
    assert run("load_articles") == "nothing to add: the first pages exist\n"
    assert set(ArticlePage.objects.values_list("title", flat=True)) == {"Ours"}
    assert Author.objects.get(name=STARTER_AUTHOR).biography == "Really hers."


def test_what_is_missing_comes_back_alone(numb_feet: ArticlePage) -> None:
    title = ArticlePage.objects.get(slug="nerve-injury").title
    ArticlePage.objects.get(slug="nerve-injury").delete()
    assert run("load_articles") == f"added article: {title}\n"


def test_a_site_with_a_first_page_of_its_own_is_left_alone(bare: Page) -> None:
    bare.add_child(title="Ours", slug="ours")
    assert "nothing was loaded" in run("load_articles")
    assert not HomePage.objects.exists()


def test_without_the_library_nothing_is_made(bare: Page) -> None:
    Exercise.objects.filter(code="G01").update(code="G01-elsewhere")
    with pytest.raises(CommandError, match="load_library"):
        call_command("load_articles")
    assert not HomePage.objects.exists()


def test_the_article_embeds_two_exercises_and_cites_real_sources(numb_feet: ArticlePage) -> None:
    codes = [b.value.code for b in numb_feet.body if b.block_type == "exercise"]
    assert codes == ["G01", "B06"]
    numb_feet.full_clean()
