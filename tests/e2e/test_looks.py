"""The style page shows every component, and `make looks` sees what has changed."""

from typing import Any

import pytest
from PIL import ImageDraw

from tests.looks.__main__ import MOST, approve, differs, small
from tests.looks.pages import PAGES, looks
from tests.pictures.__main__ import taken

pytestmark = pytest.mark.e2e


def test_a_changed_page_is_seen(browser: Any, server: str, tmp_path: Any) -> None:
    name, shot, scheme = next(one for one in looks() if one[0] == "style-390-dark")
    seen = small(taken(shot, browser, server, scheme))
    assert differs(name, seen, tmp_path, tmp_path / "seen") == 1.0  # none approved
    approve(name, seen, tmp_path)
    assert (tmp_path / f"{name}.webp").stat().st_size < 20_000
    again = small(taken(shot, browser, server, scheme))
    assert differs(name, again, tmp_path, tmp_path / "seen") <= MOST
    ImageDraw.Draw(again).rectangle((0, 0, 60, 40), fill="red")
    assert differs(name, again, tmp_path, tmp_path / "seen") > MOST
    assert (tmp_path / "seen" / f"{name}.png").exists()


def test_twenty_pages_are_looked_at() -> None:
    assert len({page.name for page in PAGES}) == 20
    assert len({name for name, *_ in looks()}) == 80


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_style_page(walkers: Any, server: str, width: int, scheme: str) -> None:
    reader = walkers(width, color_scheme=scheme)
    reader.go("/styleguide/")
    reader.look()
    for part in ("Colors", "Type", "Buttons", "Notices", "Questions", "Figures", "Charts"):
        assert reader.page.get_by_role("heading", name=part, exact=True).is_visible()
    assert reader.page.locator(".figure svg").count() >= 3
