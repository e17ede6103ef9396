"""Which Content-Security-Policy Wagtail's admin has, by address."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
import wagtail.admin
from django.conf import settings
from django.test import Client
from django.urls import reverse
from wagtail.snippets.models import get_snippet_models

from cms.models import ArticleIndexPage, ArticlePage
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
VENDOR = Path(wagtail.admin.__file__).parent / "static/wagtailadmin/js/vendor"


def policy_of(answer):
    """The directives of the answer, each with its sources."""
    return {
        name: sources
        for name, *sources in (
            part.split() for part in answer["Content-Security-Policy"].split("; ")
        )
    }


def article_editor():
    return reverse("wagtailadmin_pages:edit", args=[ArticlePage.objects.first().pk])


def addresses():
    index = ArticleIndexPage.objects.get(slug="articles").pk
    return [
        "/cms/",
        "/cms/nothing-here/",
        "/cms/pages/",
        f"/cms/pages/{index}/history/",
        f"{article_editor()}preview/",
        "/cms/images/",
        "/cms/documents/",
        "/cms/snippets/programs/exercise/",
        "/cms/snippets/programs/exercise/add/",
        "/cms/reports/workflow/",
        "/cms/login/",
        article_editor(),
        f"/cms/pages/add/cms/articlepage/{index}/",
    ]


def test_no_address_of_the_admin_runs_inline_scripts_or_text(as_priya):
    for address in addresses():
        policy = policy_of(as_priya.get(address))
        assert policy["script-src"] == ["'self'"], address
        assert "script-src-elem" not in policy
        assert "script-src-attr" not in policy
        assert policy["default-src"] == policy["base-uri"] == ["'none'"], address
        assert policy["style-src"] == ["'self'"], address
        assert "'unsafe-inline'" not in policy["style-src-elem"], address


def test_strangers_get_the_same_policy():
    for address in addresses():
        assert policy_of(Client().get(address))["script-src"] == ["'self'"], address


def test_only_where_rich_text_is_written_are_style_attributes_open(as_priya):
    open_ = [
        address
        for address in addresses()
        if "'unsafe-inline'" in policy_of(as_priya.get(address))["style-src-attr"]
    ]
    assert open_ == addresses()[-2:]


def test_rich_text_is_written_at_no_other_address(root):
    """A snippet that gets rich text has to be named in `RICH_TEXT_VIEWS`."""
    client = client_of(root)
    draftail = b"wagtailadmin/js/draftail.js"
    assert draftail in client.get(article_editor()).content
    for model in get_snippet_models():
        viewset = model.snippet_viewset
        found = [reverse(viewset.get_url_name("add"))]
        if row := model.objects.last():
            found.append(reverse(viewset.get_url_name("edit"), args=[row.pk]))
        for address in found:
            answer = client.get(address, follow=True)
            assert answer.status_code == 200
            assert draftail not in answer.content, address
    assert draftail not in client.get("/cms/settings/cms/citationsettings/", follow=True).content


def test_a_nonce_is_new_on_each_page_and_lets_styles_in_only(as_priya):
    seen = set()
    for _ in range(2):
        answer = as_priya.get("/cms/")
        (nonce,) = re.findall(rb'admin-styles\.js" nonce="([^"]{20,})"', answer.content)
        policy = policy_of(answer)
        assert policy["style-src-elem"] == ["'self'", f"'nonce-{nonce.decode()}'"]
        assert answer["Content-Security-Policy"].count("nonce-") == 1
        seen.add(nonce)
    assert len(seen) == 2


def test_the_texts_that_style_attributes_may_have_are_wagtails():
    """They are let in by hash: an upgrade that changes them is seen here, not by an editor."""
    scripts = "".join(path.read_text(encoding="utf-8") for path in VENDOR.glob("*.js"))
    texts = set(re.findall(r"""<(?:div|input)[^>]* style=["']([^"']+)["']""", scripts))
    hashes = {f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in texts}
    used = set(settings.ADMIN_CONTENT_SECURITY_POLICY["style-src-attr"]) - {"'unsafe-hashes'"}
    assert len(used) == 3
    assert used <= hashes
