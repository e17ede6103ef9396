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


@pytest.mark.parametrize("scheme", still_lifes.SCHEMES)
@pytest.mark.parametrize("name", still_lifes.DRAWINGS)
def test_what_empty_pages_show_is_current(name, scheme):
    """Else: `python -m programs.motion.still_lifes`."""
    kept = (still_lifes.FOLDER / f"{name}-{scheme}.svg").read_text("utf-8")
    assert kept == still_lifes.file(name, scheme)
    assert "class=" not in kept


def test_what_empty_pages_show_has_other_colors_in_the_dark():
    for name in still_lifes.DRAWINGS:
        assert still_lifes.file(name, "light") != still_lifes.file(name, "dark")
