"""The pictures of the public site and of empty pages are what the figures' engine draws."""

import pytest

from programs.motion import illustrations, still_lifes


@pytest.mark.parametrize("name", illustrations.PICTURES)
def test_the_template_is_current(name):
    """Else: `python -m programs.motion.illustrations`."""
    kept = (illustrations.FOLDER / f"{name}.html").read_text("utf-8")
    assert kept == illustrations.template(name)


def test_the_hero_moves_when_asked_and_the_others_never():
    assert 'begin="indefinite"' in illustrations.hero()
    for name in illustrations.PICTURES.keys() - {"hero"}:
        assert "<animate" not in illustrations.PICTURES[name]()


@pytest.mark.parametrize("name", still_lifes.DRAWINGS)
def test_what_empty_pages_show_is_current(name):
    """Else: `python -m programs.motion.still_lifes`."""
    kept = (still_lifes.FOLDER / f"{name}.svg").read_text("utf-8")
    assert kept == still_lifes.file(name)
    assert "prefers-color-scheme" in kept
    assert "none;stroke:none" not in kept  # a role that the figures have
