"""The check for circles of files can fail, also where an import hides."""

import sys

import pytest

from config.setup import circles

HIDDEN = {
    "plain": "from {other} import one",
    "in a function": "def later():\n    from {other} import one",
    "for types": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from {other} import one"
    ),
}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Makes a package of two modules, `low` and `high`; `high` imports `low`."""
    monkeypatch.syspath_prepend(tmp_path)

    def made(name, low):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").touch()
        (folder / "low.py").write_text(f"{low.format(other=f'{name}.high')}\none = 1\n")
        (folder / "high.py").write_text(f"from {name}.low import one\n")
        return name

    yield made
    for name in [name for name in sys.modules if name.startswith("circle_")]:
        del sys.modules[name]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_circle_is_found_wherever_its_import_hides(package, hidden):
    name = package(f"circle_{list(HIDDEN).index(hidden)}", HIDDEN[hidden])
    assert set(circles.circle(name)) == {f"{name}.low", f"{name}.high"}


def test_without_a_circle_nothing_is_said(package):
    assert circles.circle(package("circle_none", "import os")) == []
