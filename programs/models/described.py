"""The words for exercises, and what an exercise and its frozen copy say in the same way."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.media import drawings
from programs.media import kept as pictures
from programs.motion import Motion, describe, figure_svg, people
from programs.motion.nature import Nature, nature
from programs.motion.words import kept_bent


class Kind(models.TextChoices):
    GLIDE = "glide", "Glide"
    TENSION = "tension", "Tension"
    BALANCE = "balance", "Balance"
    STRENGTH = "strength", "Foot strength"

    @property
    def plain(self) -> str:
        """What a patient reads (brief 7)."""
        words = {
            "glide": _("gentle slide"),
            "tension": _("light stretch"),
            "balance": _("balance"),
            "strength": _("foot strength"),
        }
        return str(words[self.value])

    @property
    def is_nerve(self) -> bool:
        """It moves a nerve on purpose: what is said of nerve exercises holds for it."""
        return self in (Kind.GLIDE, Kind.TENSION)


NERVE_KINDS = tuple(kind for kind in Kind if kind.is_nerve)


class Pose(models.TextChoices):
    SIT = "sit", "Sitting"
    SUPINE = "supine", "Lying on the back"
    SIDELYING = "sidelying", "Lying on the side"
    LONGSIT = "longsit", "Sitting with legs out"
    STAND = "stand", "Standing"


class Certainty(models.TextChoices):
    HIGH = "high", _("High certainty")
    MEDIUM = "medium", _("Medium certainty")
    MEDIUM_LOW = "medium-low", _("Medium to low certainty")
    LOW = "low", _("Low certainty")


class SafetyItem(models.TextChoices):
    """The set-up before standing exercises, to be ticked (brief 1.6)."""

    COUNTER = "counter", _("A firm counter, sink or rail is in front of me, at hip height.")
    CHAIR = "chair", _("A sturdy chair or a corner is behind me.")
    HELPER = "helper", _("My helper is here.")
    SHOES = "shoes", _("I wear closed shoes with grip. No socks, not barefoot.")
    FLOOR = "floor", _("The floor is clear and dry, the light is good, my glasses are on.")
    PHONE = "phone", _("My phone or alarm is in reach.")
    CLEAR_HEAD = "clear_head", _("No alcohol or sedatives in the last 2 hours.")
    SLOWLY = "slowly", _("I will stand up slowly and wait one minute.")
    SKIN = "skin", _("I have looked at the skin of both feet.")


class _Described(Protocol):
    """What saying and drawing needs of an exercise. `kept_media` are pictures and videos as JSON,
    without addresses; `angles` is the motion as JSON.
    """

    @property
    def title(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def start(self) -> str: ...
    @property
    def patient_title(self) -> str: ...
    @property
    def precautions(self) -> str: ...
    @property
    def patient_care(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def nerve(self) -> str: ...
    @property
    def pose(self) -> str: ...
    @property
    def needs_helper(self) -> bool: ...
    @property
    def certainty(self) -> str: ...
    @property
    def safety_setup(self) -> list[str]: ...
    @property
    def angles(self) -> dict[str, Any]: ...
    @property
    def kept_media(self) -> list[dict[str, Any]]: ...
    @property
    def nature(self) -> Nature: ...
    @property
    def asks_helper(self) -> bool: ...
    @property
    def drawn_as(self) -> dict[str, Any]: ...


class Described:
    """What an exercise and its frozen copy say of themselves in the same way."""

    @property
    def plain_title(self: _Described) -> str:
        """What patients read."""
        return self.patient_title or self.title

    @property
    def care(self: _Described) -> str:
        """What patients read to take care of."""
        return self.patient_care or self.precautions

    @property
    def plain_kind(self: _Described) -> str:
        return Kind(self.kind).plain

    @property
    def rests_on(self: _Described) -> str:
        """What its sources can show, for patients and the public."""
        if self.kind == Kind.BALANCE:
            return gettext(
                "The trials tested whole balance programs. That this one task helps is a guess."
            )
        if self.kind == Kind.STRENGTH:
            return gettext(
                "Guidelines advise foot exercises at a low to medium risk of sores. The trial does "
                "not name its exercises: this one is the opinion of experts."
            )
        sure = Certainty(self.certainty).label
        does = gettext("that the movement does to the nerve what its name says.")
        less = gettext("Whether it helps is less sure.")
        return f"{sure} {does} {less}"

    @property
    def is_low_certainty(self: _Described) -> bool:
        return self.certainty == Certainty.LOW

    @property
    def nature(self: _Described) -> Nature:
        """What it is by its movement, whatever it is called."""
        return nature(self.nerve, Motion.from_json(self.angles))

    @property
    def is_standing(self: _Described) -> bool:
        return stands(self.pose, self.angles)

    @property
    def is_tension(self: _Described) -> bool:
        """By its name or by its load: a declaration can only make it stricter (brief 2.1)."""
        named = self.kind == Kind.TENSION
        is_other = self.kind in (Kind.GLIDE, Kind.STRENGTH)
        return named or (is_other and self.nature.raises_load)

    @property
    def asks_helper(self: _Described) -> bool:
        """Declared, or because of what the movement is."""
        return self.needs_helper or self.nature.needs_helper

    @property
    def safety_items(self: _Described) -> list[SafetyItem]:
        return [SafetyItem(code) for code in self.safety_setup]

    @property
    def pictures(self: _Described) -> list[dict[str, Any]]:
        """Pictures and videos of the clinic's own, with their addresses."""
        return pictures.with_addresses(self.kept_media)

    @property
    def drawing_name(self: _Described) -> str:
        """Of the still picture to choose by: another where the movement is another."""
        return drawings.name(self.angles, **self.drawn_as)

    @property
    def drawing(self: _Described) -> str:
        """Start and end side by side, as an SVG file of its own."""
        motion = Motion.from_json(self.angles)
        return drawings.svg(motion, **self.drawn_as)

    @property
    def description(self: _Described) -> str:
        """The movement in words, from the same angles as the figure."""
        return describe(Motion.from_json(self.angles), has_helper=self.asks_helper)

    @property
    def starting(self: _Described) -> str:
        """The starting position in words; how far the hip is bent, from the angles."""
        return " ".join(filter(None, (self.start, kept_bent(Motion.from_json(self.angles)))))

    def drawn(
        self: _Described, title: str, *, angles: dict[str, Any] | None = None, **how: Any
    ) -> str:
        """The figure as SVG, of its own angles or of narrower ones. `how` is what `figure_svg`
        takes, such as a dosage's tempo.
        """
        motion = Motion.from_json(angles or self.angles)
        return figure_svg(motion, title=title, **self.drawn_as, **how)

    @property
    def drawn_as(self: _Described) -> dict[str, Any]:
        """What a drawing shows beside the movement: the nerve, who moves, and who stands by."""
        return {
            "kind": self.kind,
            "nerve": self.nerve or None,
            "person": people.shown_in(self.code),
            "has_helper": self.asks_helper,
        }


def stands(pose: str, motion_data: Mapping[str, Any]) -> bool:
    """By its position or by its movement: older rows may disagree, and a gate misses neither."""
    return Pose.STAND in (pose, motion_data.get("pose"))
