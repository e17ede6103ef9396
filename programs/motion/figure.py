"""The figure of a movement as inline SVG: animated, and as a still pair for start and end."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.translation import pgettext

from programs.motion import balance_arrows, front, inset, scene
from programs.motion import nerve as nerves
from programs.motion.angles import Motion
from programs.motion.body import Marks, SideFrame, draw_arm, draw_leg, draw_torso
from programs.motion.clip import Clip, numbers, sample_times
from programs.motion.load import joint_loads
from programs.motion.lying import SOLVERS
from programs.motion.setting import reaches
from programs.motion.standing import near_side, seated_reach, stand
from programs.motion.words import describe

LARGEST = 12 * 1024 - 60  # bytes, less the tags of the element round the drawings
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
) -> str:
    """A `<span class="figure">` with the moving figure and its still pair, named as one image.

    Seconds `out` to the end, `hold` there and `back`. Without `animated`, or when so many joints
    move that it would be larger than 12 KB, only the still pair. The same arguments in the same
    language give the same string.

    Raises ValueError unless `out` and `back` are more than 0 and `hold` is at least 0.
    """
    if out <= 0 or back <= 0 or hold < 0:
        raise ValueError(f"tempo: {out}, {hold}, {back} s; out and back take time, hold may be 0")
    words = f"{title}. {describe(motion)}" if title else describe(motion)
    return drawn(motion, nerve if kind != "balance" else None, words, animated, (out, hold, back))


@lru_cache(maxsize=1024)
def drawn(
    motion: Motion,
    nerve: str | None,
    words: str,
    animated: bool,
    tempo: tuple[float, float, float],
) -> str:
    """`words` are of the reader's language, and with them the rest of what is said."""
    view = _View(motion, nerve, tempo)
    named = f'role="img" aria-label="{escape(words)}"'
    stills = view.still_pair()
    moving = view.moving(LARGEST - len((named + stills).encode())) if animated else ""
    animation = " figure--animated" if moving else ""
    return f'<span class="figure{animation}" {named}>{moving}{stills}</span>'


def still_pair(motion: Motion, *, kind: str, nerve: str | None = None) -> tuple[str, str]:
    """Start and end as two bare `<svg>`s without size, style or namespace: for paper."""
    view = _View(motion, nerve if kind != "balance" else None, (1, 0, 1))
    return view.start, view.end


def _still(svg: str, caption: str) -> str:
    return f'<span class="figure__end">{svg}<span class="figure__caption">{caption}</span></span>'


class _View:
    """One motion solved and set in its scene; draws any run of its frames."""

    def __init__(
        self, motion: Motion, nerve: str | None, tempo: tuple[float, float, float]
    ) -> None:
        self.motion, self.tempo = motion, tempo
        self.times = sample_times()
        self.is_front = front.shows_best(motion)
        self.box = scene.BOXES["front" if self.is_front else motion.pose]
        self.frames: Sequence[Any] = self._solved()
        self.loads = joint_loads(nerve, motion)
        self.nerve = nerve
        left = near_side(motion) == "L" if motion.is_balance else motion.side == "left"
        self.is_flipped = left and not self.is_front

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

    def still_pair(self) -> str:
        pair = _still(self.start, pgettext("figure", "Start")) + _still(
            self.end, pgettext("figure", "End")
        )
        return f'<span class="figure__still">{pair}</span>'

    def moving(self, room: int) -> str:
        """As even as fits into `room` bytes; nothing when so many joints move that none does."""
        for even in EVEN:
            clip = Clip(self.frames, *self.tempo, even)
            drawn = self._svg(clip, ' class="figure__moving"')
            if len(drawn.encode()) <= room:
                return drawn
        return ""

    def _svg(self, clip: Clip, attributes: str = "") -> str:
        drawn = self._front(clip) if self.is_front else self._side(clip)
        if self.is_flipped:
            middle = 2 * self.box[0] + self.box[2]
            drawn = f'<g transform="translate({numbers([middle])}) scale(-1 1)">{drawn}</g>'
        return f'<svg viewBox="{numbers(self.box)}"{attributes}>{drawn}{self._prints(clip)}</svg>'

    def _timed(self, clip: Clip) -> Clip:
        """The clip with its moments, 0 to 1, for frames: all of them, or the one of a still."""
        if len(clip.frames) == len(self.frames):
            return replace(clip, frames=self.times)
        return replace(clip, frames=(0.0,) if clip.frames[0] is self.frames[0] else (1.0,))

    def _prints(self, clip: Clip) -> str:
        left, _, width, _ = self.box
        x = left + 30 if self.is_flipped else left + width - 30
        toes = 180 if self.is_front else -90 if self.is_flipped else 90
        return inset.footprints(self.motion, self._timed(clip), x, toes)

    def _side(self, clip: Clip) -> str:
        all_frames: list[SideFrame] = list(self.frames)
        deltas = self.motion.deltas()
        shows_way = clip.frames[0] is self.frames[0]
        riding = nerves.segment_arrows(deltas, all_frames[0]) if shows_way else {}
        near = nerves.marks(self.nerve, self.loads, riding)
        hidden = all(frame.far == frame.near for frame in all_frames)
        body = "" if hidden else draw_leg(clip, "far", "f-far", Marks())
        body += draw_torso(clip, near) + scene.between(self.motion, all_frames)
        body += draw_leg(clip, "near", self._leg_class(), near)
        far_arm = any(frame.far_arm != frame.near_arm for frame in all_frames)
        body = clip.turn(lambda f: f.turn, (0, 0), body)
        body = clip.shift(lambda f: f.root, body)
        arrows = self._arrows(all_frames, deltas) if shows_way else ""
        return (
            scene.behind(self.motion, all_frames)
            + (draw_arm(clip, lambda f: f.far_arm, "f-far") if far_arm else "")
            + body
            + self._near_arm(clip)
            + arrows
            + inset.foot(self.motion, self._timed(clip))
        )

    def _arrows(self, frames: list[SideFrame], deltas: dict[str, float]) -> str:
        """Which way it goes; left out of the end still."""
        if self.motion.is_balance or self.motion.pose == "stand":
            return balance_arrows.side(self.motion, frames)
        return nerves.leg_arrow(self.motion.pose, frames, deltas)

    def _near_arm(self, clip: Clip) -> str:
        tone = "f-move" if reaches(self.motion) else "f-body"
        strap = clip.polyline(lambda f: f.strap, "f-strap") if clip.frames[0].strap else ""
        return strap + draw_arm(clip, lambda f: f.near_arm, tone)

    def _leg_class(self) -> str:
        first, last = self.frames[0], self.frames[-1]
        return "f-move" if not self.motion.is_balance or first.near != last.near else "f-body"

    def _front(self, clip: Clip) -> str:
        shows_way = clip.frames[0] is self.frames[0]
        return (
            scene.behind_front(self.motion)
            + front.draw(clip, self._front_moves())
            + scene.before_front(self.motion)
            + front.draw_arms(clip)
            + (balance_arrows.front(list(self.frames)) if shows_way else "")
            + self._eye(clip)
        )

    def _front_moves(self) -> str:
        first, last = self.frames[0], self.frames[-1]
        moves = [
            name
            for name in ("left", "right")
            if math.dist(getattr(first, name).ankle, getattr(last, name).ankle) > 2
        ]
        largest = [name for name in moves if self._climb(name) > 4]
        return "both" if len(moves) == 2 and not largest else (largest or moves or ["none"])[0]

    def _climb(self, name: str) -> float:
        first, last = getattr(self.frames[0], name), getattr(self.frames[-1], name)
        sideways = abs(last.ankle.x - first.ankle.x) - 4
        return max(first.ankle.y - last.ankle.y, sideways if abs(sideways) > 8 else 0)

    def _eye(self, clip: Clip) -> str:
        if all(frame.eyes_open == 1 for frame in self.frames):
            return ""
        return inset.eye(replace(clip, frames=[frame.eyes_open for frame in clip.frames]))
