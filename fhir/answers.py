"""What was answered to forms and measures, and the scores that follow from it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fhir import codes
from fhir.care import observation
from fhir.elements import (
    Element,
    Resource,
    absent,
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
from fhir.questionnaires import NOWHERE, Asked, question_key, region
from programs.measures.definition import AnsweredBy, Definition
from programs.measures.item import AnswerKind, Item
from programs.measures.scoring import Score
from programs.models import CheckIn
from programs.models.measure import Versions
from programs.notation.question_kinds import QuestionKind

_NOTE = "http://hl7.org/fhir/StructureDefinition/note"  # of HL7's extensions
# Scores with a code that was verified; the others are told in words.
SCORES = {"M1.now": codes.PAIN, "M5": codes.CHAIR_STAND, "M7": codes.UP_AND_GO}
UNITS = {"M1.now": ("{score}", "{score}"), "M5": ("per 30 s", "{#}/(30.s)"), "M7": ("s", "s")}


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
    """R4 has no note on an answered form."""
    if not check_in.note:
        return []
    return [{"url": _NOTE, "valueAnnotation": remark(check_in.note, by, at)}]


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
