"""The links beside each page of the workspace, of which one is where the page is."""

import re

import pytest

from tests.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("/workspace/", "/workspace/"),
        ("/workspace/inbox/", "/workspace/inbox/"),
        ("/workspace/library/", "/workspace/library/"),
        ("/workspace/programs/", "/workspace/programs/"),
        ("/workspace/notifications/", None),
    ],
)
def test_the_section_of_the_page_is_marked(as_priya, page, marked):
    rail = as_priya.get(page).content.decode().split("</nav>")[0]
    links = re.findall(r'<a\s+href="([^"]+)"[^>]*aria-current="page"', rail)
    assert links == ([marked] if marked else [])


def test_what_is_kept_of_one_person_is_not_shown_to_another(as_priya, ruth):
    as_ruth = client_of(ruth)
    assert "/workspace/people/" not in as_priya.get("/workspace/").content.decode()
    as_ruths = as_ruth.get("/workspace/").content.decode()
    assert "/workspace/people/" in as_ruths
    assert "Priya" not in as_ruths.split('class="rail__me')[1].split("</span>")[0]
