"""The frozen copy of an exercise: all that a patient sees of it, and where it came from."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from django.utils import translation

from cms.models import Source
from programs.media import kept as pictures
from programs.models.described import Certainty, Described, Kind
from programs.models.exercise import Exercise
from programs.models.exercise_text import ENGLISH, texts_json
from programs.motion import Motion
from programs.motion import words as words_of
from programs.motion.angles import capped_motion
from programs.motion.nature import Nature
from programs.notation.side import Side


@dataclass(frozen=True)
class ExerciseSnapshot(Described):
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
    tempo: str
    texts: dict[str, dict[str, Any]]  # language code: what is said in it
    patient_care: str = ""  # older copies say it in `precautions`, in each language
    narrowed: bool = False  # some angle is limited: the library's steps speak of another movement
    strapped: bool = False  # with a strap round the foot, however small the movement was made
    ranged: dict[str, float] | None = None  # the row's own limits; None in older copies

    @classmethod
    def of(cls, exercise: Exercise, caps: dict[str, Any]) -> Self:
        """As the library has it now, with the angle limits where they apply."""
        limited = caps if exercise.kind != Kind.BALANCE else {}
        copied = {
            field.name: getattr(exercise, field.name)
            for field in fields(cls)
            if field.name not in {"motion", "citations", "media", "texts", *_MADE}
        }
        motion = capped_motion(exercise.motion_data, limited)
        return cls(
            **copied,
            motion=motion,
            narrowed=_differ(motion, exercise.motion_data),
            strapped=exercise.nature.uses_strap,
            ranged={},
            citations=sorted(source.key for source in exercise.citations.all()),
            media=pictures.as_json(exercise.media),
            texts=texts_json(exercise.texts.all()),
        )

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def in_language(self, code: str) -> Self:
        """With the words of a language such as 'es' or 'es-mx', where there are any."""
        words: dict[str, Any] = dict(self.texts.get(code[:2], {}))
        if self.narrowed:
            motion = Motion.from_json(self.motion)
            with translation.override(code or ENGLISH):
                words |= {"steps": words_of.steps(motion), "cue": words_of.cue()}
        return replace(self, **words) if words else self

    def on_side(self, side: str) -> Self:
        """The same on the patient's side: the figure of a left leg shows a left leg."""
        motion = Motion.from_json(self.motion)
        if motion.is_balance or side not in (Side.LEFT, Side.RIGHT) or motion.side == side:
            return self
        return replace(self, motion=motion.mirrored().to_json())

    @property
    def is_in_english_instead(self) -> bool:
        """Nothing of it is said in the reader's language."""
        language = (translation.get_language() or ENGLISH)[:2]
        return language != ENGLISH and not self.texts.get(language)

    def limited(self, caps: dict[str, Any]) -> Self:
        """The same with angle limits that came later."""
        if self.kind == Kind.BALANCE:
            return self
        motion = capped_motion(self.motion, caps)
        return replace(
            self,
            motion=motion,
            narrowed=self.narrowed or _differ(motion, self.motion),
            strapped=self.nature.uses_strap,
        )

    def changes_to(self, newer: Self) -> list[str]:
        """What differs, one line a field, for the therapist who decides about taking it."""
        return [
            _change_in_words(_FIELD_WORDS.get(name, name), getattr(self, name), value)
            for name, value in asdict(newer).items()
            if name not in _MADE and getattr(self, name) != value
        ]

    @property
    def angles(self) -> dict[str, Any]:
        return self.motion

    @property
    def nature(self) -> Nature:
        """A smaller movement takes no strap off the foot."""
        found = super().nature
        return replace(found, uses_strap=found.uses_strap or self.strapped)

    @property
    def starting(self) -> str:
        """Older copies say in `start` how far the hip is bent."""
        return self.start if self.ranged is None else super().starting

    @property
    def kept_media(self) -> list[dict[str, Any]]:
        return self.media

    @property
    def kind_label(self) -> str:
        return Kind(self.kind).label

    @property
    def certainty_label(self) -> str:
        return str(Certainty(self.certainty).label)

    def figure(self, **timing: Any) -> str:
        """Animated, in the tempo of a dosage (`figure_timing`)."""
        return self.drawn(self.plain_title, **timing)


# What follows from the exercise and its limits: no difference of its own.
_MADE = {"narrowed", "strapped", "ranged"}


def _differ(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return Motion.from_json(one) != Motion.from_json(other)


_FIELD_WORDS = {
    "code": "Code",
    "title": "Title",
    "patient_title": "Title for patients",
    "start": "Starting position",
    "steps": "Steps",
    "cue": "Cue",
    "precautions": "Precautions",
    "patient_care": "What patients take care of",
    "equipment": "Equipment",
    "safety_setup": "Safety set-up",
    "needs_helper": "Needs a helper",
    "motion": "Movement",
    "certainty": "Certainty",
    "citations": "Citations",
    "shows_figure": "Shows the figure",
    "media": "Pictures",
    "tempo": "Tempo",
    "texts": "Other languages",
    "kind": "Kind",
    "nerve": "Nerve",
    "pose": "Position",
    "level": "Level",
}


def _short(keys: list[str]) -> list[str]:
    """Short citations of these sources, as a clinician reads them."""
    known = {source.key: source.short for source in Source.objects.filter(key__in=keys)}
    return [known.get(key, key) for key in keys]


def _change_in_words(name: str, old: Any, new: Any) -> str:
    if name == _FIELD_WORDS["citations"]:
        old, new = _short(old), _short(new)
    if isinstance(old, dict) or name == _FIELD_WORDS["media"]:
        return f"{name}: changed"
    before, after = (
        "; ".join(map(str, value)) if isinstance(value, list) else str(value) or "nothing"
        for value in (old, new)
    )
    return f"{name}: “{before}” → “{after}”"
