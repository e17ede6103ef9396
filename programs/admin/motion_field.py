"""The motion in an edit form: a number and a slider for each joint, at the start and at the end."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from programs.models.described import Kind
from programs.motion import Motion
from programs.motion.angles import BASES, COM_PLACES, EYES, RANGES

ENDS = (("A", "Start"), ("B", "End"))
NERVE_JOINTS = (
    ("neck", "Neck, chin down"),
    ("trunk", "Trunk, rounded"),
    ("hip", "Hip, bent"),
    ("knee", "Knee, bent"),
    ("ankle", "Ankle, toes up"),
    ("ever", "Sole, turned out"),
    ("toe", "Toes, bent up"),
)
LEG_JOINTS = (
    ("hip", "hip, bent"),
    ("hip_abd", "hip, out to the side"),
    ("knee", "knee, bent"),
    ("ankle", "ankle, toes up"),
)
BODY_JOINTS = (
    ("trunk", "Trunk, forward"),
    ("trunk_side", "Trunk, to the right"),
    ("neck", "Neck, chin down"),
    ("neck_rot", "Head, turned right"),
)
BALANCE_JOINTS = (
    *((f"L-{joint}", f"Left {label}") for joint, label in LEG_JOINTS),
    *((f"R-{joint}", f"Right {label}") for joint, label in LEG_JOINTS),
    *BODY_JOINTS,
)
BALANCE_WORDS = (
    ("base", "Feet", BASES),
    ("com", "Weight", COM_PLACES),
    ("eyes", "Eyes", EYES),
)


@dataclass(frozen=True)
class Control:
    """One joint at one end, as the template draws it."""

    name: str
    label: str
    value: Any
    low: float
    high: float


def _at(keyframe: Mapping[str, Any], joint: str) -> Any:
    leg, _, inner = joint.rpartition("-")
    return (keyframe.get(leg, {}) if leg else keyframe).get(inner, 0)


def _number(text: str) -> Any:
    """A number where it is one; else the text, which the motion refuses by name."""
    try:
        value = float(text or 0)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


class MotionWidget(forms.Widget):
    template_name = "programs/admin/motion_widget.html"

    class Media:
        css = {"all": ["css/figure.css", "css/library-admin.css"]}
        js = ("js/motion-editor.js", forms.Script("js/figure.js", type="module"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sources: list[tuple[int, str]] = []  # exercises to start from

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> Any:
        """The motion of the form's kind and position; None where the controls are not there."""
        if f"{name}-side" not in data:
            return data.get(name)
        posted = {
            "pose": data.get("pose", ""),
            "side": data.get(f"{name}-side", "right"),
            "A": self._keyframe(data, f"{name}-A", data.get("kind") == Kind.BALANCE),
            "B": self._keyframe(data, f"{name}-B", data.get("kind") == Kind.BALANCE),
        }
        return posted if data.get("kind") != Kind.BALANCE else posted | {"side": "right"}

    def _keyframe(self, data: Mapping[str, Any], prefix: str, balance: bool) -> dict[str, Any]:
        if not balance:
            return {joint: _number(data.get(f"{prefix}-{joint}", "")) for joint, _ in NERVE_JOINTS}
        frame: dict[str, Any] = {
            joint: _number(data.get(f"{prefix}-b-{joint}", "")) for joint, _ in BODY_JOINTS
        }
        for leg in ("L", "R"):
            frame[leg] = {
                joint: _number(data.get(f"{prefix}-b-{leg}-{joint}", "")) for joint, _ in LEG_JOINTS
            }
        return frame | {
            word: data.get(f"{prefix}-b-{word}", choices[0]) for word, _, choices in BALANCE_WORDS
        }

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        motion = json.loads(value) if isinstance(value, str) and value else value or {}
        balance = "L" in motion.get("A", {})
        nerve_rows = [
            self._row(name, motion if not balance else {}, joint, label, "")
            for joint, label in NERVE_JOINTS
        ]
        balance_rows = [
            self._row(name, motion if balance else {}, joint, label, "b-")
            for joint, label in BALANCE_JOINTS
        ]
        return super().get_context(name, value, attrs) | {
            "name": name,
            "ends": [label for _, label in ENDS],
            "side": motion.get("side", "right"),
            "nerve_rows": nerve_rows,
            "balance_rows": balance_rows,
            "words": self._words(name, motion if balance else {}),
            "sources": self.sources,
        }

    def _row(
        self, name: str, motion: Mapping[str, Any], joint: str, label: str, prefix: str
    ) -> tuple[str, list[Control]]:
        low, high = RANGES[joint.rpartition("-")[2]]
        controls = [
            Control(
                f"{name}-{end}-{prefix}{joint}",
                f"{label}, {end_label.lower()}",
                _at(motion.get(end, {}), joint),
                low,
                high,
            )
            for end, end_label in ENDS
        ]
        return label, controls

    def _words(self, name: str, motion: Mapping[str, Any]) -> list[Any]:
        return [
            (
                label,
                [
                    (
                        f"{name}-{end}-b-{word}",
                        f"{label}, {end_label.lower()}",
                        motion.get(end, {}).get(word, choices[0]),
                        choices,
                    )
                    for end, end_label in ENDS
                ],
            )
            for word, label, choices in BALANCE_WORDS
        ]


class MotionField(forms.Field):
    """A motion as the model keeps it. Refuses angles no joint has, by joint and range."""

    widget = MotionWidget

    def to_python(self, value: Any) -> dict[str, Any] | None:
        if not value:
            return None
        try:
            data = json.loads(value) if isinstance(value, str) else value
            return Motion.from_json(data).to_json()
        except (ValueError, KeyError, TypeError) as error:
            raise forms.ValidationError(str(error)) from error
