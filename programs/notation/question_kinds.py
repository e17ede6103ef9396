"""What a part of a progress form is. The page's blocks, fields, conditions and answers go by it."""

from enum import StrEnum


class QuestionKind(StrEnum):
    """A measure of the library, or how a question of the form's own is answered.

    Versions that were answered keep these values: none is ever changed.
    """

    MEASURE = "measure"
    SCALE = "scale"
    NUMBER = "number"
    ONE_OF = "one_of"
    MANY_OF = "many_of"
    YES_NO = "yes_no"
    TEXT = "text"
    FOOT_MAP = "foot_map"
