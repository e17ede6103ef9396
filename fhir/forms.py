"""Progress forms and measures: what was asked as questionnaires, what was answered to them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fhir import codes
from fhir.care import observation
from fhir.elements import (
    Element,
    Resource,
    absent,
    coding,
    concept,
    filled,
    moment,
    narrative,
    of_uuid,
    part_of,
    quantity,
    remark,
    resource,
    to,
)
from fhir.people import People
from programs.measures.definition import AnsweredBy, Definition
from programs.measures.foot_regions import REGIONS
from programs.measures.item import AnswerKind, Item
from programs.measures.scoring import Score
from programs.models import CheckIn, ProgressFormVersion
from programs.models.measure import Versions
from programs.notation.ask_only_if import Comparison
from programs.notation.question_kinds import QuestionKind

_HL7 = "http://hl7.org/fhir/StructureDefinition"
# Scores with a code that was verified; the others are told in words.
SCORES = {"M1.now": codes.PAIN, "M5": codes.CHAIR_STAND, "M7": codes.UP_AND_GO}
UNITS = {"M1.now": ("{score}", "{score}"), "M5": ("per 30 s", "{#}/(30.s)"), "M7": ("s", "s")}
NOWHERE = "nowhere"


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
        item=_ends(question_key(part["name"]), part.get("low", ""), part.get("high", "")),
    )


def region(key: str) -> Element:
    return {"code": key, "display": str(REGIONS.get(key, NOWHERE))}


def _range(minimum: float | None, maximum: float | None) -> list[Element]:
    bounds = (("minValue", minimum), ("maxValue", maximum))
    return [
        {"url": f"{_HL7}/{name}", **_number("value", value)}
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
        "url": f"{_HL7}/questionnaire-itemControl",
        "valueCodeableConcept": concept("", coding(system, code)),
    }


def _unit(unit: str) -> Element:
    return {"url": f"{_HL7}/questionnaire-unit", "valueCoding": {"display": unit}}


def _ends(key: str, low: str, high: str) -> list[Element]:
    """The words at both ends of a scale."""
    ends = (("lower", low), ("upper", high))
    return [
        {"linkId": f"{key}.{end}", "extension": [_control(end)], "text": words, "type": "display"}
        for end, words in ends
        if words
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
    ends = _ends(key, item.low, item.high) if item.answer is AnswerKind.SCALE else []
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


def of_check_in(
    people: People, check_in: CheckIn, known: Versions, asked: Asked, *, is_replaced: bool
) -> Resource:
    """What was left empty is left away: an answer that nobody gave is none."""
    by, at = _author(people, check_in), moment(check_in.answered_at, people.zone)
    form = str(check_in.form) if check_in.form else ", ".join(_titles(check_in, known))
    items = [
        _answered(known[code, check_in.versions[code]], answers)
        for code, answers in check_in.measures.items()
    ]
    if check_in.form is not None:
        items += _own_answers(check_in)
    return resource(
        "QuestionnaireResponse",
        check_in.pk,
        text=narrative([f"{form}: {check_in.get_answered_with_display().lower()}", check_in.note]),
        extension=_note(check_in, by, at),
        identifier=of_uuid(check_in.pk),
        basedOn=[to("CarePlan", check_in.plan_id)] if check_in.plan_id else None,
        questionnaire=asked.of(check_in),
        status="entered-in-error" if is_replaced else "completed",
        subject=people.itself,
        authored=at,
        author=by,
        source=people.itself,
        item=[item for item in items if item],
    )


def _author(people: People, check_in: CheckIn) -> Element:
    """The patient answers forms; who took an older measure was not written down."""
    if check_in.form_id is not None:
        return people.itself
    return people.who(check_in.taken_by_id) or people.organization


def _titles(check_in: CheckIn, known: Versions) -> list[str]:
    return [known[code, version].title for code, version in check_in.versions.items()]


def _note(check_in: CheckIn, by: Element, at: str) -> list[Element]:
    """R4 has no note on an answered form; R5's is here by extension."""
    if not check_in.note:
        return []
    return [
        {"url": f"{_HL7}/annotation", "valueAnnotation": remark(check_in.note, by, at)},
    ]


def _answered(definition: Definition, answers: Mapping[str, Any]) -> Element:
    items = []
    for item in definition.items:
        items += _item_answers(f"{definition.code}.{item.key}", item, answers.get(item.key))
    return {"linkId": definition.code, "item": items} if items else {}


def _item_answers(key: str, item: Item, answer: Any) -> list[Element]:
    if answer is None or answer in ("", [], {}):
        return []
    if item.answer is AnswerKind.ACTIVITIES:
        return [_activity(key, one) for one in answer]
    if item.answer is AnswerKind.STRENGTH_FREQUENCY:
        words = {"strength": dict(item.choices), "frequency": dict(item.frequencies)}
        parts = [
            _given(f"{key}.{name}", {"valueCoding": _coded(said, words[name])})
            for name, said in answer.items()
            if said
        ]
        return [{"linkId": key, "item": parts}] if parts else []
    return [_given(key, _value(item.answer, answer, dict(item.choices)))]


def _activity(key: str, one: Mapping[str, Any]) -> Element:
    parts = [_given(f"{key}.name", {"valueString": one["name"]})]
    if one.get("score") is not None:
        parts.append(_given(f"{key}.score", {"valueInteger": one["score"]}))
    return {"linkId": key, "item": parts}


def _value(kind: AnswerKind, answer: Any, words: Mapping[str, str]) -> Element:
    if kind is AnswerKind.YES_NO:
        return {"valueBoolean": answer}
    if kind is AnswerKind.CHOICE:
        return {"valueCoding": _coded(answer, words)}
    if kind in {AnswerKind.SCALE, AnswerKind.COUNT}:
        return {"valueInteger": int(answer)}
    return {"valueDecimal": answer}


def _coded(value: str, words: Mapping[str, str]) -> Element:
    return filled(code=value, display=words.get(value, ""))


def _given(key: str, *values: Element) -> Element:
    return {"linkId": key, "answer": list(values)}


def _own_answers(check_in: CheckIn) -> list[Element]:
    assert check_in.form is not None
    found = []
    for part in check_in.form.parts:
        answer = check_in.questions.get(part["name"])
        if part["kind"] != QuestionKind.MEASURE and answer is not None and answer != "":
            values = list(_own_values(QuestionKind(part["kind"]), answer))
            found += [_given(question_key(part["name"]), *values)] if values else []
    return found


def _own_values(kind: QuestionKind, answer: Any) -> Iterator[Element]:
    if kind is QuestionKind.FOOT_MAP:
        yield from ({"valueCoding": region(one)} for one in answer or [NOWHERE])
    elif kind is QuestionKind.MANY_OF:
        yield from ({"valueString": one} for one in answer)
    elif kind is QuestionKind.YES_NO:
        yield {"valueBoolean": answer}
    elif kind is QuestionKind.SCALE:
        yield {"valueInteger": answer}
    elif kind is QuestionKind.NUMBER:
        yield {"valueDecimal": answer}
    else:
        yield {"valueString": answer}


def scores(
    people: People,
    check_in: CheckIn,
    scored: Iterable[Score],
    known: Versions,
    *,
    is_replaced: bool,
) -> Iterator[Resource]:
    """An observation for each score, as it follows from the answers."""
    at = moment(check_in.answered_at, people.zone)
    for score in scored:
        code = score.key.split(".", maxsplit=1)[0]
        definition = known[code, check_in.versions[code]]
        in_clinic = definition.answered_by is AnsweredBy.CLINIC or check_in.taken_by_id
        title = definition.title if score.key == code else f"{definition.title}: {score.label}"
        found = _value_of(score, definition)
        yield observation(
            people,
            part_of(check_in.pk, score.key),
            status="entered-in-error" if is_replaced else "final",
            category=[
                concept("", codes.term("observation-category", "exam" if in_clinic else "survey"))
            ],
            code=concept(title, *([SCORES[score.key]] if score.key in SCORES else [])),
            said=_said(found),
            effectiveDateTime=at,
            performer=[_author(people, check_in)],
            method=concept(check_in.get_answered_with_display()),
            derivedFrom=[to("QuestionnaireResponse", check_in.pk)],
            **found,
        )


def _value_of(score: Score, definition: Definition) -> Element:
    """In its unit; what was answered yes or no is no number."""
    if score.value is None:
        return {"dataAbsentReason": absent("unknown", "Not answered, or not enough to score")}
    kinds = {item.answer for item in _scored(score, definition)}
    if kinds == {AnswerKind.YES_NO} and score.key != definition.code:
        return {"valueBoolean": bool(score.value)}
    unit = ("s", "s") if kinds == {AnswerKind.SECONDS} else ("1", "1")
    return {"valueQuantity": quantity(score.value, *UNITS.get(score.key, unit))}


def _scored(score: Score, definition: Definition) -> list[Item]:
    """Its item, those of its side, or all that a total is made of."""
    part = score.key.partition(".")[2]
    items = [one for one in definition.items if one.key not in definition.scoring.unscored]
    return [one for one in items if part in {one.key, one.side}] or items


def _said(found: Element) -> str:
    if "valueBoolean" in found:
        return "yes" if found["valueBoolean"] else "no"
    if "valueQuantity" not in found:
        return "not answered"
    value, unit = found["valueQuantity"]["value"], found["valueQuantity"]["unit"]
    return f"{value:g}" if unit == "1" else f"{value:g} {unit}"
