"""A questionnaire of somebody else, read as a progress form: FHIR R4 with the hints of SDC.

What a form of ours can't ask is left out and said, never taken over as something else.
"""

import json
import math
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from fhir.elements import written
from fhir.questionnaires import CONTROL, HELP, HL7, NOWHERE, OURS, UNIT, question_key
from patients.incoming import UnreadableError
from programs.measures.foot_regions import REGIONS
from programs.models.form_blocks import measures_at_home
from programs.notation import ask_only_if
from programs.notation.question_kinds import QuestionKind

LARGEST = 500_000  # characters
MOST_QUESTIONS = 100
_DEEPEST = 5  # groups in groups
HIDDEN = f"{HL7}/questionnaire-hidden"
CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
_NO_FHIR = "This is no Questionnaire of FHIR R4."
_WORDS = {"string": QuestionKind.TEXT, "text": QuestionKind.TEXT, "boolean": QuestionKind.YES_NO}
_LIMITS = {">=": "at least", "<=": "at most"}
_SCALE = (0, 10)  # the ends of ours
_MOST_OPTIONS, _FEWEST_OPTIONS, _LONGEST_OPTION = 12, 2, 80
_LONGEST_TITLE, _LONGEST_INTRO = 120, 500
# Letters, as the fields of a form take them (`programs.models.form_blocks`).
_LONGEST = {"text": 200, "help": 200, "low": 40, "high": 40, "unit": 20}

Block = dict[str, Any]


@dataclass
class Incoming:
    """What was read. `body` is a stream as Wagtail keeps it; `remarks` are about what differs from
    the file, each with the words of its question.
    """

    title: str
    code: str
    intro: str
    body: list[Block] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def questions(self) -> list[str]:
        """In short: its words, or which measure."""
        measures = dict(measures_at_home())
        return [
            measures.get(one["value"].get("measure", ""), one["value"].get("text", ""))
            for one in self.body
        ]


def read(text: str) -> Incoming:
    """Raises UnreadableError for a text that is no Questionnaire."""
    from pydantic import ValidationError  # noqa: PLC0415 - as in `fhir.incoming`

    from fhir.resources.R4B.questionnaire import Questionnaire  # noqa: PLC0415

    if len(text) > LARGEST:
        raise UnreadableError("The form is too large.")
    try:
        said = json.loads(text)
        if not isinstance(said, dict) or said.get("resourceType") != "Questionnaire":
            raise UnreadableError(_NO_FHIR)
        said.pop("contained", None)
        Questionnaire.model_validate(said)
    except ValidationError as error:
        where = ".".join(str(one) for one in error.errors()[0]["loc"])
        raise UnreadableError(f"{_NO_FHIR} Wrong: {written(where)[:100]}") from error
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise UnreadableError(_NO_FHIR) from error
    return _Reader(said).incoming


class _Reader:
    def __init__(self, said: Mapping[str, Any]) -> None:
        title = _text(said.get("title") or said.get("name"))
        slug = re.sub(r"[^a-z0-9]+", "-", (_text(said.get("name")) or title).lower()).strip("-")
        intro = _text(said.get("description"))
        self.incoming = Incoming(
            title[:_LONGEST_TITLE], slug[:30] or "form", intro[:_LONGEST_INTRO]
        )
        if len(title) > _LONGEST_TITLE or len(intro) > _LONGEST_INTRO:
            self.incoming.remarks.append("Its title or introduction is cut: they are too long.")
        # A code means a measure of ours in a form that was ours: elsewhere it is any name.
        is_ours = OURS in _text(said.get("url"))
        self._measures = dict(measures_at_home()) if is_ours else {}
        self._is_ours = is_ours
        self._kinds: dict[str, QuestionKind] = {}  # of names, of those that came before
        self._options: dict[str, dict[str, str]] = {}  # by linkId: words by code
        self._names: dict[str, str] = {}  # by linkId
        items = said.get("item") or []
        self._asked = set(_conditions(items))
        for one in items:
            self._item(one, 0)
        if len(self.incoming.body) > MOST_QUESTIONS:
            raise UnreadableError(f"More than {MOST_QUESTIONS} questions: no patient answers them.")
        if not self.incoming.body:
            raise UnreadableError("None of its questions can be asked here.")

    def _remark(self, item: Mapping[str, Any], words: str) -> None:
        name = _text(item.get("text")) or _text(item.get("linkId"))
        self.incoming.remarks.append(f"“{name[:80]}”: {words}")

    def _item(self, item: Mapping[str, Any], depth: int) -> None:
        if _is_silent(item):
            self._remark(item, "left out: it is hidden, computed, or not for who answers.")
            return
        if item["type"] == "group":
            self._group(item, depth)
            return
        try:
            kind, value = self._question(item)
        except _LeftOutError as error:
            self._remark(item, str(error))
            return
        for child in item.get("item") or []:
            if not _is_hint(child):
                self._remark(child, "left out: it stands inside of another question.")
        only_if = self._only_if(item)  # before it has a name: it can't ask about itself
        value |= {"name": self._name(item, kind), "only_if": only_if}
        for name, longest in _LONGEST.items():
            if len(str(value.get(name, ""))) > longest:
                self._remark(item, f"longer than {longest} letters: shorten it.")
        if item.get("required"):
            self._remark(item, "may be left open here, as every question may.")
        if item.get("initial"):
            self._remark(item, "begins without an answer here.")
        self._add(kind, value)

    def _add(self, kind: QuestionKind, value: Block) -> None:
        block = {"type": kind.value, "value": value, "id": str(uuid.uuid4())}
        self.incoming.body.append(block)

    def _group(self, item: Mapping[str, Any], depth: int) -> None:
        """A measure of ours by its name; of any other the questions, one after the other."""
        code = _text(item.get("linkId"))
        if code in self._measures:
            only_if = self._only_if(item)
            if any(one["value"].get("measure") == code for one in self.incoming.body):
                self._remark(item, "left out: the measure is in the form already.")
            else:
                self._add(QuestionKind.MEASURE, {"measure": code, "name": "", "only_if": only_if})
            return
        if self._is_ours and re.fullmatch(r"[MX]\d{1,3}", code):
            self._remark(item, "left out: not a measure that patients answer at home here.")
            return
        if depth >= _DEEPEST:
            self._remark(item, "left out: groups in groups, too deep.")
            return
        if words := _text(item.get("text")):
            self.incoming.remarks.append(f"The heading “{words[:80]}” is left out.")
        conditions = item.get("enableWhen") or []
        for one in item.get("item") or []:
            both = [*conditions, *(one.get("enableWhen") or [])]
            self._item(dict(one) | {"enableWhen": both}, depth + 1)

    def _question(self, item: Mapping[str, Any]) -> tuple[QuestionKind, Block]:
        """Raises _LeftOutError."""
        asked = item["type"]
        text = _text(item.get("text"))
        if not text:
            raise _LeftOutError("left out: it has no words.")
        value: Block = {"text": text, "help": _hint(item, HELP)}
        if asked in _WORDS:
            return _WORDS[asked], value
        if asked in {"integer", "decimal", "quantity"}:
            return self._number(item, value)
        if asked in {"choice", "open-choice"}:
            return self._choice(item, value)
        if asked == "display":
            raise _LeftOutError("left out: words without a question.")
        raise _LeftOutError(f"left out: an answer of the kind {_text(asked)} is not asked here.")

    def _number(self, item: Mapping[str, Any], value: Block) -> tuple[QuestionKind, Block]:
        lowest, highest = _bound(item, "minValue"), _bound(item, "maxValue")
        low, high = _hint(item, "lower"), _hint(item, "upper")
        is_scale = bool(low or high) or "slider" in _controls(item)
        if item["type"] == "integer" and (lowest, highest) == _SCALE and is_scale:
            if not low or not high:
                self._remark(item, "say what 0 and what 10 is.")
            return QuestionKind.SCALE, value | {"low": low, "high": high}
        if lowest is None or highest is None:
            raise _LeftOutError("left out: it does not say from what to what its number can be.")
        if lowest >= highest:
            raise _LeftOutError("left out: its smallest number is not smaller than its largest.")
        if lowest != math.floor(lowest) or highest != math.ceil(highest):
            self._remark(item, "its ends are whole numbers here.")
        if item["type"] == "integer":
            self._remark(item, "takes numbers with a point as well.")
        unit = _unit(item)
        if not unit:
            self._remark(item, "has no unit: add one.")
        ends = {"minimum": math.floor(lowest), "maximum": math.ceil(highest)}
        return QuestionKind.NUMBER, value | {"unit": unit} | ends

    def _choice(self, item: Mapping[str, Any], value: Block) -> tuple[QuestionKind, Block]:
        if item.get("answerValueSet"):
            raise _LeftOutError("left out: its answers stand in another file.")
        if item["type"] == "open-choice":
            self._remark(item, "takes no words of one's own here.")
        options = item.get("answerOption") or []
        several = bool(item.get("repeats"))
        if several and {_code(one) for one in options} == {*REGIONS, NOWHERE}:
            return QuestionKind.FOOT_MAP, value
        words = [_option(one) for one in options]
        if not all(words) or len(set(words)) < len(words):
            raise _LeftOutError("left out: its answers are no words, or the same twice.")
        if not _FEWEST_OPTIONS <= len(words) <= _MOST_OPTIONS:
            fewest, most = _FEWEST_OPTIONS, _MOST_OPTIONS
            raise _LeftOutError(f"left out: {len(words)} answers; {fewest} to {most} can be given.")
        if any(len(one) > _LONGEST_OPTION for one in words):
            self._remark(item, f"an answer is longer than {_LONGEST_OPTION} letters: shorten it.")
        by_code = {_code(one) or _option(one): _option(one) for one in options}
        self._options[str(item.get("linkId"))] = by_code
        kind = QuestionKind.MANY_OF if several else QuestionKind.ONE_OF
        return kind, value | {"options": words}

    def _name(self, item: Mapping[str, Any], kind: QuestionKind) -> str:
        """As it was with us; of another's only where a condition asks for it."""
        link = str(item.get("linkId", ""))
        own = link.removeprefix(question_key(""))
        if own != link and _NAME.fullmatch(own) and own not in self._kinds:
            name = own
        elif link in self._asked:
            plain = re.sub(r"[^a-z0-9]+", "_", own.lower()).strip("_")[:20]
            first = plain if _NAME.fullmatch(plain) else f"q_{plain}"
            numbered = (f"{first}_{number}" for number in count(2))
            name = next(one for one in chain([first], numbered) if one not in self._kinds)
        else:
            return ""
        self._kinds[name] = kind
        self._names[link] = name
        return name

    def _only_if(self, item: Mapping[str, Any]) -> str:
        """Empty, with a remark, where it can't be said here: it is then always asked."""
        conditions = item.get("enableWhen") or []
        if not conditions:
            return ""
        try:
            if len(conditions) > 1:
                raise ValueError("more than one condition")
            words = self._condition(conditions[0])
            ask_only_if.parse(words, self._kinds)
        except (ValueError, KeyError, TypeError):
            self._remark(item, "is always asked here: its condition can't be said. Look at it.")
            return ""
        return words

    def _condition(self, condition: Mapping[str, Any]) -> str:
        """As an author writes it. Raises ValueError and KeyError for what can't be said here."""
        name, operator = self._names[condition["question"]], condition["operator"]
        kind = self._kinds[name]
        if kind in {QuestionKind.SCALE, QuestionKind.NUMBER}:
            answer = condition.get("answerInteger", condition.get("answerDecimal"))
            return f"{name} {self._limit(kind, operator, answer)}"
        if operator != "=":
            raise ValueError(operator)
        if kind is QuestionKind.YES_NO:
            if not isinstance(condition.get("answerBoolean"), bool):
                raise ValueError(condition)
            return f"{name} is {'yes' if condition['answerBoolean'] else 'no'}"
        if kind is QuestionKind.FOOT_MAP:
            return f"{name} includes {condition['answerCoding']['code']}"
        words = self._chosen(condition)
        if kind in {QuestionKind.MANY_OF, QuestionKind.ONE_OF}:
            return f"{name} {'includes' if kind is QuestionKind.MANY_OF else 'is'} {words}"
        raise ValueError(kind)

    def _chosen(self, condition: Mapping[str, Any]) -> str:
        """One of the options, by its code or its words. Raises ValueError for anything else."""
        options = self._options[condition["question"]]
        coding = condition.get("answerCoding") or {}
        code = str(coding.get("code") or "")
        words = options.get(code) if code else None
        said = words or _text(condition.get("answerString") or coding.get("display"))
        if said not in options.values():
            raise ValueError(said)
        return said

    def _limit(self, kind: QuestionKind, operator: str, answer: Any) -> str:
        """Whole numbers, of which the next one is known for a scale alone."""
        number = int(answer)
        if number != answer or isinstance(answer, bool):
            raise ValueError(answer)
        if kind is QuestionKind.SCALE and operator in {">", "<"}:
            operator, number = (">=", number + 1) if operator == ">" else ("<=", number - 1)
        return f"{_LIMITS[operator]} {number}"


class _LeftOutError(Exception):
    """In words for a therapist."""


def _text(value: Any) -> str:
    return " ".join(written(str(value or "")).split())


def _conditions(items: Any) -> Iterator[str]:
    """The names of all questions that a condition asks about."""
    for item in items:
        for one in item.get("enableWhen") or []:
            yield str(one.get("question", ""))
        yield from _conditions(item.get("item") or [])


def _extensions(item: Mapping[str, Any], address: str) -> list[Mapping[str, Any]]:
    return [one for one in item.get("extension") or [] if one.get("url") == address]


def _controls(item: Mapping[str, Any]) -> set[str]:
    """How it is shown, by SDC's codes."""
    return {
        str(coding.get("code", ""))
        for one in _extensions(item, CONTROL)
        for coding in (one.get("valueCodeableConcept") or {}).get("coding") or []
    }


def _is_hint(item: Mapping[str, Any]) -> bool:
    return item["type"] == "display" and bool(_controls(item) & {"lower", "upper", HELP})


def _is_silent(item: Mapping[str, Any]) -> bool:
    """Nobody is to answer it."""
    hidden = any(one.get("valueBoolean") is True for one in _extensions(item, HIDDEN))
    return bool(item.get("readOnly")) or hidden or bool(_extensions(item, CALCULATED))


def _hint(item: Mapping[str, Any], control: str) -> str:
    for child in item.get("item") or []:
        if child.get("type") == "display" and control in _controls(child):
            return _text(child.get("text"))
    return ""


def _bound(item: Mapping[str, Any], name: str) -> float | None:
    for one in _extensions(item, f"{HL7}/{name}"):
        for value in (one.get("valueInteger"), one.get("valueDecimal")):
            if value is not None and math.isfinite(float(value)):
                return float(value)
    return None


def _unit(item: Mapping[str, Any]) -> str:
    for one in _extensions(item, UNIT):
        coding = one.get("valueCoding") or {}
        return _text(coding.get("display") or coding.get("code"))
    return ""


def _code(option: Mapping[str, Any]) -> str:
    return str((option.get("valueCoding") or {}).get("code", ""))


def _option(option: Mapping[str, Any]) -> str:
    coding = option.get("valueCoding") or {}
    said = option.get("valueString") or coding.get("display") or coding.get("code")
    number = option.get("valueInteger")
    return _text(said if said or number is None else number)
