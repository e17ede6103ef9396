"""How each demo patient's sessions go. Repeatable: the same person has the same story each time."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from programs.models.session import NewSign, Settled, SkinCheck

Answers = dict[str, Any]


@dataclass(frozen=True)
class Moment:
    """A due day of a story.

    `share` of the way through (0 to 1), `left` calendar days before today, and `nth` counted from
    the latest due day as 0.
    """

    share: float
    left: int
    nth: int
    dice: random.Random


def improving(moment: Moment) -> Answers | None:
    """Pain falls from 6 to 2 over the weeks; most sessions are done."""
    if moment.dice.random() < 0.12:
        return None
    before = round(6 - 4 * moment.share + moment.dice.choice([-1, 0, 0, 1]))
    after = max(0, before + moment.dice.choice([-1, -1, 0, 1]))
    return _quiet(
        before, after, feelings=["tingling"] + (["burning"] if moment.share < 0.5 else [])
    )


def steady(moment: Moment) -> Answers | None:
    """Little pain, good balance sessions, skin looked at each time."""
    if moment.dice.random() < 0.15:
        return None
    return _quiet(2, 2, effort=moment.dice.choice([3, 4, 4]), feelings=["numb", "cotton"])


def calm(moment: Moment) -> Answers | None:
    if moment.dice.random() < 0.1:
        return None
    before = 3 if moment.share < 0.4 else 1
    return _quiet(before, before, feelings=["pins"])


def patchy(moment: Moment) -> Answers | None:
    """Done on fewer than half of the days, and answers left out."""
    if moment.dice.random() < 0.6:
        return None
    answers = _quiet(4, 4, feelings=["burning", "tingling"])
    if moment.dice.random() < 0.4:
        answers |= {"pain_after": None, "effort": None, "settled": ""}
    return answers


def silent(moment: Moment) -> Answers | None:
    """Fine, and then no log for nine days."""
    return None if moment.left < 9 else improving(moment)


def flare(moment: Moment) -> Answers | None:
    """Going well until the latest session: pain jumped after the exercises."""
    if moment.nth == 0:
        return _quiet(3, 8, settled=Settled.NOT_YET) | {
            "effort": 8,
            "feelings": ["burning", "stabbing"],
            "note": "It shot into my heel and has not let go.",
        }
    return None if moment.nth == 1 else improving(moment)


def next_morning(moment: Moment) -> Answers | None:
    """Amber on the way, and the latest session was still felt the next morning."""
    answers = improving(moment)
    if moment.nth == 0:
        return _quiet(4, 6, settled=Settled.NEXT_MORNING) | {"note": "Sore until breakfast."}
    if answers and moment.nth in (4, 6):
        answers |= {"pain_before": 3, "pain_after": 6, "settled": Settled.BY_MORNING}
    return answers


def near_falls(moment: Moment) -> Answers | None:
    """Balance work; near-falls in the last two sessions. Told in Spanish, as Rosa speaks."""
    answers = steady(moment)
    if answers is None and moment.nth in (0, 1):
        answers = _quiet(2, 2)
    if answers and moment.nth in (0, 1):
        answers |= {"near_falls": 1, "note": "Me agarré a tiempo de la barra de la cocina."}
    return answers


def new_sign(moment: Moment) -> Answers | None:
    """Two days ago the foot began to drop."""
    if moment.left < 2:
        return None
    if moment.left == 2:
        return _quiet(4, 4) | {"new_signs": [NewSign.WEAKNESS], "note": "My toes catch on the rug."}
    return improving(moment)


def nothing(moment: Moment) -> Answers | None:
    return None


STORIES: dict[str, Callable[[Moment], Answers | None]] = {
    "improving": improving,
    "steady": steady,
    "calm": calm,
    "patchy": patchy,
    "silent": silent,
    "flare": flare,
    "next_morning": next_morning,
    "near_falls": near_falls,
    "red_flag": new_sign,
    "discharged": improving,
    "new": nothing,
    "invited": nothing,
}


def _quiet(
    before: int,
    after: int,
    *,
    effort: int = 4,
    settled: str = Settled.MINUTE,
    feelings: list[str] | None = None,
) -> Answers:
    """A session with nothing new."""
    return {
        "pain_before": before,
        "pain_after": after,
        "effort": effort,
        "settled": settled,
        "feelings": feelings or [],
        "skin_check": SkinCheck.FINE,
        "falls": 0,
        "near_falls": 0,
        "new_signs": [],
    }


# Of a story, by days after the first visit, what was measured in the clinic.
MEASURED: dict[str, dict[int, dict[str, Answers]]] = {
    "improving": {
        0: {
            "M5": {"stands": 10, "over_half_way": False, "arms_used": False},
            "M7": {"seconds": 10.8},
            "M8": {"right_1": 6.2, "right_2": 9.4, "left_1": 14.8, "left_2": 17.1},
            "M9": {
                "right_big_toe": 3,
                "right_first_met": 3,
                "right_fifth_met": 2,
                "left_big_toe": 3,
                "left_first_met": 3,
                "left_fifth_met": 3,
            },
        },
        21: {
            "M5": {"stands": 12, "over_half_way": True, "arms_used": False},
            "M7": {"seconds": 9.3},
            "M8": {"right_1": 11.9, "right_2": 12.6, "left_1": 22.4},
        },
    },
}
