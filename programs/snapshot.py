"""The frozen copy of an exercise: all that a patient sees of it, and where it came from."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from programs import pictures
from programs.gates import capped_motion
from programs.models.exercise import Certainty, Exercise, Kind, SafetyItem
from programs.motion import Motion, describe, figure_svg


@dataclass(frozen=True)
class ExerciseSnapshot:
    """Kept as JSON in `Prescription.snapshot`; every later reading goes through this class."""

    code: str
    title: str
    patient_title: str
    kind: str
    nerve: str
    pose: str
    level: int | None
    start: str
    steps: list[str]
    cue: str
    precautions: str
    equipment: str
    safety_setup: list[str]
    needs_helper: bool
    motion: dict[str, Any]
    certainty: str
    citations: list[str]
    shows_figure: bool
    media: list[dict[str, Any]]

    @classmethod
    def of(cls, exercise: Exercise, caps: dict[str, Any]) -> Self:
        """As the library has it now, with the angle limits where they apply."""
        limited = caps if exercise.kind != Kind.BALANCE else {}
        copied = {
            field.name: getattr(exercise, field.name)
            for field in fields(cls)
            if field.name not in {"motion", "citations", "media"}
        }
        return cls(
            **copied,
            motion=capped_motion(exercise.motion_data, limited),
            citations=sorted(source.key for source in exercise.citations.all()),
            media=pictures.as_json(exercise.media),
        )

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def limited(self, caps: dict[str, Any]) -> Self:
        """The same with angle limits that came later."""
        if self.kind == Kind.BALANCE:
            return self
        return type(self)(**(self.to_json() | {"motion": capped_motion(self.motion, caps)}))

    @property
    def plain_title(self) -> str:
        """What patients read."""
        return self.patient_title or self.title

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """Pictures and videos with their addresses."""
        return pictures.with_addresses(self.media)

    @property
    def plain_kind(self) -> str:
        return Kind(self.kind).plain

    @property
    def kind_label(self) -> str:
        return Kind(self.kind).label

    @property
    def certainty_label(self) -> str:
        return Certainty(self.certainty).label

    @property
    def is_low_certainty(self) -> bool:
        return self.certainty == Certainty.LOW

    @property
    def is_standing(self) -> bool:
        return self.pose == "stand"

    @property
    def safety_items(self) -> list[SafetyItem]:
        return [SafetyItem(code) for code in self.safety_setup]

    def figure(self, **timing: float) -> str:
        """Animated, in the tempo of a dosage (`figure_timing`)."""
        return figure_svg(
            Motion.from_json(self.motion),
            kind=self.kind,
            nerve=self.nerve or None,
            title=self.plain_title,
            **timing,
        )

    @property
    def description(self) -> str:
        return describe(Motion.from_json(self.motion))
