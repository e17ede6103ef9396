"""The red-flag questions: when to seek care (brief 1.9, tiers A to C)."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Tier(StrEnum):
    EMERGENCY = "A"
    SAME_DAY = "B"
    WITHIN_DAYS = "C"

    @property
    def label(self) -> str:
        words = {"A": _("Emergency now"), "B": _("Same day"), "C": _("Within days")}
        return str(words[self.value])


@dataclass(frozen=True)
class RedFlag:
    """A sign to ask for, how urgent it is, and what to do."""

    code: str
    tier: Tier
    label: str
    action: str | Promise


RED_FLAGS = [
    RedFlag(
        "stroke",
        Tier.EMERGENCY,
        "Sudden numbness or weakness of face, arm or leg, trouble speaking, sudden loss of sight "
        "or balance, or sudden severe headache",
        _("Call the emergency number, note when they were last well. No exercise."),
    ),
    RedFlag(
        "cauda_equina",
        Tier.EMERGENCY,
        "Back or leg pain with saddle or genital numbness, new bladder, bowel or sexual problem, "
        "or weakness or pain in both legs",
        _("To the emergency department, MRI pathway."),  # greenhalgh2018
    ),
    RedFlag(
        "limb_ischemia",
        Tier.EMERGENCY,
        "Suddenly painful, pale, blue or cold leg, no pulse, numb or cannot move",
        _("Acute limb ischemia: no delay."),
    ),
    RedFlag(
        "compartment",
        Tier.EMERGENCY,
        "Tense, severe leg pain after an injury or cast with numbness, worse on moving the toes",
        _("Compartment syndrome: no delay."),
    ),
    RedFlag(
        "ascending",
        Tier.EMERGENCY,
        "Weakness or numbness climbing over hours or days, face, swallowing or breathing trouble, "
        "or new clumsy hands with unsteady walking and a band feeling",
        _("Guillain-Barré or spinal cord: no delay."),
    ),
    RedFlag(
        "foot_lesion",
        Tier.SAME_DAY,
        "Foot wound, blister, ulcer, black or blue area, pus, spreading redness, fever, or a hot, "
        "red, swollen foot even without pain",
        _("To the foot or diabetes service. No weight-bearing exercise."),
    ),
    RedFlag(
        "new_weakness",
        Tier.SAME_DAY,
        "New foot drop or clear new weakness, numbness right after an injury, a fall with injury "
        "or head strike, or one calf swollen and sore",
        _("To a physician."),
    ),
    RedFlag(
        "spreading",
        Tier.WITHIN_DAYS,
        "Numbness spreading fast, on one side only or in the hands, repeated falls, foot pain at "
        "night or at rest, weight loss, fever or a history of cancer",
        _("To a physician."),
    ),
]
