"""The figure of a movement as inline SVG: start and end, of which the start can move."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.translation import pgettext

from programs.motion import balance_arrows, bedside, front, heads, inset, scene
from programs.motion import nerve as nerves
from programs.motion.angles import Motion
from programs.motion.body import SideFrame
from programs.motion.clip import Clip, numbers, sample_times
from programs.motion.load import joint_loads
from programs.motion.lying import SOLVERS
from programs.motion.nature import nature
from programs.motion.people import HELPERS, PEOPLE, Person
from programs.motion.plane import Point
from programs.motion.setting import hands_of, reaches, wears
from programs.motion.side import (
    Marks,
    draw_arm,
    draw_hand,
    draw_leg,
    draw_spine,
    draw_trunk,
    helping_hand,
    pelvis,
    side_helper,
)
from programs.motion.standing import near_side, seated_reach, stand
from programs.motion.words import describe

SOMEBODY = PEOPLE[3]
LARGEST = 12 * 1024  # bytes of the moving drawing
# cm or degrees a drawing may be off on its way: the first that makes it small enough is taken.
EVEN = (1, 2, 4, 8, 400)


def figure_svg(
    motion: Motion,
    *,
    kind: str,
    nerve: str | None = None,
    title: str = "",
    animated: bool = True,
    out: float = 2.0,
    hold: float = 0.0,
    back: float = 2.0,
    person: Person = SOMEBODY,
    has_helper: bool = False,
) -> str:
    """A `<span class="figure">`: start and end as a pair, named as one image, the start of which
    moves when a script begins it (`static/js/figure.js`), three times over.

    Seconds `out` to the end, `hold` there and `back`. Without `animated`, or when so many joints
    move that it would be larger than 12 KB, both stand still for good. With a nerve, a key says
    what its three colors are. With `has_helper` somebody stands by who stands, whatever the
    movement. The same arguments in the same language give the same string.

    Raises ValueError unless `out` and `back` are more than 0 and `hold` is at least 0.
    """
    if out <= 0 or back <= 0 or hold < 0:
        raise ValueError(f"tempo: {out}, {hold}, {back} s; out and back take time, hold may be 0")
    said = describe(motion, has_helper=has_helper)
    words = f"{title}. {said}" if title else said
    return drawn(Shown(motion, kind, nerve, person, has_helper), words, animated, (out, hold, back))


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn, but for its tempo."""

    motion: Motion
    kind: str
    nerve: str | None
    person: Person
    has_helper: bool


@lru_cache(maxsize=1024)
def drawn(shown: Shown, words: str, animated: bool, tempo: tuple[float, float, float]) -> str:
    """`words` are of the reader's language, and with them the rest of what is said."""
    view = View(shown, tempo)
    moving = view.moving() if animated else ""
    pair = _captioned(moving or view.start, pgettext("figure", "Start"))
    pair += _captioned(view.end, pgettext("figure", "End"))
    named = f'class="figure__pair" role="img" aria-label="{escape(words)}"'
    play, pause = pgettext("figure", "Show the movement"), pgettext("figure", "Pause the movement")
    said = f'data-play="{play}" data-pause="{pause}"'
    shell = f'class="figure figure--animated" {said}' if moving else 'class="figure"'
    return f"<span {shell}><span {named}>{pair}</span>{_key(view)}</span>"


def still_pair(
    motion: Motion,
    *,
    kind: str,
    nerve: str | None = None,
    person: Person = SOMEBODY,
    has_helper: bool = False,
) -> tuple[str, str]:
    """Start and end as two bare `<svg>`s without size, style or namespace: for paper."""
    view = View(Shown(motion, kind, nerve, person, has_helper), (1, 0, 1))
    return view.start, view.end


@lru_cache(maxsize=8)
def portrait(person: Person) -> str:
    """Head and shoulders, to choose by; its words stand beside it."""
    head = heads.front(person, still=heads.eyes() + heads.features(person))
    box = 'viewBox="-22 -86 44 44" aria-hidden="true"'
    drawn = f'<svg {box} class="{person.looks}">{front.trunk(person, head)}</svg>'
    return f'<span class="figure figure--face">{drawn}</span>'


def _captioned(svg: str, caption: str) -> str:
    return f'<span class="figure__end">{svg}<span class="figure__caption">{caption}</span></span>'


def _key(view: "View") -> str:
    """What the nerve's line means, wherever it is drawn."""
    if not view.marked:
        return ""
    said = (
        ("f-slack", pgettext("nerve", "slack")),
        ("", pgettext("nerve", "moving")),
        ("f-taut", pgettext("nerve", "loaded")),
    )
    line = "M3 7C9 3 17 11 25 7"
    items = "".join(
        '<span class="figure__sign" role="listitem"><svg viewBox="0 0 28 14" aria-hidden="true">'
        '<rect class="f-cloth" width="28" height="14" rx="3"/>'
        f'<path class="f-case" d="{line}"/><path class="f-nerve {cls}" d="{line}"/></svg>'
        f"{word}</span>"
        for cls, word in said
    )
    name = pgettext("figure", "Nerve:")
    return f'<span class="figure__key">{name} <span role="list">{items}</span></span>'


class View:
    """One motion solved and set in its scene; draws any run of its frames."""

    def __init__(self, shown: Shown, tempo: tuple[float, float, float]) -> None:
        motion = shown.motion
        self.motion, self.tempo, self.person = motion, tempo, shown.person
        self.nerve = shown.nerve if shown.kind != "balance" else None
        self.worn = wears(motion, kind=shown.kind)
        self.times = sample_times()
        self.is_front = front.shows_best(motion)
        self.box = scene.BOXES["front" if self.is_front else motion.pose]
        self.frames: Sequence[Any] = self._solved()
        self.loads = joint_loads(self.nerve, motion)
        left = near_side(motion) == "L" if motion.is_balance else motion.side == "left"
        self.is_flipped = left and not self.is_front
        self.helper: Person | None = None
        if motion.pose == "stand" and (
            shown.has_helper or nature(shown.nerve or "", motion).needs_helper
        ):
            self.helper = next(one for one in HELPERS if one.looks[:2] != self.person.looks[:2])

    @property
    def marked(self) -> bool:
        """Whether the nerve is drawn."""
        return nerves.has_course(self.nerve)

    def _solved(self) -> Sequence[Any]:
        if self.is_front:
            return front.frames(self.motion, self.times)
        if not self.motion.is_balance and self.motion.pose in SOLVERS:
            return SOLVERS[self.motion.pose](self.motion, self.times)
        solve = seated_reach if self.motion.pose == "sit" else stand
        return solve(self.motion, self.times)

    @property
    def start(self) -> str:
        return self._svg(Clip(self.frames[:1]))

    @property
    def end(self) -> str:
        return self._svg(Clip(self.frames[-1:]))

    def moving(self) -> str:
        """As even as fits; nothing when so many joints move that none does."""
        for even in EVEN:
            clip = Clip(self.frames, *self.tempo, even)
            drawn = self._svg(clip, "figure__moving ")
            if len(drawn.encode()) <= LARGEST:
                return drawn
        return ""

    def _svg(self, clip: Clip, cls: str = "") -> str:
        drawn = self._front(clip) if self.is_front else self._side(clip)
        if self.is_flipped:
            middle = 2 * self.box[0] + self.box[2]
            drawn = f'<g transform="translate({numbers([middle])}) scale(-1 1)">{drawn}</g>'
        named = f'class="{cls}{self.person.looks}"'
        return f'<svg viewBox="{numbers(self.box)}" {named}>{drawn}{self._prints(clip)}</svg>'

    def _timed(self, clip: Clip) -> Clip:
        """The clip with its moments, 0 to 1, for frames: all of them, or the one of a still."""
        if len(clip.frames) == len(self.frames):
            return replace(clip, frames=self.times)
        return replace(clip, frames=(0.0,) if clip.frames[0] is self.frames[0] else (1.0,))

    def _prints(self, clip: Clip) -> str:
        """In a corner that is free: at the floor from the front, else at the top."""
        left, top, width, _ = self.box
        x = left + 30 if self.is_flipped else left + width - 30
        at = Point(x, -34 if self.is_front else top + 34)
        toes = 180 if self.is_front else -90 if self.is_flipped else 90
        return inset.footprints(self.motion, self._timed(clip), at, toes)

    def _side(self, clip: Clip) -> str:
        all_frames: list[SideFrame] = list(self.frames)
        deltas = self.motion.deltas()
        shows_way = clip.frames[0] is self.frames[0]
        riding = nerves.segment_arrows(deltas, all_frames[0]) if shows_way else {}
        marks = nerves.marks(self.nerve, self.loads, riding)
        if self.motion.pose == "sidelying":
            body = bedside.behind(all_frames) + bedside.draw(clip, self.person, self.worn, marks)
        else:
            body = self._upright(clip, all_frames, marks)
        arrows = self._arrows(all_frames, deltas) if shows_way else ""
        return body + arrows + inset.foot(self.motion, self._timed(clip), self.box, self.worn)

    def _upright(self, clip: Clip, frames: list[SideFrame], marks: Marks) -> str:
        """In any position but lying on the side. What is held and what holds come last."""
        near_hand, far_hand = hands_of(self.motion)
        holds_alone = far_hand == "grip" and near_hand == "rest"
        leans = reaches(self.motion)
        far_tone = "f-near" if holds_alone or leans else "f-far"
        strap = clip.polyline(lambda f: f.strap, "f-strap") if frames[0].strap else ""
        far_arm = draw_arm(clip, _far, far_tone, self.person, far_hand)
        far = far_arm + draw_hand(clip, _far, far_tone, far_hand)
        near_arm = draw_arm(clip, _near, "f-near", self.person, near_hand)
        has_far_arm = near_hand != "rest" or any(f.far_arm != f.near_arm for f in frames)
        lower = draw_leg(clip, "far", "f-far", self.person, self.worn)
        lower += pelvis(self.person) + scene.between(self.motion, frames)
        lower += draw_leg(clip, "near", "f-near", self.person, self.worn, marks)
        body = lower + draw_trunk(clip, self.person)
        spine = draw_spine(clip, marks)
        return (
            scene.behind(self.motion, frames)
            + (side_helper(frames[0], self.helper) if self.helper else "")
            + (far if has_far_arm else "")
            + scene.worktop(self.motion)
            + self._placed(clip, body)
            + strap
            + near_arm
            + (self._placed(clip, spine) if spine else "")
            + draw_hand(clip, _near, "f-near", near_hand)
            + (helping_hand(frames[0], self.helper) if self.helper else "")
        )

    def bare(self, clip: Clip) -> str:
        """The person and what they hold, without arrows and close-ups: for a scene."""
        return self._upright(clip, list(self.frames), Marks())

    @property
    def plain_end(self) -> str:
        """The end with the nerve's course and nothing that loads it, for a scene."""
        marks = nerves.marks(self.nerve, [], {})
        return self._upright(Clip(self.frames[-1:]), list(self.frames), marks)

    def _placed(self, clip: Clip, drawn: str) -> str:
        return clip.shift(lambda f: f.root, clip.turn(lambda f: f.turn, (0, 0), drawn))

    def _arrows(self, frames: list[SideFrame], deltas: dict[str, float]) -> str:
        """Which way it goes; left out of the end still."""
        if self.motion.is_balance or self.motion.pose == "stand":
            return balance_arrows.side(self.motion, frames)
        return nerves.leg_arrow(self.motion.pose, frames, deltas)

    def _front(self, clip: Clip) -> str:
        shows_way = clip.frames[0] is self.frames[0]
        return (
            scene.behind_front(self.motion)
            + (front.helper(self.helper) if self.helper else "")
            + front.draw(clip, self.person)
            + scene.before_front(self.motion)
            + front.draw_arms(clip, self.person)
            + (balance_arrows.front(list(self.frames)) if shows_way else "")
            + self._eye(clip)
        )

    def _eye(self, clip: Clip) -> str:
        if all(frame.eyes_open == 1 for frame in self.frames):
            return ""
        return inset.eye(replace(clip, frames=[frame.eyes_open for frame in clip.frames]))


def _near(frame: SideFrame) -> tuple[Point, ...]:
    return frame.near_arm


def _far(frame: SideFrame) -> tuple[Point, ...]:
    return frame.far_arm
