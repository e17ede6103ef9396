"""Whose care the demo clinic ended last year: enough people for its numbers to be shown."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.demo import DEMO_DOMAIN
from accounts.models import User
from patients.models.episode import FallRisk, Irritability, Nerve, Outcome, Sensation, WalkingAid
from programs.demo.past import Story, make
from programs.demo.people import POLYNEUROPATHY, findings
from programs.models import Measure, Program
from programs.models.alert import Code
from programs.timing.week import WEEK

_FIRST = ["Agnes", "Bruno", "Clara", "Dora", "Emil", "Frida", "Gus", "Hilda", "Ivan", "Judith",
          "Karl", "Lena", "Milan", "Nina", "Otto", "Paula", "Quentin", "Rita", "Stefan", "Thea",
          "Ulrich", "Vera", "Wanda", "Xaver", "Yvonne", "Zora"]  # fmt: skip
_LAST = ["Abbott", "Bauer", "Castillo", "Dunn", "Eriksen", "Flores", "Grant"]

_NUMB = findings(**POLYNEUROPATHY, sensation=Sensation.REDUCED)
_UNSTEADY = _NUMB | {
    "fall_risk": FallRisk.MODERATE,
    "falls_12_months": 1,
    "walking_aid": WalkingAid.CANE,
}
_IRRITATED = findings(irritability=Irritability.MODERATE, nerves=[Nerve.TIBIAL])


@dataclass(frozen=True)
class Group:
    """`people` who began alike. `better`: by how much their pain fell; `done`: so many and up to
    three more sessions of 35 that were due.
    """

    people: int
    program: str
    findings: dict[str, Any]
    outcome: Outcome
    better: int
    done: int
    is_silent: bool = False  # after these


_GROUPS = [
    Group(16, "P1", _NUMB, Outcome.GOALS_MET, 4, 29),
    Group(13, "P3", _UNSTEADY, Outcome.GOALS_MET, 3, 31),
    Group(12, "P4", _IRRITATED, Outcome.NO_CHANGE, 0, 10, is_silent=True),
    Group(11, "P4", _IRRITATED, Outcome.IMPROVED, 3, 24),
]


def build(therapists: list[User], today: dt.date) -> None:
    """Of these in turn, one after the other through the year before this."""
    people = [group for group in _GROUPS for _ in range(group.people)]
    programs = {one.code: one for one in Program.objects.filter(clinic=None)}
    versions = dict(Measure.objects.order_by("version").values_list("code", "version"))
    first = dt.date(today.year - 1, 1, 4)  # so that each quarter has enough people, too
    for turn, therapist in enumerate(therapists):
        stories = [
            _story(number, group, programs[group.program], first + dt.timedelta(weeks=number))
            for number, group in enumerate(people)
            if number % len(therapists) == turn
        ]
        make(therapist, stories, versions)


def _story(number: int, group: Group, program: Program, closed: dt.date) -> Story:
    first_name, last_name = _FIRST[number % len(_FIRST)], _LAST[number % len(_LAST)]
    start, done = 6 + number % 3, group.done + number % 4
    better = group.better and group.better + number * 5 % 7 % 3
    answered = {0: start, 14: start - better // 2, 28: start - better}
    return Story(
        closed=closed,
        program=program,
        weeks=5,
        done=done,
        outcome=group.outcome,
        answers={day: _pain(now) for day, now in answered.items()},
        alerts={done + WEEK: (Code.A15, 2 + number * 7 % 29)} if group.is_silent else {},
        first_name=first_name,
        last_name=last_name,
        born=dt.date(1938 + number * 7 % 32, number % 12 + 1, number * 5 % 28 + 1),
        sex="male" if number % 5 in (1, 3) else "female",
        email=f"{first_name}.{last_name}@{DEMO_DOMAIN}".lower(),
        findings=group.findings,
        title=program.title,
    )


def _pain(now: int) -> dict[str, Any]:
    return {"M1": {"now": now, "average": now, "worst": min(10, now + 1)}}
