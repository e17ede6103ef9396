"""Small drawings for pages with nothing on them yet: `python -m programs.motion.still_lifes`.

By the hand that draws the figures and in their colors, as files, since a style sheet shows them
(`.empty` in components.css): a page with nothing on it has no markup for a picture. A file knows no
page's tokens, and no style stands in it: each is there in light and in dark, its colors copied from
figure.css. A test holds the files against what is drawn here.
"""

import re
from collections.abc import Callable
from pathlib import Path

from programs.motion import feet
from programs.motion.feet import path

STATIC = Path(__file__).parents[2] / "static"
FOLDER = STATIC / "drawings"
TOKENS = STATIC / "css/figure.css"
# What each class is filled and outlined with, roles of figure.css, and how wide its outline is.
LOOKS = {
    "f-shoe": ("shoe", "", 0),
    "f-tread": ("tread", "shoe", 1),
    "f-lace": ("", "tread", 1),
    "f-skin": ("skin-2", "skin-2-line", 0.4),
    "bench": ("support", "support-edge", 1.4),
    "floor": ("", "support-edge", 2),
    "pot": ("clay", "", 0),
    "leaf": ("sage", "", 0),
    "stem": ("", "sage", 2),
    "mug": ("blue", "", 0),
    "handle": ("", "blue", 4),
    "glass": ("", "held", 5),
}
SCHEMES = ("light", "dark")
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


def _tokens(scheme: str) -> dict[str, str]:
    """The figures' colors."""
    light, dark = TOKENS.read_text("utf-8").split("prefers-color-scheme: dark", 1)
    part = light if scheme == "light" else dark.split("\n}", 1)[0]
    return dict(re.findall(r"--figure-([\w-]+): (#[0-9a-f]{6})", part))


def _looks(name: str, tokens: dict[str, str]) -> str:
    """Raises KeyError for a role that the figures don't have."""
    fill, stroke, width = LOOKS[name]
    inside = tokens[fill] if fill else "none"
    line = f' stroke="{tokens[stroke]}" stroke-width="{width:g}"' if stroke else ""
    return f'fill="{inside}"{line}'


def file(name: str, scheme: str) -> str:
    """What it holds."""
    tokens = _tokens(scheme)
    drawn = re.sub(r'class="([\w-]+)"', lambda one: _looks(one[1], tokens), DRAWINGS[name]())
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 96" '
        f'stroke-linecap="round" stroke-linejoin="round">\n{drawn}\n</svg>\n'
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for one in DRAWINGS:
        for scheme in SCHEMES:
            (FOLDER / f"{one}-{scheme}.svg").write_text(file(one, scheme), encoding="utf-8")
