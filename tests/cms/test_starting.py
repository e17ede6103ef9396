"""Wagtail's admin without inline code: its widgets start from elements, all its pages are read."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from wagtail.admin import widgets
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.panels import InlinePanel, MultipleChooserPanel
from wagtail.admin.widgets.workflows import AdminTaskChooser
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Page, Site, Task, Workflow
from wagtail.snippets.models import get_snippet_models

from accounts.models import User
from cms.admin import starting
from cms.models import ArticleIndexPage, ArticlePage
from tests.cms.every_block import make_article_of_every_block, make_image, make_video
from tests.cms.test_teams import LEAKY
from tests.config.test_guards import views
from tests.conftest import client_of

# What a script element may hold that no browser runs: Wagtail's settings, definitions of widgets.
DATA = {"application/json", "application/ld+json", "text/template"}
JAVASCRIPT = (settings.BASE_DIR / "static/js/admin-start.js").read_text(encoding="utf-8")


class InlineCode(HTMLParser):
    """What a policy without 'unsafe-inline' refuses, also in templates within the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.elements = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.elements += 1
        if tag == "script" and "src" not in named and named.get("type") not in DATA:
            self.found.append("an inline script")
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"{name}={value}")
        if tag == "style" or "style" in named:
            self.found.append(f"a style: {named}")


def inline_code(html: str) -> list[str]:
    parser = InlineCode()
    parser.feed(html)
    assert parser.elements
    return parser.found


def test_what_is_inline_is_found() -> None:
    html = """<script type="application/json">{}</script><script src="/a.js"></script>
      <template><script>run()</script></template><p onclick="run()" style="top: 0">
      <a href=" JavaScript:run()">go</a><style>p {}</style>"""
    assert len(inline_code(html)) == 5


def started(html: str) -> tuple[str, str | None, object]:
    """What the one element in it starts: the name, the id, the options as the script reads them."""
    assert "<script" not in html
    (attributes,) = re.findall(r"<footing-start\s+hidden ([^>]*)></footing-start>", html)
    sent = dict(re.findall(r'data-(\w+)="([^"]*)"', attributes))
    options = sent.get("options")
    given = json.loads(json.loads(f'"{options}"')) if options else None
    return sent["call"], sent.get("id"), given


@pytest.mark.parametrize(
    ("widget", "call", "format_"),
    [
        (widgets.AdminDateInput, "initDateChooser", "Y-m-d"),
        (widgets.AdminTimeInput, "initTimeChooser", "H:i"),
        (widgets.AdminDateTimeInput, "initDateTimeChooser", "Y-m-d H:i"),
    ],
)
def test_a_date_field_names_its_picker(widget: type, call: str, format_: str) -> None:
    html = widget().render("when", None, attrs={"id": "id_when"})
    name, id_, options = started(html)
    assert (name, id_, options["format"]) == (call, "id_when", format_)
    assert '<input type="text" name="when"' in html


@pytest.mark.django_db
def test_a_chooser_names_its_class_and_what_it_is_given() -> None:
    index = ArticleIndexPage.objects.get(slug="articles")
    article = index.get_children().first()
    html = widgets.AdminPageChooser(target_models=[ArticlePage]).render(
        "page", article.pk, attrs={"id": "id_page"}
    )
    name, id_, options = started(html)
    assert (name, id_, options["parentId"]) == ("PageChooser", "id_page", index.pk)
    assert options["modelNames"] == ["cms.articlepage"]
    assert f'value="{article.pk}"' in html


@pytest.mark.django_db
def test_the_chooser_of_tasks_starts_with_its_id_alone() -> None:
    html = AdminTaskChooser().render("task", None, attrs={"id": "id_task"})
    assert started(html) == ("createTaskChooser", "id_task", None)


def test_no_value_leaves_its_attribute() -> None:
    """Nor is a quote lost, by which Wagtail's panels find the number of a form."""
    odd = {"linked": "\"'><script>alert(1)</script>&amp;\\u0022 é"}
    html = starting.element("Chooser", 'id" onload="run()', odd)
    assert started(html.replace("&quot;", "'"))[2] == odd
    assert inline_code(html) == []


def test_a_panels_form_gets_its_number_wherever_the_prefix_stands() -> None:
    """As `InlinePanel` does it in the text of the empty form."""
    options = {"formsetPrefix": "id_a-__prefix__-b", "emptyChildFormPrefix": "a-__prefix__-b-x"}
    html = starting.element("InlinePanel", "id_a-__prefix__-b", options)
    numbered = re.sub(r"__prefix__(.*?('|\"|\\u0022))", r"3\1", html)
    assert started(numbered)[1:] == (
        "id_a-3-b",
        {"formsetPrefix": "id_a-3-b", "emptyChildFormPrefix": "a-3-b-x"},
    )


def every_chooser(base: type = widgets.BaseChooser) -> set[type]:
    below = base.__subclasses__()
    return {base, *below}.union(*(every_chooser(one) for one in below))


def test_the_script_knows_every_chooser() -> None:
    found = every_chooser() - {AdminTaskChooser}
    assert len(found) > 5
    for chooser in found:
        assert chooser.render_js_init is starting._options_of, chooser
        assert chooser.render is starting._render, chooser
        assert f'"{chooser.js_constructor}"' in JAVASCRIPT, chooser


@pytest.mark.django_db
@pytest.mark.parametrize("panel", [InlinePanel, MultipleChooserPanel])
def test_panels_start_from_an_element(panel: type, root: Client) -> None:
    names = ["related_by_hand"] + ["article"] * (panel is MultipleChooserPanel)
    bound_model = panel(*names).bind_to_model(ArticlePage)
    page = ArticlePage.objects.first()
    form = bound_model_form(bound_model, page)
    html = bound_model.get_bound_panel(instance=page, request=None, form=form).render_html({})
    starts = re.findall(r"<footing-start[^>]*></footing-start>", html)
    assert starts, html
    name, _, options = started(starts[-1])
    assert (name, options["formsetPrefix"]) == (panel.__name__, "id_related_by_hand")
    assert inline_code(html) == []


def bound_model_form(panel: InlinePanel, page: ArticlePage) -> object:
    from wagtail.admin.panels import ObjectList

    edit = ObjectList([panel.clone()]).bind_to_model(ArticlePage)
    return edit.get_form_class()(instance=page)


# Every page of the admin that a program can find


@pytest.fixture
def root(db: None) -> Client:
    return client_of(User.objects.create_superuser(email="root@platform.test", password="x"))


def addresses() -> set[str]:
    """Those that name nothing."""
    routes = {re.sub(r"[\^$]", "", route) for route, _ in views(get_resolver().url_patterns)}
    found = {
        f"/{route}"
        for route in routes
        if route.startswith("cms/") and not re.search(r"[<(\\*]", route)
    }
    return found - {"/cms/failwhale/"}  # Wagtail's trial of a fault


def rows() -> list[object]:
    make_article_of_every_block(ArticleIndexPage.objects.get(slug="articles"))
    make_video()
    Redirect.objects.create(old_path="/old", redirect_page=Page.objects.last())
    pages = [
        model.objects.first() for model in {type(page.specific) for page in Page.objects.all()}
    ]
    snippets = [model.objects.first() for model in get_snippet_models()]
    others = [make_image(), Redirect, Collection, Site, Task, Workflow]
    found = [one if not isinstance(one, type) else one.objects.last() for one in others]
    return [row for row in (*pages, *snippets, *found) if row is not None and row.pk]


def of_rows() -> set[str]:
    finder = AdminURLFinder()
    found = {finder.get_edit_url(row) for row in rows()} - {None}
    index = ArticleIndexPage.objects.get(slug="articles")
    articles, home = index.pk, index.get_parent().pk
    return found | {
        f"/cms/pages/{articles}/",
        f"/cms/pages/add/cms/articlepage/{articles}/",
        f"/cms/pages/add/cms/standardpage/{home}/",
    }


@LEAKY
@pytest.mark.django_db
def test_no_page_of_the_admin_has_inline_code(root: Client) -> None:
    read = dialogs = 0
    for address in sorted(addresses() | of_rows()):
        answer = root.get(address, follow=True)
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.content:
            read += 1
            assert inline_code(answer.content.decode()) == [], address
        elif answer.headers.get("Content-Type") == "application/json":  # a dialog
            told = json.loads(answer.content)
            html = told.get("html") if isinstance(told, dict) else None
            dialogs += bool(html)
            assert not html or inline_code(html) == [], address
    assert read > 60
    assert dialogs > 5
