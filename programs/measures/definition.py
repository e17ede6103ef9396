from dataclasses import dataclass
from enum import StrEnum


class AnswerKind(StrEnum):
    SCALE = "scale"
    COUNT = "count"
    SECONDS = "seconds"
    YES_NO = "yes_no"
    CHOICE = "choice"
    STRENGTH_FREQUENCY = "strength_frequency"
    ACTIVITIES = "activities"


@dataclass(frozen=True)
class Item:
    key: str
    label: str
    answer: AnswerKind
    minimum: float | None = None
    maximum: float | None = None
    low: str = ""
    high: str = ""
    unit: str = ""
    choices: tuple = ()
    help: str = ""


@dataclass(frozen=True)
class Definition:
    code: str
    patient_title: str
    instructions: str
    items: tuple[Item, ...]
