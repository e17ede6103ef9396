"""An article's way: written by a new therapist, signed off by a reviewer, read by everyone."""

import re
import uuid

import pytest

from accounts.permissions import Role
from cms import editing
from cms.models import ArticleIndexPage, ArticlePage
from programs.models import Exercise
from tests.cms.every_block import make_article_of_every_block
from tests.conftest import PASSWORD, give_login, make_clinic, make_patient, make_user

pytestmark = pytest.mark.e2e
PHONE, DESK = 390, 1280
PUBLIC = [
    "/",
    "/articles/",
    "/articles/every-block/",
    "/articles/numb-feet/",
    "/articles/nerves-slide-and-stretch/",
    "/articles/balance-at-home/",
    "/articles/shoes-for-numb-feet/",
    "/articles/feet-and-diabetes/",
    "/articles/nerve-injury/",
    "/articles/emergency-numbness/",
    "/topics/",
    "/topics/nerves/",
    "/about/",
    "/about/the-footing-project/",
    "/disclaimer/",
    "/privacy-on-this-site/",
    "/accessibility/",
    "/how-we-review/",
    "/search/?q=nerve",
    "/search/?q=qwertyuiop",
    "/es/",
    "/es/articulos/",
    "/es/articulos/pies-adormecidos/",
    "/es/temas/nervios/",
    "/es/buscar/?q=zzzz",
]


def log_in(walker, email):
    walker.go("/account/login/")
    walker.page.get_by_label("Email").fill(email)
    walker.page.get_by_label("Password").fill(PASSWORD)
    walker.press("Log in")


def insert_citation(page, *keys):
    """The one place that knows how a citation gets into the text at the cursor."""
    page.keyboard.type(" /cite")
    page.get_by_role("option").filter(has_text="Cite").first.click()
    dialog = page.get_by_role("dialog", name="Cite sources")
    dialog.wait_for()
    for number, key in enumerate(keys):
        page.keyboard.type(key)
        page.keyboard.press("Enter")
        dialog.get_by_role("button", name="Take out").nth(number).wait_for()
    # By key: the list of what was found may still move the button under a pointer.
    dialog.get_by_role("button", name=re.compile("^Cite")).last.press("Enter")
    dialog.wait_for(state="hidden")


def add_block(page, label):
    """Open the stream's menu below the last block and choose from it."""
    body = page.locator("[data-contentpath='body']").first
    body.locator("[data-streamfield-stream-container] > div > button.c-sf-add-button").last.click()
    page.get_by_role("option", name=label, exact=True).first.click()


def write_text(page, *sentences):
    """A new text block with these sentences, each followed by its sources."""
    add_block(page, "Paragraph")
    page.locator("[data-contentpath='body'] [role=textbox]").last.click()
    for sentence, keys in sentences:
        page.keyboard.type(sentence)
        insert_citation(page, *keys)
        page.keyboard.type(". ")


def choose_exercise(page, code):
    exercise = Exercise.objects.get(clinic=None, code=code)
    add_block(page, "Exercise")
    page.get_by_role("button", name=re.compile("^Choose")).filter(visible=True).last.click()
    page.get_by_role("link", name=str(exercise)).click()
    page.get_by_text(str(exercise)).filter(visible=True).first.wait_for()


def menu_action(page, name):
    """A button of the editor's foot, in its menu if it isn't the first."""
    button = page.get_by_role("button", name=name).filter(visible=True)
    if not button.count():
        page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    page.get_by_role("button", name=name).filter(visible=True).first.click()
    page.wait_for_load_state()


@pytest.fixture
def people(server):
    """A new therapist, and a colleague who signs off."""
    mark = uuid.uuid4().hex[:8]
    clinic = make_clinic(f"Education {mark}")
    writer = make_user(clinic, f"Nora{mark}", Role.THERAPIST)
    reviewer = make_user(clinic, f"Rosa{mark}", Role.THERAPIST)
    editing.make_reviewer(user=reviewer)
    return writer, reviewer


@pytest.fixture
def title():
    """Of the article that is written; it is gone afterwards, with its writers' bylines."""
    name = f"Steady steps {uuid.uuid4().hex[:6]}"
    yield name
    for page in ArticlePage.objects.filter(title=name):
        page.delete()


def test_an_article_from_draft_to_public(walkers, people, title):
    writer, reviewer = people
    nora, rosa, reader = walkers(DESK), walkers(DESK), walkers(PHONE)
    log_in(nora, writer.email)
    nora.go(f"/cms/pages/add/cms/articlepage/{ArticleIndexPage.objects.get(slug='articles').pk}/")
    page = nora.page
    page.locator("[name=title]").fill(title)
    page.locator("[name=lead]").fill("What to do first.")
    write_text(
        page,
        ("Slides move a nerve", ["coppieters2008"]),
        ("Balance work helps older people", ["sherrington2019", "allet2010"]),
    )
    choose_exercise(page, "B06")  # on the chooser's first page
    assert not page.get_by_role("button", name=re.compile("^Publish")).count()
    menu_action(page, re.compile("^Submit to"))
    page.get_by_text(re.compile("submitted for moderation")).first.wait_for()
    written = ArticlePage.objects.get(title=title)
    assert not written.live
    assert reader.page.goto(f"{reader.server}/articles/{written.slug}/").status == 404
    reader.faults.clear()

    log_in(rosa, reviewer.email)
    rosa.go(f"/cms/pages/{written.pk}/edit/")
    menu_action(rosa.page, "Approve and Publish")
    rosa.page.get_by_text(re.compile("has been (updated|approved|published)")).first.wait_for()

    signed = ArticlePage.objects.get(title=title)
    assert signed.live
    assert signed.reviewed_by.user == reviewer
    reader.go(f"/articles/{written.slug}/")
    reader.look()
    shown = reader.page
    assert str(reviewer) in shown.locator(".byline").inner_text()
    assert shown.locator(".references > li").count() == 3
    assert shown.locator(".figure svg").count() >= 1
    assert "Ask your therapist." in shown.content()


@pytest.mark.parametrize("width", [320, DESK])
def test_every_kind_of_page_is_fit_for_everyone(walkers, server, width):
    reader = walkers(width, color_scheme="dark" if width == DESK else "light")
    make_article_of_every_block(ArticleIndexPage.objects.get(locale__language_code="en"))
    reader.go(PUBLIC[0])  # brings the typefaces: how fast is the machine's business
    for path in (*PUBLIC, "/account/login/"):
        reader.go(path)
        reader.look()
        reader.see_nothing_jump()


def test_helpful_is_counted_without_leaving_the_page(walkers, server):
    reader = walkers(PHONE)
    reader.go("/articles/nerve-injury/")
    reader.press("Yes")
    reader.page.get_by_text("Your answer is counted").wait_for()
    reader.look()


def test_a_question_goes_to_the_care_team_and_back(walkers, people):
    writer, _ = people
    patient = make_patient(writer, f"Ana{uuid.uuid4().hex[:6]}")
    login = give_login(patient, writer)
    ana, nora = walkers(PHONE), walkers(DESK)
    ana.go("/articles/nerve-injury/")
    ana.follow("Ask my therapist about this")
    ana.page.get_by_label("Email").fill(login.email)
    ana.page.get_by_label("Password").fill(PASSWORD)
    ana.press("Log in")
    ana.look()
    ana.page.get_by_label("Your question").fill("Is this my kind?")
    ana.press("Send to my therapist")
    ana.look()
    log_in(nora, writer.email)
    nora.go("/workspace/questions/")
    nora.look()
    nora.page.get_by_role("link", name=re.compile(f"^{patient}:")).click()
    nora.page.get_by_label("Your answer").fill("Yes. Let us talk on Monday.")
    nora.look()
    nora.press("Send the answer")
    nora.look()
    ana.go("/portal/ask/")
    assert "Let us talk on Monday." in ana.page.content()
    ana.look()
