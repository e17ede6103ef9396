"""Wagtail's admin under its Content-Security-Policy: all of it works, and nothing is refused."""

import re
import uuid

import pytest
from PIL import Image as Pillow
from playwright.sync_api import expect
from wagtail.images.models import Image
from wagtail.models import Task

from accounts.models import User
from cms.models import ArticleIndexPage, ArticlePage
from programs.actions import library
from programs.models import Exercise
from tests.conftest import PASSWORD
from tests.e2e.conftest import rest
from tests.e2e.test_education import add_block, log_in

pytestmark = pytest.mark.e2e
DESK = 1280
# Wagtail leaves open the file in which it makes a picture smaller.
LEAKY = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
# Also of frames and of what goes on while a page is left, which the console may not tell.
TELLS = """document.addEventListener("securitypolicyviolation", (event) =>
  window.refused(`${event.effectiveDirective} refused ${event.blockedURI} at ${location.href}, \
${event.sourceFile}:${event.lineNumber}:${event.columnNumber}`))"""


@pytest.fixture
def editors(walkers):
    """Makes people of whom every refused bit of a page is a fault."""

    def make(email):
        walker = walkers(DESK)

        def refused(told):  # Playwright marks the function, which a list's own can't bear
            walker.faults.append(told)

        walker.page.context.expose_function("refused", refused)
        walker.page.context.add_init_script(TELLS)
        log_in(walker, email)
        return walker

    return make


@pytest.fixture
def priya(editors, therapist):
    return editors(therapist)


@pytest.fixture
def root(editors):
    email = f"root-{uuid.uuid4().hex[:8]}@platform.test"
    User.objects.create_superuser(email=email, password=PASSWORD)
    return editors(email)


@pytest.fixture
def article(server):
    """A draft of its own, which is gone afterwards."""
    title = f"Steps {uuid.uuid4().hex[:6]}"
    page = ArticlePage(title=title, slug=title.lower().replace(" ", "-"), lead="Lead.", live=False)
    page.body = [("paragraph", "<p>Sure</p>")]
    page.authors = list(ArticlePage.objects.first().authors.all())
    ArticleIndexPage.objects.first().add_child(instance=page)
    page.save_revision()
    yield page
    ArticlePage.objects.get(pk=page.pk).delete()


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / f"sole-{uuid.uuid4().hex[:6]}.png"
    Pillow.new("RGB", (60, 40), "#7a4a06").save(path)
    yield path
    Image.objects.filter(title=path.stem).delete()


def is_clean(walker):
    rest(walker.page)
    assert walker.faults == [], walker.page.url


def visit(walker, *paths):
    for path in paths:
        walker.go(path)
        is_clean(walker)


THERAPISTS = [
    "/cms/",
    "/cms/pages/",
    "/cms/pages/{index}/",
    "/cms/pages/{index}/add_subpage/",
    "/cms/pages/{article}/history/",
    "/cms/pages/{article}/usage/",
    "/cms/pages/{article}/edit/preview/",
    "/cms/images/",
    "/cms/documents/",
    "/cms/documents/multiple/add/",
    "/cms/snippets/cms/author/",
    "/cms/snippets/cms/source/",
    "/cms/snippets/cms/source/add/",
    "/cms/snippets/cms/video/add/",
    "/cms/snippets/programs/progressform/",
    "/cms/snippets/programs/progressform/add/",
    "/cms/exercises/figures/",
    "/cms/sources/import/",
    "/cms/reports/articles/",
    "/cms/reports/citations/",
    "/cms/reports/aging-pages/",
    "/cms/reports/page-types-usage/",
    "/cms/reports/workflow_tasks/",
]


def test_every_kind_of_page_opens(priya, article):
    index = article.get_parent().pk
    visit(priya, *(path.format(index=index, article=article.pk) for path in THERAPISTS))
    expect(priya.page.get_by_role("heading", name="Workflow tasks")).to_be_visible()


def choose_page(page, title):
    """By looking for it in the dialog."""
    dialog = page.locator(".modal.in")
    dialog.locator("[name=q]").fill(title)
    dialog.get_by_role("link", name=title).first.click()
    expect(page.locator(".modal")).to_have_count(0)  # not only on its way out


def upload_in_dialog(page, picture):
    """A picture; its form comes with the dialog and may be sent once more."""
    dialog = page.locator(".modal.in")
    dialog.get_by_role("tab", name="Upload").click()
    dialog.locator("input[type=file]").set_input_files(picture)
    expect(dialog.locator("input[name$=title]")).to_have_value(picture.stem)
    dialog.get_by_role("button", name="Upload").click()
    expect(page.locator(".modal")).to_have_count(0)  # not only on its way out
    chosen = page.locator(".chooser:not(.blank) img").filter(visible=True)
    expect(chosen).to_have_count(1)


def write(page):
    """With the keyboard, from Google Docs, and copied out again."""
    text = page.locator(".public-DraftEditor-content").first
    text.click()
    page.keyboard.press("End")
    page.keyboard.type(" and steady ")
    text.evaluate(
        """(text, html) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/html", html);
          clipboardData.setData("text/plain", "plain bold");
          const event = { bubbles: true, cancelable: true, clipboardData };
          text.dispatchEvent(new ClipboardEvent("paste", event));
        }""",
        '<b style="font-weight:normal"><span style="font-weight:400">plain </span>'
        '<span style="font-weight:700">bold</span></b>',
    )
    expect(text).to_contain_text("Sure and steady plain bold")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")


def comment(page):
    field = page.locator("[data-contentpath='lead']").first
    field.hover()
    field.get_by_role("button", name="Add comment").click()
    box = page.get_by_role("textbox", name=re.compile("comment", re.IGNORECASE)).last
    box.fill("Shorter?")
    page.get_by_role("button", name="Comment", exact=True).click()


def schedule(page):
    """Save the draft with a time from the picker of the dialog."""
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name=re.compile("Set schedule")).click()
    page.locator("#id_go_live_at").click()
    picker = page.locator(".xdsoft_datetimepicker").filter(visible=True)
    picker.locator(".xdsoft_next").first.click()
    picker.locator(".xdsoft_date:not(.xdsoft_other_month)").nth(9).click()
    expect(page.locator("#id_go_live_at")).to_have_value(re.compile(r"^\d{4}-\d\d-10 \d\d:\d\d$"))
    dialog = page.get_by_role("dialog").filter(visible=True)
    dialog.get_by_role("button", name="Save schedule").press("Enter")


def save_draft(page):
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("has been updated")).to_be_visible()


@LEAKY
def test_an_article_is_written_with_all_its_tools(priya, article, picture):
    page = priya.page
    priya.go(f"/cms/pages/{article.pk}/edit/")
    schedule(page)
    expect(page.get_by_text("has been updated")).to_be_visible()
    page.locator(".public-DraftEditor-content").first.wait_for()
    write(page)
    add_block(page, "Figure")
    page.get_by_role("button", name="Choose an image").click()
    upload_in_dialog(page, picture)
    page.get_by_label("Description").filter(visible=True).last.fill("A sole.")
    # A panel that gets a form, with a chooser that the form brings along.
    page.locator("#id_related_by_hand-ADD").click()
    page.locator("#id_related_by_hand-0-article-chooser .unchosen button").click()
    choose_page(page, ArticlePage.objects.live().first().title)
    expect(page.locator("#id_related_by_hand-0-article")).not_to_have_value("")
    comment(page)
    save_draft(page)
    draft = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
    assert [block.block_type for block in draft.body] == ["paragraph", "figure"]
    assert "plain <b>bold</b>" in str(draft.body[0].value)
    assert draft.related_by_hand.count() == 1
    assert [one.text for one in draft.wagtail_admin_comments.all()] == ["Shorter?"]
    assert draft.go_live_at.day == 10
    is_clean(priya)


def test_a_draft_is_kept_while_it_is_written(priya, article, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 500
    page = priya.page
    priya.go(f"/cms/pages/{article.pk}/edit/")
    text = page.locator(".public-DraftEditor-content").first
    text.click()
    kept = ""
    # Wagtail looks for changes from two seconds after the page is there.
    for _ in range(50):
        page.keyboard.type("steady ")
        page.wait_for_timeout(700)
        draft = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
        if "steady" in (kept := str(draft.body[0].value)):
            break
    assert "steady" in kept
    is_clean(priya)


def test_an_article_is_seen_before_it_is_out(priya, article):
    """In the panel beside the editor, which Wagtail's checks read."""
    page = priya.page
    priya.go(f"/cms/pages/{article.pk}/edit/")
    page.get_by_role("button", name="Toggle preview").click()
    frame = page.frame_locator("#w-preview-iframe")
    expect(frame.get_by_role("heading", name=article.title)).to_be_visible()
    page.get_by_role("button", name="Toggle checks").click()
    expect(page.get_by_role("heading", name="Words").filter(visible=True)).to_have_count(1)
    is_clean(priya)
    priya.go(ArticlePage.objects.live().first().url)
    is_clean(priya)


def test_an_exercise_is_drawn_anew(priya, therapist):
    by = User.objects.get(email=therapist)
    glide = Exercise.objects.get(clinic=None, code="G01")
    mine = library.copy_exercise(exercise=glide, by=by)
    visit(priya, "/cms/snippets/programs/exercise/", f"/cms/exercises/{mine.pk}/archive/")
    priya.go(f"/cms/snippets/programs/exercise/edit/{mine.pk}/")
    page = priya.page
    page.get_by_role("tab", name="Motion").click()
    preview = page.locator("[data-motion-preview]")
    expect(preview).to_contain_text("head lifts by 40°")
    page.get_by_role("slider", name="Neck, chin down, start, slider").fill("20")
    expect(preview).to_contain_text("head lifts by 35°")
    page.get_by_role("tab", name="Safety").click()
    rules = page.locator("#id_precaution_rules-FORMS > [data-inline-panel-child]")
    before = rules.count()
    page.locator("#id_precaution_rules-ADD").click()
    expect(rules).to_have_count(before + 1)
    rules.last.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text(re.compile("saved|updated")).first).to_be_visible()
    is_clean(priya)


def test_a_report_is_narrowed_to_days(priya):
    priya.go("/cms/reports/workflow_tasks/")
    page = priya.page
    page.get_by_role("button", name="Show filters").click()
    page.get_by_role("button", name="Started at").click()
    field = page.locator("#drilldown-id_started_at input").first
    field.click()
    page.locator(".xdsoft_date:not(.xdsoft_other_month)").filter(visible=True).nth(9).click()
    expect(field).to_have_value(re.compile(r"^\d{4}-\d\d-10$"))
    is_clean(priya)


PLATFORMS = [
    "/cms/sites/",
    "/cms/collections/add/",
    "/cms/redirects/",
    "/cms/settings/cms/citationsettings/",
    "/cms/workflows/list/",
    "/cms/workflows/tasks/index/",
    "/cms/reports/site-history/",
    "/cms/reports/locked/",
    "/cms/reports/workflow/",
]


def test_the_platforms_pages_open_their_choosers(root):
    visit(root, *PLATFORMS)
    page = root.page
    root.go("/cms/redirects/add/")
    page.locator("#id_redirect_page-chooser .unchosen button").click()
    choose_page(page, ArticlePage.objects.live().first().title)
    expect(page.locator("#id_redirect_page")).not_to_have_value("")
    is_clean(root)
    root.go("/cms/workflows/add/")
    page.locator("#id_workflow_tasks-ADD").click()
    page.locator("#id_workflow_tasks-0-task-chooser .unchosen button").click()
    dialog = page.locator(".modal.in")
    dialog.get_by_role("tab", name="Existing").click()
    dialog.get_by_role("link", name=Task.objects.first().name).click()
    expect(page.locator("#id_workflow_tasks-0-task")).not_to_have_value("")
    is_clean(root)


# What somebody brought into a page

INJECTED = """<script>window.ran = "a script"</script>
<img src="/static/nothing.png" onerror="window.ran = 'a handler'">
<svg onload="window.ran = 'a drawing'"></svg>
<a id="injected-link" href="javascript:window.ran = 'a link'">go</a>
<footing-start data-call="eval" data-id="window.ran = 'an element'"></footing-start>
<footing-start data-call="setTimeout" data-id="window.ran = 'a timer'"></footing-start>
<base href="https://elsewhere.test/">
<style>body { outline: 7px solid red }</style>"""
MEASURES = "getComputedStyle(document.body).outlineWidth"


def inject(page, address):
    """Into the HTML of the page, as if Wagtail had put it there."""

    def alter(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{INJECTED}</main>"))

    page.route(address, alter)
    page.goto(address)
    page.unroute(address)
    assert page.locator("#injected-link").count() == 1


@pytest.mark.parametrize("place", ["/cms/", "/cms/images/", "/cms/pages/{article}/edit/"])
def test_what_is_brought_into_a_page_does_not_run(priya, article, place):
    page = priya.page
    inject(page, priya.server + place.format(article=article.pk))
    page.locator("#injected-link").evaluate("link => link.click()")
    page.evaluate("html => { document.querySelector('main').innerHTML += html }", INJECTED)
    page.evaluate("html => { window.jQuery('main').append(html) }", INJECTED)
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran") is None
    assert page.evaluate(MEASURES) != "7px"
    told = "\n".join(priya.faults)
    for refused in ("script-src-elem", "script-src-attr", "style-src-elem", "base-uri"):
        assert f"{refused} refused" in told
    for call in ("eval", "setTimeout"):
        assert f"footing-start starts no {call}" in told


def test_without_the_policy_it_would(priya, settings):
    """So the test above can fail."""
    everything = {"script-src": ["'self'", "'unsafe-inline'"], "style-src": ["'unsafe-inline' *"]}
    settings.ADMIN_CONTENT_SECURITY_POLICY = everything
    page = priya.page
    inject(page, f"{priya.server}/cms/")
    assert page.evaluate("window.ran")
