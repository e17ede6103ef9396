"""Small drawings for pages with nothing on them yet: `python -m programs.motion.still_lifes`.

By the hand that draws the figures and in their colors, as files, since a style sheet shows them
(`.empty` in components.css): a page with nothing on it has no markup for a picture. A file knows no
page's tokens, so that each carries its colors, light and dark, copied from figure.css. A test holds
the files against what is drawn here.
"""

import re
from collections.abc import Callable
from pathlib import Path

from programs.motion import feet
from programs.motion.feet import path

STATIC = Path(__file__).parents[2] / "static"
FOLDER = STATIC / "drawings"
TOKENS = STATIC / "css/figure.css"
# What each class is filled and outlined with: roles of figure.css.
COLORS = {
    "f-shoe": ("shoe", ""),
    "f-tread": ("tread", "shoe"),
    "f-lace": ("", "tread"),
    "f-skin": ("skin-2", "skin-2-line"),
    "bench": ("support", "support-edge"),
    "floor": ("", "support-edge"),
    "pot": ("clay", ""),
    "leaf": ("sage", ""),
    "stem": ("", "sage"),
    "mug": ("blue", ""),
    "handle": ("", "blue"),
    "glass": ("", "held"),
}
_PLANT = (
    path("stem", "M0-20q-1-12 2-24M0-22q-8-4-9-14M1-26q8-4 9-12")
    + path("leaf", "M2-43q-7-8 1-16 6 8-1 16zM-9-35q-9-2-9-11 9 1 9 11zM10-37q0-9 9-11 1 9-9 11z")
    + path("pot", "M-10-20h20l-3 20h-14z")
)


def _at(x: float, y: float, scale: float, drawn: str) -> str:
    return f'<g transform="translate({x:g} {y:g}) scale({scale:g})">{drawn}</g>'


def shoes() -> str:
    """A pair below a bench: somebody will come."""
    one = "".join(feet.side("shoe", toes_turn=False))
    bench = path("bench", "M22 40h104v8H22zM32 48h7v38h-7zM110 48h7v38h-7z")
    pair = _at(78, 72, 1.25, one) + _at(54, 75, 1.4, one)
    return path("floor", "M8 87h144") + bench + _at(140, 86, 0.9, _PLANT) + pair


def mug() -> str:
    """A table with a cup that steams: time for one."""
    table = path("bench", "M14 66h132v7H14zM28 73h7v20h-7zM125 73h7v20h-7z")
    handle = path("handle", "M92 46q12-1 11 7t-12 7")
    cup = path("mug", "M68 42h25v16q0 8-8 8h-9q-8 0-8-8z")
    steam = path("floor", "M75 34q-4-5 0-9t0-9M86 34q-4-5 0-9t0-9")
    return table + handle + cup + steam + _at(44, 66, 0.85, _PLANT)


def glass() -> str:
    """A footprint under a magnifying glass."""
    sole = _at(68, 50, 2.9, path("f-skin", feet.sole()))
    ring = '<circle class="glass" cx="84" cy="42" r="25"/>' + path("glass", "M102 60l24 24")
    return sole + ring


DRAWINGS: dict[str, Callable[[], str]] = {"shoes": shoes, "mug": mug, "glass": glass}


_LINES = (
    "*{stroke-linecap:round;stroke-linejoin:round}"
    ".glass{stroke-width:5}.handle{stroke-width:4}.floor,.stem{stroke-width:2}"
    ".bench{stroke-width:1.4}.f-skin{stroke-width:.4}"
)


def _tokens() -> tuple[dict[str, str], dict[str, str]]:
    """The figures' colors, light and dark."""
    sheet = TOKENS.read_text("utf-8")
    light, dark = sheet.split("prefers-color-scheme: dark", 1)
    pattern = re.compile(r"--figure-([\w-]+): (#[0-9a-f]{6})")
    return dict(pattern.findall(light)), dict(pattern.findall(dark.split("\n}", 1)[0]))


def _rules(tokens: dict[str, str], used: set[str]) -> str:
    rules = []
    for name, (fill, stroke) in COLORS.items():
        if name in used:
            inside, line = tokens.get(fill, "none"), tokens.get(stroke, "none")
            rules.append(f".{name}{{fill:{inside};stroke:{line}}}")
    return "".join(rules)


def file(name: str) -> str:
    """What it holds."""
    drawn = DRAWINGS[name]()
    used = {one for found in re.findall(r'class="([^"]+)"', drawn) for one in found.split()}
    light, dark = (_rules(tokens, used) for tokens in _tokens())
    style = f"{_LINES}{light}@media(prefers-color-scheme:dark){{{dark}}}"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 96">\n'
        f"<style>{style}</style>\n{drawn}\n</svg>\n"
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for one in DRAWINGS:
        (FOLDER / f"{one}.svg").write_text(file(one), encoding="utf-8")
