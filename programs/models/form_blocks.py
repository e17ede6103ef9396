"""What a progress form is made of: measures of the library and questions of one's own."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError

from programs.models.measure import Measure
from programs.notation import ask_only_if
from programs.notation.question_kinds import QuestionKind


def measures_at_home() -> list[tuple[str, str]]:
    """Those that a patient answers at home, alone or with a helper, in words of ours."""
    newest = {row.code: row for row in Measure.objects.filter(shipped=True).order_by("version")}
    at_home = [row for row in newest.values() if row.definition.get("answered_by") != "clinic"]
    return [(row.code, str(row)) for row in sorted(at_home, key=lambda row: int(row.code[1:]))]


class _Asked(blocks.StructBlock):
    """What every part has: a name that conditions use, and such a condition."""

    name = blocks.RegexBlock(
        r"^[a-z][a-z0-9_]{0,29}$",
        required=False,
        help_text="A short name, such as pain; needed only if a later question depends on it.",
        error_messages={"invalid": "Small letters, digits and _ only, such as pain_now."},
    )
    only_if = blocks.CharBlock(
        required=False, max_length=120, label="Ask only if", help_text=ask_only_if.EXAMPLES
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "only_if"):  # after the question itself
            self.child_blocks.move_to_end(name)


class MeasureBlock(_Asked):
    measure = blocks.ChoiceBlock(choices=measures_at_home)

    class Meta:
        icon = "form"
        label = "Measure of the library"


class _Question(_Asked):
    text = blocks.CharBlock(max_length=200, label="Question")
    help = blocks.CharBlock(max_length=200, required=False, label="A word of help")


class ScaleBlock(_Question):
    low = blocks.CharBlock(max_length=40, label="0 is", default="not at all")
    high = blocks.CharBlock(max_length=40, label="10 is", default="worst")

    class Meta:
        icon = "order"
        label = "Scale 0 to 10"


class NumberBlock(_Question):
    unit = blocks.CharBlock(max_length=20, help_text="Such as minutes or steps.")
    minimum = blocks.IntegerBlock(default=0)
    maximum = blocks.IntegerBlock(default=100)

    class Meta:
        icon = "order"
        label = "Number with a unit"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["minimum"] >= cleaned["maximum"]:
            raise blocks.StructBlockValidationError(
                {"maximum": ValidationError("Larger than the smallest number.")}
            )
        return cleaned


class ChoiceQuestionBlock(_Question):
    options = blocks.ListBlock(blocks.CharBlock(max_length=80), min_num=2, max_num=12)


class OneOfBlock(ChoiceQuestionBlock):
    class Meta:
        icon = "radio-full"
        label = "One of several"


class ManyOfBlock(ChoiceQuestionBlock):
    class Meta:
        icon = "check"
        label = "Several of many"


class YesNoBlock(_Question):
    class Meta:
        icon = "tick"
        label = "Yes or no"


class TextBlock(_Question):
    class Meta:
        icon = "pilcrow"
        label = "A few words"


class FootMapBlock(_Question):
    class Meta:
        icon = "view"
        label = "Foot map: where"


class FormBody(blocks.StreamBlock):
    """In order; a condition looks back at what came before it. Named as in QuestionKind."""

    measure = MeasureBlock()
    scale = ScaleBlock()
    number = NumberBlock()
    one_of = OneOfBlock()
    many_of = ManyOfBlock()
    yes_no = YesNoBlock()
    text = TextBlock()
    foot_map = FootMapBlock()

    class Meta:
        min_num = 1

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors = dict(_faults([(QuestionKind(block.block_type), block.value) for block in cleaned]))
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned


def _faults(parts: list[tuple[QuestionKind, Mapping[str, Any]]]) -> Any:
    """Block number and error, for names used twice and conditions that can't be asked."""
    known: dict[str, QuestionKind] = {}
    measures: set[str] = set()
    for number, (kind, value) in enumerate(parts):
        name = value.get("name") or ""
        if name in known:
            yield number, _fault("name", "Another question has this name.")
        if kind == QuestionKind.MEASURE and value["measure"] in measures:
            yield number, _fault("measure", "This measure is in the form already.")
        measures |= {value["measure"]} if kind == QuestionKind.MEASURE else set()
        if text := value.get("only_if"):
            try:
                ask_only_if.parse(text, known)
            except ValueError as error:
                yield number, _fault("only_if", str(error))
        if name and kind != QuestionKind.MEASURE:
            known[name] = kind


def _fault(field: str, words: str) -> ValidationError:
    return blocks.StructBlockValidationError({field: ValidationError(words)})
