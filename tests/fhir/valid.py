"""What is wrong with a bundle: by the classes of fhir.resources, and by rules of our own.

The classes know which elements there are and of what types; they say which codes and which kinds
of resources an element takes, and hold nobody to it: that is asked here. The rules are those of US
Core 3.1.1, of the Physical Activity guide 1.0.1 and of FHIR R4 itself that what is written has to
keep, in our words, as FHIRPath.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from fhirpathpy import compile as path
from fhirpathpy.models import models
from pydantic import BaseModel, ValidationError

from fhir.resources.R4B import get_fhir_model_class

_PA = "http://hl7.org/fhir/us/physical-activity/CodeSystem/pa-temporary-codes"
_HAS_PA = f"category.coding.where(system = '{_PA}' and code = 'PhysicalActivity').count() = 1"
_OF_PA = "meta.profile.where($this.contains('physical-activity')).exists()"
# Kind, of which of them, what has to hold, what is wrong where it does not.
RULES = [
    ("Patient", "true", "name.exists() and name.all(family.exists() or given.exists())",
     "US Core: a patient has a name"),
    ("Patient", "true",
     "identifier.exists() and identifier.all(system.exists() and value.exists())",
     "US Core: a patient has an identifier with its system"),
    ("Patient", "true", "gender.exists()", "US Core: a patient has a gender"),
    ("Practitioner", "true",
     "identifier.exists() and identifier.all(system.exists() and value.exists())",
     "US Core: a practitioner has an identifier with its system"),
    ("Practitioner", "true", "name.exists() and name.all(family.exists())",
     "US Core: a practitioner has a family name"),
    ("Organization", "true", "active.exists() and name.exists()",
     "US Core: an organization has a name and is in use or not"),
    ("Condition", "true", "category.exists() and code.exists()",
     "US Core: a condition has category and code"),
    ("Condition", "true", "clinicalStatus.exists() or verificationStatus.coding.where(code = "
     "'entered-in-error').exists()", "con-3: a condition has a clinical status"),
    ("CareTeam", "meta.profile.exists()",
     "participant.exists() and participant.all(role.exists() and member.exists())",
     "US Core: a care team's members have roles"),
    ("CarePlan", "true", "text.status.exists() and text.`div`.exists()",
     "US Core: a care plan has a narrative"),
    ("CarePlan", "true", "category.coding.where(code = 'assess-plan').exists()",
     "US Core: a care plan is one of assessment and plan"),
    ("CarePlan", "true", f"{_HAS_PA} and intent = 'plan'", "PA: category and intent of a plan"),
    ("CarePlan", "true", "note.all(author.exists() and time.exists())",
     "PA: a note names author and time"),
    ("Goal", "true", "description.exists()", "PA: a goal has a description"),
    ("Goal", "true", _HAS_PA, "PA: category of a goal"),
    ("Goal", "target.exists()", "target.all(detail.exists())", "PA: a target has a quantity"),
    ("ServiceRequest", "true",
     f"{_HAS_PA} and intent in ('original-order' | 'order' | 'filler-order')",
     "PA: category and intent of an order"),
    ("ServiceRequest", "true", "reasonCode.exists() or reasonReference.exists()",
     "pa-sr-1: an order has a reason"),
    ("ServiceRequest", "true", "authoredOn.exists() and requester.exists() and code.exists()",
     "PA: an order says who, when and what"),
    ("ServiceRequest", "true", "occurrence.exists()", "PA: an order says when"),
    ("Procedure", "true", "performed.exists() and code.exists()",
     "US Core: a procedure says what and when"),
    ("Observation", _OF_PA,
     f"{_HAS_PA} and category.coding.where(code = 'activity').exists() and effective.exists()",
     "PA: category and time of an observation"),
    ("Observation", "code.coding.where(code = 'PAPanel').exists()",
     "hasMember.exists() and value.exists().not()", "PA: a group has members and no value"),
    ("Observation", "true", "(value.exists() and dataAbsentReason.exists()).not()",
     "obs-6: no reason for a value that is there"),
    ("Observation", "true",
     "value.exists() or dataAbsentReason.exists() or component.exists() or hasMember.exists()",
     "an observation says something"),
    ("Observation", "true", "component.all((value.exists() and dataAbsentReason.exists()).not())",
     "obs-6: nor for a part's"),
    ("Consent", "true", "policy.exists() or policyRule.exists()", "ppc-1: a consent has a policy"),
    ("Provenance", "true", "agent.all(type.exists() and who.exists())",
     "US Core: a provenance says who"),
    ("QuestionnaireResponse", "true", "repeat(item).all((answer.exists() and item.exists()).not())",
     "qrs-1: items below an item or below its answer"),
    ("QuestionnaireResponse", "true", "repeat(item).all(linkId.exists())", "an item has a name"),
    ("Questionnaire", "true", "repeat(item).linkId.isDistinct()", "que-2: names of items differ"),
    ("Questionnaire", "true",
     "repeat(item).all((type = 'group' implies item.exists()) and "
     "(type = 'display' implies item.exists().not()))", "que-1: a group has items"),
    ("Questionnaire", "true",
     "repeat(item).all(answerOption.exists() implies type in ('choice' | 'open-choice' | "
     "'integer' | 'date' | 'time' | 'string'))", "que-5: what has options"),
]  # fmt: skip
# What stands in a narrative: words and tables, nothing that does anything.
_ACTIVE = re.compile(
    r"<\s*/?\s*(script|iframe|object|embed|form|input|link|style|base|meta)\b|\son\w+\s*=|"
    r"javascript:|<\s*img[^>]*src\s*=\s*['\"]?\s*(?!#|data:)",
    re.IGNORECASE,
)
# The standard's whole sets, where fhir.resources has their beginning and a '+'.
_WHOLE = {
    ("Observation", "status"): "registered preliminary final amended corrected cancelled "
    "entered-in-error unknown",
    ("Procedure", "status"): "preparation in-progress not-done on-hold stopped completed "
    "entered-in-error unknown",
    ("Task", "status"): "draft requested received accepted rejected ready cancelled in-progress "
    "on-hold failed completed entered-in-error",
    ("Task", "intent"): "unknown proposal plan order original-order reflex-order filler-order "
    "instance-order option",
    ("EpisodeOfCare", "status"): "planned waitlist active onhold finished cancelled "
    "entered-in-error",
    ("ServiceRequest", "intent"): "proposal plan directive order original-order reflex-order "
    "filler-order instance-order option",
    ("Goal", "lifecycleStatus"): "proposed planned accepted active on-hold completed cancelled "
    "entered-in-error rejected",
    ("QuestionnaireItem", "type"): "group display boolean decimal integer date dateTime time "
    "string text url choice open-choice attachment reference quantity",
}  # fmt: skip


@cache
def _rules() -> dict[str, list[tuple[Any, Any, str]]]:
    found: dict[str, list[tuple[Any, Any, str]]] = {}
    for kind, when, rule, words in RULES:
        compiled = (path(when, models["r4"]), path(rule, models["r4"]), words)
        found.setdefault(kind, []).append(compiled)
    return found


def faults(bundle: dict[str, Any]) -> list[str]:
    """Sentences, none where nothing is wrong."""
    entries = bundle["entry"]
    kinds = {entry["fullUrl"]: entry["resource"].get("resourceType", "") for entry in entries}
    found = [*_twice(entries), *_of_meaning(entries)]
    for entry in entries:
        resource = entry["resource"]
        name = f"{resource.get('resourceType')}/{resource.get('id')}"
        told = [*_of_classes(resource), *_of_rules(resource), *_of_links(entry, kinds)]
        found += [f"{name}: {one}" for one in told]
    return found


def faults_alone(resource: dict[str, Any]) -> list[str]:
    """Of one that stands by itself, in another record."""
    return [*_of_classes(resource), *_of_rules(resource)]


def _twice(entries: list[dict[str, Any]]) -> Iterator[str]:
    seen: set[str] = set()
    for entry in entries:
        if entry["fullUrl"] in seen:
            yield f"{entry['fullUrl']} stands there twice"
        seen.add(entry["fullUrl"])


def _of_meaning(entries: list[dict[str, Any]]) -> Iterator[str]:
    """What no profile asks: that a reader is not led to do what is not due."""
    every = [entry["resource"] for entry in entries]
    goals = {f"Goal/{one['id']}": one.get("lifecycleStatus") for one in every}
    for one in every:
        name = f"{one['resourceType']}/{one.get('id')}"
        if one["resourceType"] == "ServiceRequest":
            yield from (f"{name}: {words}" for words in _of_order(one, goals))
        silent = "not answered" in one.get("text", {}).get("div", "")
        if one["resourceType"] == "Procedure" and one.get("status") == "not-done" and silent:
            yield f"{name} was not answered, and is told as not done"
    plans = [one for one in every if one["resourceType"] == "CarePlan"]
    active = [str(one["addresses"]) for one in plans if one.get("status") == "active"]
    if len(set(active)) < len(active):
        yield "Two plans of one episode are active"


def _of_order(order: dict[str, Any], goals: dict[str, str]) -> Iterator[str]:
    parts = order.get("extension", ())
    sought = [one["valueReference"]["reference"] for one in parts if "valueReference" in one]
    if order.get("status") == "active" and {goals.get(goal) for goal in sought} != {"active"}:
        yield "it is due, and its goal is not"
    numbers = [one for part in parts for one in part.get("extension", ())]
    days = [one["valueInteger"] for one in numbers if one["url"] == "days_per_week"]
    named = order.get("occurrenceTiming", {}).get("repeat", {}).get("dayOfWeek", ())
    if days and days != [len(named)]:
        yield "it says two numbers of days"


def _of_classes(resource: dict[str, Any]) -> Iterator[str]:
    try:
        made = get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except (ValidationError, KeyError) as error:
        yield str(error)
        return
    yield from _of_codes(made)


def _of_codes(made: BaseModel) -> Iterator[str]:
    """Codes and kinds of resources that an element takes."""
    for name, field in type(made).model_fields.items():
        value = getattr(made, name)
        extra = field.json_schema_extra
        for one in value if isinstance(value, list) else [value]:
            if one is None:
                continue
            if isinstance(extra, dict):
                yield from _of_element(made, field.alias or name, one, extra)
            if isinstance(one, BaseModel):
                yield from _of_codes(one)


def _of_element(made: Any, name: str, value: Any, extra: dict[str, Any]) -> Iterator[str]:
    kind = type(made).__name__
    codes = _WHOLE.get((kind, name), "").split() or extra.get("enum_values")
    if codes and "+" not in codes and str(value) not in codes:
        yield f"{kind}.{name} is no {value}"
    kinds = extra.get("enum_reference_types")
    if kinds and "Resource" not in kinds and (target := getattr(value, "reference", None)):
        is_relative = re.fullmatch(r"(?:.*/)?([A-Z][A-Za-z]+)/[A-Za-z0-9.\-]{1,64}", target)
        if is_relative and is_relative[1] not in kinds:
            yield f"{kind}.{name} can't be {target}"


def _of_rules(resource: dict[str, Any]) -> Iterator[str]:
    if _ACTIVE.search(resource.get("text", {}).get("div", "")):
        yield "its narrative does something"
    for when, rule, words in _rules().get(resource.get("resourceType", ""), ()):
        if when(resource) == [True] and rule(resource) != [True]:
            yield words
    for date in re.findall(r'"birthDate": "([^"]*)"', json.dumps(resource)):
        try:
            dt.date.fromisoformat(date)
        except ValueError:
            yield f"{date} is no date"


def _of_links(entry: dict[str, Any], kinds: dict[str, str]) -> Iterator[str]:
    """Each reference leads to something in the bundle, of a kind that its element takes."""
    resource, base = entry["resource"], entry["fullUrl"].rsplit("/", 2)[0]
    for target, element in _references(resource, resource.get("resourceType", "")):
        address = target if ":" in target else f"{base}/{target}"
        if address not in kinds:
            yield f"{target} is not in the bundle"
        elif ":" in target:
            wanted = _takes(element)
            if wanted and kinds[address] not in wanted:
                yield f"{'.'.join(element)} can't be a {kinds[address]}"


def _references(value: Any, *path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"], path
        for name, one in value.items():
            yield from _references(one, *path, name)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one, *path)


@cache
def _takes(element: tuple[str, ...]) -> frozenset[str]:
    """Kinds of resources by the path to a reference, such as ('Task', 'owner'); none: any."""
    made: Any = get_fhir_model_class(element[0])
    for name in element[1:]:
        field = next((one for key, one in made.model_fields.items()
                      if (one.alias or key) == name), None)  # fmt: skip
        if field is None:
            return frozenset()
        extra = field.json_schema_extra
        kinds = extra.get("enum_reference_types") if isinstance(extra, dict) else None
        if kinds:
            return frozenset() if "Resource" in kinds else frozenset(map(str, kinds))
        made = _class_of(field.annotation)
        if made is None:
            return frozenset()
    return frozenset()


def _class_of(annotation: Any) -> Any:
    """The class in `list[SomeType] | None`."""
    for one in getattr(annotation, "__args__", ()):
        if (found := _class_of(one)) is not None:
            return found
    return (
        annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
    )
