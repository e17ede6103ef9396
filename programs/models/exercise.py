"""The exercise library."""

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import cached_property
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from cms.models import Source
from patients.models.episode import Nerve
from patients.models.fields import ChoiceArrayField
from patients.sentences import is_sentence
from programs.media import kept as pictures
from programs.media.blocks import MediaBlock
from programs.models.described import (
    NERVE_KINDS,
    Certainty,
    Described,
    Kind,
    Pose,
    SafetyItem,
)
from programs.models.dosage import Dosage, Told, figure_timing
from programs.models.exercise_text import ENGLISH, SPOKEN, texts_json
from programs.models.fields import LinesField
from programs.models.library import LibraryEntry, LibraryQuerySet
from programs.motion import Motion, rule
from programs.motion.angles import FOOT_JOINTS, capped_motion
from programs.motion.words import kept_bent
from programs.notation import allowed


class ExerciseQuerySet(LibraryQuerySet):
    def active(self) -> Self:
        """What can be prescribed: published and not archived."""
        return super().active().filter(live=True)

    def readable_by_all(self) -> Self:
        return self.filter(Q(clinic=None) | Q(is_public=True))

    def matching(self, word: str) -> Self:
        """A word of the title, the cue or the nerve, or the beginning of the code."""
        nerves = [value for value, label in Nerve.choices if word.lower() in label.lower()]
        return self.filter(
            Q(title__icontains=word)
            | Q(patient_title__icontains=word)
            | Q(code__istartswith=word)
            | Q(cue__icontains=word)
            | Q(nerve__in=nerves)
        )

    def public(self) -> Self:
        """What has a page of its own on the public site."""
        return self.active().filter(is_public=True)


class Exercise(
    Described,
    PreviewableMixin,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    LibraryEntry,
    Dosage,
    ClusterableModel,
):
    """One movement. What patients get is frozen into their plan, so this may change freely.

    The row holds what is published; drafts are revisions beside it.
    """

    code = models.CharField(max_length=20, help_text="Stable id, such as G01.")
    title = models.CharField(max_length=120, help_text="For therapists.")
    patient_title = models.CharField(
        "title for patients", max_length=80, blank=True, help_text="In plain words."
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    nerve = models.CharField(
        max_length=30, choices=Nerve.choices, blank=True, help_text="For glide and tension."
    )
    pose = models.CharField("position", max_length=10, choices=Pose.choices)
    level = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Balance only: 1 safest to 5 supervised."
    )
    start = models.TextField("starting position")
    steps = LinesField(models.TextField())
    cue = models.CharField(max_length=250, help_text="What the patient hears or reads meanwhile.")
    precautions = models.TextField(blank=True, help_text="For therapists.")
    patient_care = models.TextField(
        "what patients take care of",
        blank=True,
        help_text="In plain words, no codes. Left empty, patients read the precautions.",
    )
    equipment = models.CharField(max_length=200, blank=True)
    safety_setup = ChoiceArrayField(
        models.CharField(max_length=12, choices=SafetyItem.choices), default=list, blank=True
    )
    needs_helper = models.BooleanField(
        default=False, help_text="Single-leg, foam or eyes-closed tasks (brief 1.6, point 3)."
    )
    home_use = models.BooleanField(default=True, help_text="Off: only in the clinic.")
    motion_data = models.JSONField("motion", help_text="Joint angles at the start and the end.")
    shows_figure = models.BooleanField(
        "show the drawn figure", default=True, help_text="Off: only the pictures and videos below."
    )
    media = StreamField(MediaBlock(), blank=True, verbose_name="pictures and videos of your own")
    rule_reason = models.TextField(
        "why it is right against the load rule",
        blank=True,
        max_length=500,
        help_text="Only where the movement does not do what its kind says.",
    )
    allowed_dosage = models.CharField(
        max_length=200, blank=True, help_text=f"Such as: {allowed.EXAMPLE}."
    )
    easier = models.CharField("easier, in words", max_length=200, blank=True)
    harder = models.CharField("harder, in words", max_length=200, blank=True)
    easier_exercises = ParentalManyToManyField(
        "self", symmetrical=False, blank=True, related_name="+"
    )
    harder_exercises = ParentalManyToManyField(
        "self", symmetrical=False, blank=True, related_name="+"
    )
    certainty = models.CharField(
        max_length=12,
        choices=Certainty.choices,
        help_text="How sure we are that it does what its kind says.",
    )
    citations = ParentalManyToManyField(Source, blank=True, related_name="exercises")
    is_public = models.BooleanField(
        "has a public page", default=False, help_text="Anybody can read it, without dosage."
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = ExerciseQuerySet.as_manager()

    preview_modes: ClassVar = [
        ("patient", "As the patient"),
        ("article", "In an article"),
        ("print", "On paper"),
    ]

    class Meta(Dosage.Meta):
        ordering = ["code"]
        constraints = [
            *Dosage.Meta.constraints,
            models.UniqueConstraint(
                fields=["clinic", "code"],
                nulls_distinct=False,
                name="exercise_code_unique",
                violation_error_message="Another exercise has this code.",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.BALANCE, nerve="", level__range=(1, 5))
                | Q(kind=Kind.STRENGTH, nerve="", level=None)
                | (Q(kind__in=NERVE_KINDS) & ~Q(nerve="") & Q(level=None)),
                name="exercise_nerve_or_level",
                violation_error_message=(
                    "Glide and tension need a nerve, balance a level from 1 to 5; foot strength "
                    "has neither."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def clean(self) -> None:
        """Raises ValidationError for an angle outside its joint's range, a movement that is not
        of its kind without a reason, and an allowed dosage that can't be read.
        """
        super().clean()
        errors = {}
        try:
            motion = Motion.from_json(self.motion_data)
        except (ValueError, KeyError, TypeError) as error:
            raise ValidationError({"motion_data": str(error)}) from error
        if self.pose and motion.pose != self.pose:
            errors["pose"] = pose_differs(self.pose, motion.pose)
        if motion.is_balance != (self.kind == Kind.BALANCE):
            errors["motion_data"] = "This movement is of another kind. Set its angles."
        elif self.kind == Kind.STRENGTH and not motion.deltas().keys() <= FOOT_JOINTS:
            errors["motion_data"] = "Foot strength moves only the ankle, the sole and the toes."
        elif self.kind == Kind.STRENGTH and self.nature.raises_load:
            errors["motion_data"] = "This loads a nerve at two joints: it is a tension exercise."
        elif self.breaks_load_rule and not is_sentence(self.rule_reason):
            errors["rule_reason"] = rule_warning(self.kind, rule(self.nerve, motion))
        try:
            allowed.parse(self.allowed_dosage)
        except ValueError as error:
            errors["allowed_dosage"] = str(error)
        if errors:
            raise ValidationError(errors)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        pictures.keep_all(self.media)

    @property
    def breaks_load_rule(self) -> bool:
        """The angles do not do what the kind says (brief 2.1). Only nerve movements have a rule."""
        return self.kind in NERVE_KINDS and rule(self.nerve, self.motion) != self.kind

    @property
    def motion(self) -> Motion:
        return Motion.from_json(self.motion_data)

    @property
    def is_readable_by_all(self) -> bool:
        """Whether an article may show it. A clinic's own has to be marked as public first."""
        return self.live and (self.clinic_id is None or self.is_public)

    @property
    def angles(self) -> dict[str, Any]:
        return self.motion_data

    @property
    def kept_media(self) -> list[dict[str, Any]]:
        return pictures.as_json(self.media)

    @property
    def spoken(self) -> dict[str, Any]:
        """What readers of a public page are told, in its language where there are words for it;
        `language` says which it is. One query, none in English.
        """
        language = (translation.get_language() or ENGLISH)[:2]
        words = self._texts.get(language, {}) if language != ENGLISH else {}
        english = {name: getattr(self, name) for name in SPOKEN} | {
            "patient_title": self.plain_title,
            "patient_care": self.care,
        }
        told = english | words | {"language": language if words else ENGLISH}
        return told | {"start": " ".join(filter(None, (told["start"], kept_bent(self.motion))))}

    @cached_property
    def _texts(self) -> dict[str, dict[str, object]]:
        return texts_json(self.texts.all())

    @property
    def figure(self) -> str:
        """The animated figure, as SVG, in the default dosage's tempo."""
        return self.figure_in(self.dosage)

    def figure_in(self, dosage: dict[str, Any], *, animated: bool = True) -> str:
        """The same in the tempo, and the range, of another dosage."""
        title = str(self.spoken["patient_title"])
        angles = capped_motion(self.angles, dosage.get("angle_limits") or {})
        return self.drawn(title, angles=angles, animated=animated, **figure_timing(dosage))

    @property
    def figure_still(self) -> str:
        """Start and end side by side, for paper."""
        return self.figure_in(self.dosage, animated=False)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return f"programs/preview/{mode_name}.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        own = {
            "exercise": self,
            "value": self,
            "shown": self,
            "told": Told(self.figure, self.dosage_text, self.tempo_text, note=""),
            "level": 1,
            "is_own_preview": True,
        }
        return super().get_preview_context(request, mode_name) | own


def pose_differs(pose: str, of_motion: str) -> str:
    """What to say when the position and the movement disagree; both are named."""
    says, does = Pose(pose).label.lower(), Pose(of_motion).label.lower()
    return f"The position says {says}, but the movement is done {does}. Mend one of them."


def rule_warning(kind: str, found: str | None) -> str:
    """What to say when the angles do not make the kind (brief 2.1)."""
    needs = {
        Kind.GLIDE: "A glide loads the nerve at one joint and unloads it at another.",
        Kind.TENSION: "A tension loads the nerve at two or more joints and unloads it at none.",
    }[Kind(kind)]
    does = f"These angles make a {found}." if found else "These angles make neither."
    return f"{needs} {does} Mend the angles, or say why it is right."
