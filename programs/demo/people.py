"""The demo clinics' patients: invented people, each in a different state."""

from dataclasses import dataclass, field
from typing import Any

from patients.models.episode import (
    BodySide,
    Cause,
    FallRisk,
    Irritability,
    Nerve,
    Outcome,
    Sensation,
    WalkingAid,
)


@dataclass(frozen=True)
class DemoPatient:
    """`story` names how the sessions go (programs.demo.stories), `weeks` how long ago it began."""

    first_name: str
    last_name: str
    born: str
    sex: str
    therapist: str
    story: str
    weeks: int = 0
    program: str = ""
    phase: int = 1
    language: str = "en"
    record_number: str = ""
    login: bool = True
    outcome: str = ""
    note: str = ""
    episode: dict[str, Any] = field(default_factory=dict)


def findings(**changed: Any) -> dict[str, Any]:
    """An episode's findings: calm ones, unless changed."""
    return {
        "cause": Cause.ENTRAPMENT,
        "nerves": [Nerve.TIBIAL],
        "side": BodySide.RIGHT,
        "sensation": Sensation.INTACT,
        "irritability": Irritability.LOW,
        "fall_risk": FallRisk.LOW,
        "falls_12_months": 0,
        "walking_aid": WalkingAid.NONE,
        "helper_at_home": True,
        "precautions": "",
        **changed,
    }


POLYNEUROPATHY = {"cause": Cause.DIABETES, "nerves": [Nerve.MANY], "side": BodySide.BOTH}

PEOPLE = [
    DemoPatient(
        "Ana", "Reyes", "1956-03-14", "female", "Priya", "improving", 6, "P4", 3,
        language="es", record_number="F-1001",
        note="Va usted muy bien. Haga los movimientos pequeños y suaves.",
        episode=findings(irritability=Irritability.MODERATE),
    ),
    DemoPatient(
        "Walter", "Lindqvist", "1949-11-02", "male", "Priya", "new", 0, "P1", 1,
        record_number="F-1002", note="Welcome. Start slowly, and stop at the first mild pull.",
        episode=findings(cause=Cause.BACK, nerves=[Nerve.SCIATIC], side=BodySide.LEFT),
    ),
    DemoPatient(
        "Maria", "Kowalska", "1953-07-21", "female", "Priya", "flare", 4, "P4", 2,
        record_number="F-1003", episode=findings(irritability=Irritability.MODERATE),
    ),
    DemoPatient(
        "Tomas", "Brandt", "1961-01-30", "male", "Priya", "next_morning", 3, "P5", 2,
        record_number="F-1004",
        episode=findings(nerves=[Nerve.SUPERFICIAL_FIBULAR], side=BodySide.LEFT),
    ),
    DemoPatient(
        "Grace", "Adeyemi", "1947-05-09", "female", "Priya", "steady", 6, "P3", 2,
        record_number="F-1005",
        episode=findings(
            **POLYNEUROPATHY,
            sensation=Sensation.LOST,
            fall_risk=FallRisk.MODERATE,
            falls_12_months=1,
        ),
    ),
    DemoPatient(
        "Leon", "Fischer", "1958-09-17", "male", "Priya", "silent", 5, "P1", 2,
        record_number="F-1006",
        episode=findings(**POLYNEUROPATHY, sensation=Sensation.REDUCED),
    ),
    DemoPatient(
        "Helen", "Marsh", "1944-12-12", "female", "Priya", "discharged", 6, "P6", 3,
        record_number="F-1007", outcome=Outcome.GOALS_MET,
        episode=findings(
            **POLYNEUROPATHY, fall_risk=FallRisk.HIGH, walking_aid=WalkingAid.CANE
        ),
    ),
    DemoPatient(
        "Samuel", "Osei", "1970-04-25", "male", "Priya", "calm", 5, "P2", 4,
        record_number="F-1008",
        episode=findings(cause=Cause.TRAUMA, nerves=[Nerve.COMMON_FIBULAR], side=BodySide.LEFT),
    ),
    DemoPatient(
        "Rosa", "Delgado", "1951-08-03", "female", "Tom", "near_falls", 4, "P6", 1,
        language="es", record_number="F-1009",
        episode=findings(
            **POLYNEUROPATHY,
            sensation=Sensation.REDUCED,
            fall_risk=FallRisk.HIGH,
            falls_12_months=2,
            walking_aid=WalkingAid.CANE,
        ),
    ),
    DemoPatient(
        "Peter", "Novak", "1966-02-19", "male", "Tom", "patchy", 6, "P1", 2,
        record_number="F-1010", episode=findings(nerves=[Nerve.PLANTAR], side=BodySide.BOTH),
    ),
    DemoPatient(
        "June", "Whitaker", "1955-10-27", "female", "Tom", "invited", 0,
        record_number="F-1011", login=False,
        episode=findings(cause=Cause.CHEMOTHERAPY, nerves=[Nerve.MANY], side=BodySide.BOTH),
    ),
    DemoPatient(
        "Victor", "Hale", "1960-06-06", "male", "Tom", "red_flag", 2, "P1", 1,
        record_number="F-1012",
        episode=findings(cause=Cause.BACK, nerves=[Nerve.SCIATIC], side=BodySide.RIGHT),
    ),
]  # fmt: skip

# Of the other clinic, whose people nobody of the first one sees.
ELSEWHERE = [
    DemoPatient(
        "Esther", "Lund", "1950-02-11", "female", "Marcus", "improving", 4, "P4", 2,
        record_number="L-0101", episode=findings(irritability=Irritability.MODERATE),
    ),
    DemoPatient(
        "Hector", "Ramos", "1946-09-05", "male", "Marcus", "steady", 3, "P3", 1,
        language="es", record_number="L-0102",
        note="Empiece despacio y sujétese siempre.",
        episode=findings(
            **POLYNEUROPATHY, sensation=Sensation.REDUCED, fall_risk=FallRisk.MODERATE
        ),
    ),
    DemoPatient(
        "Ida", "Novak", "1959-12-20", "female", "Marcus", "new", 0, "P1", 1,
        record_number="L-0103", episode=findings(),
    ),
]  # fmt: skip
