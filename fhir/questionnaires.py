"""What is asked: progress forms in their versions, and measures, as questionnaires."""

from collections.abc import Iterable, Mapping
from typing import Any

from fhir.elements import Element, Resource, coding, concept, filled, narrative, resource
from programs.measures.definition import Definition
from programs.measures.foot_regions import REGIONS
from programs.measures.item import AnswerKind, Item
from programs.models import CheckIn, ProgressFormVersion
from programs.models.measure import Versions
from programs.notation.ask_only_if import Comparison
from programs.notation.question_kinds import QuestionKind

HL7 = "http://hl7.org/fhir/StructureDefinition"
CONTROL, UNIT = f"{HL7}/questionnaire-itemControl", f"{HL7}/questionnaire-unit"
NOWHERE, HELP = "nowhere", "help"
OURS = "/fhir/Questionnaire/form-"  # in the address of each form of a Footing


class Asked:
    """Names of forms: a version of a progress form, or a measure that a therapist took."""

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def address(self, key: str, version: int) -> str:
        return f"{self.origin}/fhir/Questionnaire/{key}|{version}"

    def of(self, check_in: CheckIn) -> str | None:
        """None where several measures were taken at once: such a one answers no single form."""
        if check_in.form is not None:
            return self.address(form_key(check_in.form), check_in.form.number)
        if len(check_in.versions) == 1:
            ((code, version),) = check_in.versions.items()
            return self.address(measure_key(code), version)
        return None


def form_key(version: ProgressFormVersion) -> str:
    return f"form-{version.form_id}"


def measure_key(code: str) -> str:
    return f"measure-{code}"


def _questionnaire(
    origin: str, key: str, version: int, title: str, items: list[Element], note: str = ""
) -> Resource:
    name = "".join(word.capitalize() for word in key.replace("-", " ").split())
    return resource(
        "Questionnaire",
        f"{key}-{version}",
        text=narrative([f"{title}, version {version}", note]),
        url=f"{origin}/fhir/Questionnaire/{key}",
        version=str(version),
        name=name,
        title=title,
        status="active",
        subjectType=["Patient"],
        description=note,
        item=items,
    )


def of_form(version: ProgressFormVersion, known: Versions, origin: str) -> Resource:
    """A version of a progress form as it was answered."""
    content = version.content
    kinds = {part["name"]: QuestionKind(part["kind"]) for part in version.parts}
    items = [_part(part, known, kinds) for part in version.parts]
    return _questionnaire(
        origin, form_key(version), version.number, content["title"], items, content["intro"]
    )


def of_measure(definition: Definition, origin: str) -> Resource:
    """A measure that is taken by itself."""
    key, items = measure_key(definition.code), [measure_item(definition)]
    return _questionnaire(origin, key, definition.version, definition.title, items)


def _part(part: Mapping[str, Any], known: Versions, kinds: Mapping[str, QuestionKind]) -> Element:
    if part["kind"] == QuestionKind.MEASURE:
        item = measure_item(known[part["measure"], part["version"]])
    else:
        item = _own_question(part)
    if part["only_if"]:
        item |= _only_if(part["only_if"], kinds)
    return item


def question_key(name: str) -> str:
    return f"q.{name}"


_TYPES = {
    QuestionKind.SCALE: "integer",
    QuestionKind.NUMBER: "decimal",
    QuestionKind.ONE_OF: "choice",
    QuestionKind.MANY_OF: "choice",
    QuestionKind.YES_NO: "boolean",
    QuestionKind.TEXT: "text",
    QuestionKind.FOOT_MAP: "choice",
}


def _own_question(part: Mapping[str, Any]) -> Element:
    kind = QuestionKind(part["kind"])
    extensions: list[Element] = []
    options: list[Element] = []
    if kind is QuestionKind.SCALE:
        extensions = [*_range(0, 10), _control("slider")]
    elif kind is QuestionKind.NUMBER:
        extensions = [*_range(part["minimum"], part["maximum"]), _unit(part["unit"])]
    elif kind in {QuestionKind.ONE_OF, QuestionKind.MANY_OF}:
        options = [{"valueString": one} for one in part["options"]]
    elif kind is QuestionKind.FOOT_MAP:
        options = [{"valueCoding": region(key)} for key in (*REGIONS, NOWHERE)]
    return filled(
        linkId=question_key(part["name"]),
        extension=extensions,
        text=part["text"],
        type=_TYPES[kind],
        repeats=True if kind in {QuestionKind.MANY_OF, QuestionKind.FOOT_MAP} else None,
        answerOption=options,
        item=_hints(
            question_key(part["name"]),
            lower=part.get("low"),
            upper=part.get("high"),
            help=part.get("help"),
        ),
    )


def region(key: str) -> Element:
    return {"code": key, "display": str(REGIONS.get(key, key))}


def _range(minimum: float | None, maximum: float | None) -> list[Element]:
    bounds = (("minValue", minimum), ("maxValue", maximum))
    return [
        {"url": f"{HL7}/{name}", **_number("value", value)}
        for name, value in bounds
        if value is not None
    ]


def _number(name: str, value: float) -> Element:
    is_whole = isinstance(value, int) or value.is_integer()
    return {f"{name}Integer": int(value)} if is_whole else {f"{name}Decimal": value}


def _control(code: str) -> Element:
    """How it is answered on a screen, as SDC says it."""
    system = "http://hl7.org/fhir/questionnaire-item-control"
    return {
        "url": CONTROL,
        "valueCodeableConcept": concept("", coding(system, code)),
    }


def _unit(unit: str) -> Element:
    return {"url": UNIT, "valueCoding": {"display": unit}}


def _hints(key: str, **words: str | None) -> list[Element]:
    """Words beside a question: at both ends of a scale, and of help."""
    return [
        {"linkId": f"{key}.{name}", "extension": [_control(name)], "text": said, "type": "display"}
        for name, said in words.items()
        if said
    ]


_OPERATORS = {Comparison.AT_LEAST: ">=", Comparison.AT_MOST: "<="}


def _only_if(condition: Mapping[str, Any], kinds: Mapping[str, QuestionKind]) -> Element:
    kind, value = kinds[condition["name"]], condition["value"]
    if kind is QuestionKind.YES_NO:
        answer: Element = {"answerBoolean": str(value).lower() == "yes"}
    elif kind is QuestionKind.SCALE:
        answer = {"answerInteger": value}
    elif kind is QuestionKind.NUMBER:
        answer = {"answerDecimal": value}
    elif kind is QuestionKind.FOOT_MAP:
        answer = {"answerCoding": region(value)}
    else:
        answer = {"answerString": value}
    operator = _OPERATORS.get(Comparison(condition["test"]), "=")
    when = {"question": question_key(condition["name"]), "operator": operator, **answer}
    return {"enableWhen": [when]}


def measure_item(definition: Definition) -> Element:
    """A group. Words of an instrument that may not be shipped are left away: only its total is."""
    shown = definition.shipped
    return filled(
        linkId=definition.code,
        text=definition.title,
        type="group",
        item=[_item(definition.code, item, shown=shown) for item in definition.items],
    )


_ITEM_TYPES = {
    AnswerKind.SCALE: "integer",
    AnswerKind.COUNT: "integer",
    AnswerKind.NUMBER: "decimal",
    AnswerKind.SECONDS: "decimal",
    AnswerKind.YES_NO: "boolean",
    AnswerKind.CHOICE: "choice",
    AnswerKind.STRENGTH_FREQUENCY: "group",
    AnswerKind.ACTIVITIES: "group",
}


def _item(code: str, item: Item, *, shown: bool) -> Element:
    key = f"{code}.{item.key}"
    parts: list[Element] = []
    if item.answer is AnswerKind.STRENGTH_FREQUENCY:
        parts = [
            _choice(f"{key}.strength", "How strong", item.choices),
            _choice(f"{key}.frequency", "How often", item.frequencies),
        ]
    elif item.answer is AnswerKind.ACTIVITIES:
        limits = _range(item.minimum, item.maximum)
        parts = [
            {"linkId": f"{key}.name", "text": "Activity", "type": "string"},
            {"linkId": f"{key}.score", "text": "Score", "type": "integer", "extension": limits},
        ]
    is_number = item.answer in {
        AnswerKind.SCALE,
        AnswerKind.COUNT,
        AnswerKind.NUMBER,
        AnswerKind.SECONDS,
    }
    extensions = _range(item.minimum, item.maximum) if is_number else []
    extensions += [_control("slider")] if item.answer is AnswerKind.SCALE else []
    extensions += [_unit(item.unit)] if item.unit else []
    choices = item.choices if item.answer is AnswerKind.CHOICE else ()
    ends = _hints(key, lower=item.low, upper=item.high) if item.answer is AnswerKind.SCALE else []
    return filled(
        linkId=key,
        extension=extensions,
        text=item.label if shown else None,
        type=_ITEM_TYPES[item.answer],
        repeats=True if item.answer is AnswerKind.ACTIVITIES else None,
        answerOption=_options(choices),
        item=[*parts, *ends],
    )


def _choice(key: str, text: str, choices: Iterable[tuple[str, str]]) -> Element:
    return {"linkId": key, "text": text, "type": "choice", "answerOption": _options(choices)}


def _options(choices: Iterable[tuple[str, str]]) -> list[Element]:
    return [{"valueCoding": {"code": value, "display": words}} for value, words in choices]
