"""The progress form of a session (brief 4.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.models import Episode
from patients.models.episode import Sensation
from portal.forms.glucose import GlucoseField, in_unit
from programs.actions.sessions import Log
from programs.forms.fields import (
    ChoiceList,
    ChoiceRow,
    CountField,
    ScaleField,
    TickedField,
    YesNoField,
)
from programs.forms.foot_map import FootMapField
from programs.models import Prescription, Session
from programs.models.described import Kind
from programs.models.session import (
    LONGEST,
    MORNING_CHOICES,
    Done,
    Feeling,
    Hands,
    NewSign,
    Settled,
    SkinCheck,
    WhyNot,
)

PAIN_WORDS: dict[str, Any] = {"low": _("no pain"), "high": _("worst pain")}
# Those that exercise can bring up, what needs help at once first; all others are one press away,
# and on 'Something is wrong'.
ASKED_EACH_TIME = (
    NewSign.CHEST,
    NewSign.STROKE,
    NewSign.SADDLE,
    NewSign.COLD_FOOT,
    NewSign.CLIMBING,
    NewSign.TENSE_LEG,
    NewSign.WEAKNESS,
    NewSign.NUMB_AREA,
    NewSign.DIZZY,
    NewSign.LOW_SUGAR,
)
MORE_SIGNS = tuple(one for one in NewSign if one not in ASKED_EACH_TIME)
LONGEST_WAIT = 60 * 24 * 60 * 60  # seconds: older answers count as from so long ago


def is_balance_hold(prescription: Prescription) -> bool:
    """What is held for a time on purpose: the gate 'held 20 s' asks for it (brief 3.1)."""
    is_balance = prescription.shown.kind == Kind.BALANCE
    return is_balance and prescription.reps == 1 and prescription.hold_seconds > 0


def choice(label: Any, choices: Any, widget: Any = ChoiceRow, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=widget, **kwargs)


@dataclass(frozen=True)
class ExerciseQuestions:
    """One exercise of the session with its questions; `held` only where a hold counts."""

    row: Prescription
    done: forms.BoundField
    why: forms.BoundField
    held: forms.BoundField | None


class SessionForm(forms.Form):
    """Every question may be left empty, and is then stored as not answered."""

    pain_before = ScaleField(label=_("Pain in your feet now, before you start"), **PAIN_WORDS)
    skin_before = choice(_("How does the skin of both feet look?"), SkinCheck.choices, ChoiceList)
    pain_after = ScaleField(label=_("Pain in your feet now, after the exercises"), **PAIN_WORDS)
    effort = ScaleField(label=_("How hard was it?"), low=_("no effort"), high=_("hardest"))
    settled = choice(_("How long until your feet were as before?"), Settled.choices, ChoiceList)
    feelings = TickedField(
        label=_("What did your feet feel?"), choices=Feeling.choices, none=_("Nothing unusual")
    )
    numb_regions = FootMapField(label=_("Where is it numb?"))
    skin_check = choice(_("Did you look at the skin of both feet?"), SkinCheck.choices, ChoiceList)
    falls = CountField(label=_("Falls since your last session"))
    fall_injury = YesNoField(label=_("If you fell: were you hurt, or did you hit your head?"))
    near_falls = CountField(label=_("Near-falls since your last session"))
    hands = choice(_("How did you hold on while standing?"), Hands.choices)
    glucose = GlucoseField(label=_("Your blood sugar before you started"), required=False)
    new_signs = TickedField(
        label=_("Did any of these happen?"),
        choices=[(one.value, one.label) for one in ASKED_EACH_TIME],
        none=_("None of these"),
    )
    more_signs = TickedField(
        label=_("More signs"),
        choices=[(one.value, one.label) for one in MORE_SIGNS],
        none=_("None of these"),
    )
    stopped = forms.BooleanField(label=_("I stopped because something was wrong."), required=False)
    note = forms.CharField(
        label=_("Anything else for your therapist?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        prescriptions: Sequence[Prescription],
        episode: Episode,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # Numb feet do not tell of a sore: they are looked at first and last (brief 1.6, 3.1).
        self.asks_skin_first = episode.sensation == Sensation.LOST
        self.asks_hands = any(row.shown.is_standing for row in prescriptions)
        self.prescriptions = prescriptions
        self._ask_sugar(episode)
        for prescription in prescriptions:
            self.fields |= _exercise_fields(prescription)

    def _ask_sugar(self, episode: Episode) -> None:
        """Low blood sugar is asked of who is prone to it; the number of who has a meter."""
        self.asks_glucose = episode.asks_sugar and episode.has_glucose_meter
        glucose, signs = self.fields["glucose"], self.fields["new_signs"]
        assert isinstance(glucose, GlucoseField)
        assert isinstance(signs, TickedField)
        glucose.measured_in(episode.clinic.glucose_unit)
        if not episode.asks_sugar:
            signs.leave_out(NewSign.LOW_SUGAR)

    @property
    def exercises(self) -> list[ExerciseQuestions]:
        return [
            ExerciseQuestions(
                row,
                self[f"done_{row.pk}"],
                self[f"why_{row.pk}"],
                self[f"held_{row.pk}"] if is_balance_hold(row) else None,
            )
            for row in self.prescriptions
        ]

    @property
    def done(self) -> dict[UUID, Log]:
        given = self.cleaned_data
        return {
            row.pk: Log(
                given[f"done_{row.pk}"], given.get(f"held_{row.pk}"), given[f"why_{row.pk}"]
            )
            for row in self.prescriptions
        }

    @property
    def answers(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in self.base_fields}
        more = given.pop("more_signs")
        if more:
            given["new_signs"] = [*(given["new_signs"] or []), *more]
        return given


def _exercise_fields(prescription: Prescription) -> dict[str, forms.Field]:
    key = prescription.pk
    found: dict[str, forms.Field] = {
        f"done_{key}": choice(_("Did you do it?"), Done.choices),
        f"why_{key}": choice(_("If not, or not all of it: why?"), WhyNot.choices, ChoiceList),
    }
    if is_balance_hold(prescription):
        found[f"held_{key}"] = forms.TypedChoiceField(
            label=_("How many did you hold for the whole time, with no hand and no step?"),
            choices=[(number, str(number)) for number in range(prescription.sets + 1)],
            coerce=int,
            empty_value=None,
            required=False,
            widget=ChoiceRow,
        )
    return found


class MorningForm(forms.Form):
    """How the feet were the morning after: one question, on the next visit."""

    CHOICES: ClassVar = [(one.value, one.label) for one in MORNING_CHOICES]

    settled = forms.ChoiceField(
        label=_("How long until your feet were as before?"),
        choices=CHOICES,
        widget=ChoiceList,
        error_messages={"required": _("Choose one of the answers.")},
    )


def answers_of(session: Session) -> dict[str, Any]:
    """A stored session as the form's initial values, to be put right."""
    names = [name for name in SessionForm.base_fields if name != "more_signs"]
    found: dict[str, Any] = {name: getattr(session, name) for name in names}
    more = [sign for sign in session.new_signs or [] if sign in MORE_SIGNS]
    found["more_signs"] = more or None
    if found["new_signs"] is not None:
        found["new_signs"] = [one for one in found["new_signs"] if one not in more]
    if found["glucose"] is not None:
        found["glucose"] = in_unit(found["glucose"], session.clinic.glucose_unit)
    for name, nothing in (("feelings", "none"), ("new_signs", "none"), ("numb_regions", "nowhere")):
        if found[name] is not None:
            found[name] = found[name] or [nothing]
    if session.fall_injury is not None:
        found["fall_injury"] = "yes" if session.fall_injury else "no"
    for log in session.exercise_logs.all():
        found |= {
            f"done_{log.prescription_id}": log.done,
            f"held_{log.prescription_id}": log.held,
            f"why_{log.prescription_id}": log.why_not,
        }
    return found


def seconds_taken(text: str) -> int | None:
    """From the first exercise to the end of the last, as the page counted them; None for anything
    else, and for more than a session takes.
    """
    seconds = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None
    return seconds if seconds is not None and seconds <= LONGEST else None


def seconds_waited(text: str) -> int:
    """How long an answer waited on the device, by its own clock: a wrong clock does no harm."""
    return min(int(text[:12]), LONGEST_WAIT) if text.isascii() and text.isdigit() else 0
