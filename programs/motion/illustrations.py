"""Pictures of the public site that are drawn by the same hand as the figures.

`python -m programs.motion.illustrations` writes them into the site's templates, which know nothing
of movements; a test holds those against what is drawn here. Words in them are for an English
article: at least 15 units high on a page 360 wide, which is a phone's.
"""

from collections.abc import Callable
from itertools import chain
from pathlib import Path
from textwrap import wrap

from programs.motion import feet
from programs.motion.angles import Motion
from programs.motion.clip import Clip, numbers
from programs.motion.clip import number as n
from programs.motion.feet import path
from programs.motion.figure import Shown, View
from programs.motion.people import BY_NAME

FOLDER = Path(__file__).parents[2] / "templates/cms/drawings"
HERO_BOX = (-122, -196, 300, 214)
TEMPO = (2, 1, 2)  # seconds out, held and back
_LEG = {"hip": 0, "hip_abd": 3, "knee": 0}
_HEELS_UP, _TOES_UP = _LEG | {"ankle": -20}, _LEG | {"ankle": 10}
MOTION = Motion.from_json(
    {
        "pose": "stand",
        "A": {"L": _HEELS_UP, "R": _HEELS_UP, "base": "hip-width", "com": "mid"},
        "B": {"L": _TOES_UP, "R": _TOES_UP, "base": "hip-width", "com": "mid"},
    }
)
_ROOM = """
<path class="h-room" d="M-116 12C-120-60-122-186-20-192c80-4 190-2 192 70l0 134z"/>
<path class="h-floor" d="M-116 0h288v12q0 6-6 6H-110q-6 0-6-6z"/>
<path class="h-frame" d="M-92-150h38v30h-38z"/><path class="h-sky" d="M-88-146h30v22h-30z"/>
<path class="h-hill" d="M-88-124v-8q10-8 16-2t14-2v12z"/>
<path class="h-cord" d="M-28-194v26"/><path class="h-lamp" d="M-42-154q0-14 14-14t14 14z"/>
<path class="h-frame" d="M72-172h82v66H72z"/>
<path class="h-sky" d="M76-168h35v28H76zM115-168h35v28h-35zM76-136h35v26H76zM115-136h35v26h-35z"/>
<circle class="h-sun" cx="132" cy="-154" r="7"/>
<path class="h-hill" d="M76-110v-14q10-8 20-4t15 2v16zM115-110v-12q12-12 22-8t13 4v16z"/>
<path class="h-leaf" d="M94-104c-2-12-10-18-16-20 0 12 6 18 16 20z"/>
<path class="h-leaf" d="M94-104c-4-14 0-26 4-32 6 12 4 24-4 32z"/>
<path class="h-leaf" d="M95-104c2-10 10-14 18-16-2 10-8 16-18 16z"/>
<path class="h-lamp" d="M84-104h22l-3 12H87z"/>
<path class="h-frame" d="M66-108h94v5H66z"/>
<path class="h-front" d="M80-88h92V0H80z"/><path class="f-seam" d="M126-88V0"/>
<path class="h-knob" d="M96-78h14M140-78h14M120-58v12M132-58v12"/>
<rect class="f-held" x="72" y="-92" width="100" height="5" rx="2"/>
<path class="h-kettle" d="M134-93q-2-22 12-22t12 22zM156-106l9-6"/>
<path class="h-cord" d="M139-115q7-10 14 0"/>
<path class="f-mug" d="M110-92v-11h10v11zM120-100h3q2 0 2 2v2q0 2-2 2h-3"/>
"""
# Over the end of the worktop that is held, which goes on to the wall here.
_JOINT = '<path class="h-joint" d="M82-91.2h8v3.4h-8z"/>'


def hero() -> str:
    """An older woman at her kitchen counter lifts her heels, when it is begun."""
    view = View(Shown(MOTION, "balance", None, BY_NAME["woman_72"], has_helper=False), TEMPO)
    room = "".join(line.strip() for line in _ROOM.splitlines())
    person = view.bare(Clip(view.frames, *TEMPO))
    looks = f'class="figure__moving {view.person.looks}"'
    return f'<svg viewBox="{numbers(HERO_BOX)}" {looks}>{room}{person}{_JOINT}</svg>'


def _label(x: float, y: float, words: str, cls: str = "") -> str:
    named = f' class="{cls}"' if cls else ""
    return f'<text{named} x="{n(x)}" y="{n(y)}">{words}</text>'


def _disc(x: float, y: float, number: int) -> str:
    return (
        f'<circle class="disc" cx="{n(x)}" cy="{n(y)}" r="11"/>'
        f'<text class="disc-number" x="{n(x)}" y="{n(y + 5.5)}">{number}</text>'
    )


def _placed(x: float, y: float, scale: float, drawn: str, cls: str = "") -> str:
    named = f' class="{cls}"' if cls else ""
    return f'<g{named} transform="translate({n(x)} {n(y)}) scale({scale})">{drawn}</g>'


def _page(height: int, *drawn: str, looks: str = "s2") -> str:
    return (
        f'<svg class="drawing {looks}" viewBox="0 0 360 {height}" role="img" '
        f'aria-label="{{{{ value.alt_text }}}}">{"".join(drawn)}</svg>'
    )


_PADS = (
    "M-2.8-5.4q3-2 6-.4q1 3-1.6 3.6-4 .6-4.4-3.2z"
    "M-2.6 8.6q2.4-2 4.6 0q.2 2.6-2.2 2.8-2.4 0-2.4-2.8z"
)
_LOOKED_AT = ((92, 62, "Between the toes"), (92, 120, "Under the ball"), (92, 262, "The heel"))
_SIGNS = ("Cuts, blisters, sores,", "swelling, hard skin,", "a change of color.")


def foot_check() -> str:
    """A sole with the places to look at."""
    sole = path("f-skin", feet.sole()) + path("f-shade", _PADS)
    marks = "".join(
        path("thin", f"M{n(x + 12)} {n(y)}H176") + _disc(x, y, number) + _label(184, y + 5, words)
        for number, (x, y, words) in enumerate(_LOOKED_AT, start=1)
    )
    listed = "".join(
        _label(184, 164 + 20 * line, words, "soft-text") for line, words in enumerate(_SIGNS)
    )
    mirror = _label(20, 322, "Use a mirror, or ask someone to look.", "soft-text")
    return _page(330, _placed(92, 158, 11, sole, "f-sole"), marks, listed, mirror)


_SOCK = "M-3.6-7.6h7.2l.6 4.2h-8.6z"


def shoe() -> str:
    """What a shoe for numb feet needs."""
    drawn = path("f-sock", _SOCK) + "".join(feet.side("shoe"))
    return _page(
        240,
        _placed(104, 110, 9, drawn, "f-close"),
        _label(14, 24, "Firm heel") + path("thin", "M44 32l10 66"),
        _label(158, 46, "Laces or a strap") + path("thin", "M196 54l-22 46"),
        _label(222, 104, "Room to wiggle") + path("thin", "M276 112l-8 24"),
        path("good", "M38 196h252"),
        _label(34, 222, "Sole with grip, low heel, no thin edges"),
    )


def balance_place() -> str:
    """Counter in front, chair behind, a telephone in reach, shoes on."""
    view = View(Shown(MOTION, "balance", None, BY_NAME["man_68"], has_helper=False), (1, 0, 1))
    standing = view.frames[len(view.frames) // 2]
    phone = '<rect class="phone" x="62" y="-95.4" width="15" height="3.4" rx="1"/>'
    scene = view.bare(Clip([standing])) + phone
    return _page(
        310,
        _placed(134, 278, 1.3, scene),
        _label(184, 130, "Telephone") + path("thin", "M224 136v14"),
        _label(246, 180, "Firm counter"),
        _label(10, 150, "Sturdy chair") + path("thin", "M40 156l2 20"),
        _label(112, 304, "Shoes on"),
        looks=view.person.looks,
    )


_SEATED = Motion.from_json(
    {"pose": "sit", "A": {"hip": 85, "knee": 85}, "B": {"hip": 85, "knee": 25, "ankle": 8}}
)
_ON_THE_WAY = ((74, 178, "Lower back"), (196, 180, "Knee"), (262, 236, "Ankle"), (278, 206, "Toes"))


def nerve_path() -> str:
    """The nerve from the back to the toes, seen on somebody who sits with a leg out."""
    view = View(Shown(_SEATED, "glide", "tibial", BY_NAME["woman_55"], has_helper=False), (1, 0, 1))
    marks = "".join(_disc(x, y, number) for number, (x, y, _) in enumerate(_ON_THE_WAY, start=1))
    listed = "".join(
        _disc(214, 28 + 28 * line, line + 1) + _label(234, 33 + 28 * line, words)
        for line, (_, _, words) in enumerate(_ON_THE_WAY)
    )
    scene = _placed(96, 276, 1.72, view.plain_end)
    return _page(290, scene, marks, listed, looks=view.person.looks)


PICTURES: dict[str, Callable[[], str]] = {
    "hero": hero,
    "foot-check": foot_check,
    "shoe": shoe,
    "balance-place": balance_place,
    "nerve-path": nerve_path,
}


def template(name: str) -> str:
    """What it holds, in lines that a person can read."""
    head = "{# Made by `python -m programs.motion.illustrations`; not to be changed here. #}\n"
    parts = PICTURES[name]().replace("><", ">\n<").splitlines()
    wrapped = (wrap(part, 110, break_long_words=False, break_on_hyphens=False) for part in parts)
    return head + "\n".join(chain.from_iterable(wrapped)) + "\n"


if __name__ == "__main__":
    for one in PICTURES:
        (FOLDER / f"{one}.html").write_text(template(one), encoding="utf-8")
