"""The public site's pictures are what the figures' engine draws."""

import pytest

from programs.motion import illustrations


@pytest.mark.parametrize("name", illustrations.PICTURES)
def test_the_template_is_current(name):
    """Else: `python -m programs.motion.illustrations`."""
    kept = (illustrations.FOLDER / f"{name}.html").read_text("utf-8")
    assert kept == illustrations.template(name)


def test_the_hero_moves_when_asked_and_the_others_never():
    assert 'begin="indefinite"' in illustrations.hero()
    for name in illustrations.PICTURES.keys() - {"hero"}:
        assert "<animate" not in illustrations.PICTURES[name]()
