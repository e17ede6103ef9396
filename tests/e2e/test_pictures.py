"""`make pictures` takes a picture: small, and the same one the next time."""

from typing import Any

import pytest
from PIL import Image

from tests.pictures.__main__ import LARGEST, keep, taken
from tests.pictures.shots import SHOTS

pytestmark = pytest.mark.e2e


def test_a_picture_is_small_and_stays_as_it_is(browser: Any, server: str, tmp_path: Any) -> None:
    [shot] = [one for one in SHOTS if one.name == "log-in-es"]
    file = tmp_path / f"{shot.name}.png"
    assert keep(taken(shot, browser, server), file) < LARGEST
    with Image.open(file) as picture:
        assert (picture.mode, picture.width) == ("P", shot.width)
        assert len(picture.convert("RGB").getcolors() or []) > 10  # not an empty page
    written = file.stat().st_mtime_ns
    keep(taken(shot, browser, server), file)
    assert file.stat().st_mtime_ns == written
