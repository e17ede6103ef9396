"""The public site's pictures are what the figures' engine draws."""

from xml.etree import ElementTree

import pytest

from programs.motion import illustrations


@pytest.mark.parametrize("name", illustrations.PICTURES)
def test_the_template_is_current(name):
    """Else: `python -m programs.motion.illustrations`."""
    kept = (illustrations.FOLDER / f"{name}.html").read_text("utf-8")
    assert kept == illustrations.template(name)


@pytest.mark.parametrize("name", illustrations.PICTURES)
def test_every_word_is_within_the_picture(name):
    """Letters are half as wide as they are high, or less, on the average of a wide typeface."""
    root = ElementTree.fromstring(illustrations.PICTURES[name]())
    width = float(root.get("viewBox").split()[2])
    for text in root.iter("text"):
        if text.get("class") != "disc-number":
            assert float(text.get("x")) + len(text.text) * 16 / 2 <= width, text.text


def test_the_hero_moves_when_asked_and_the_others_never():
    assert 'begin="indefinite"' in illustrations.hero()
    for name in illustrations.PICTURES.keys() - {"hero"}:
        assert "<animate" not in illustrations.PICTURES[name]()
