"""The search parameters of FHIR R4 that are known here, by kind, with the elements they ask."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Type(Enum):
    """As a CapabilityStatement names them."""

    TOKEN = "token"  # noqa: S105 - a code, and no secret
    DATE = "date"
    REFERENCE = "reference"
    STRING = "string"
    URI = "uri"


@dataclass(frozen=True)
class Parameter:
    """`paths` are elements with dots between them, any of which is meant; `system` is that of the
    contact points that are meant, where not all are.
    """

    type: Type
    paths: tuple[str, ...]
    system: str = ""


def _of(type_: Type) -> Callable[..., Parameter]:
    return lambda *paths, system="": Parameter(type_, paths, system)


token, date, reference, string, uri = map(_of, Type)
COMMON = {"_id": token("id"), "_lastUpdated": date("meta.lastUpdated")}
# By kind. `patient` is asked before anything is read (`fhir.search_terms`), and is none of these.
PARAMETERS: dict[str, dict[str, Parameter]] = {
    "Patient": {
        "identifier": token("identifier"),
        "name": string("name.text", "name.family", "name.given"),
        "family": string("name.family"),
        "given": string("name.given"),
        "birthdate": date("birthDate"),
        "gender": token("gender"),
        "email": token("telecom", system="email"),
        "phone": token("telecom", system="phone"),
        "organization": reference("managingOrganization"),
    },
    "RelatedPerson": {"active": token("active"), "name": string("name.text")},
    "EpisodeOfCare": {
        "status": token("status"),
        "date": date("period"),
        "condition": reference("diagnosis.condition"),
        "organization": reference("managingOrganization"),
        "care-manager": reference("careManager"),
    },
    "Condition": {
        "code": token("code"),
        "category": token("category"),
        "clinical-status": token("clinicalStatus"),
    },
    "Flag": {"date": date("period"), "author": reference("author")},
    "CarePlan": {
        "status": token("status"),
        "intent": token("intent"),
        "category": token("category"),
        "date": date("period"),
        "goal": reference("goal"),
        "condition": reference("addresses"),
        "activity-reference": reference("activity.reference"),
        "care-team": reference("careTeam"),
        "replaces": reference("replaces"),
    },
    "Goal": {
        "lifecycle-status": token("lifecycleStatus"),
        "category": token("category"),
        "start-date": date("startDate"),
    },
    "ServiceRequest": {
        "status": token("status"),
        "intent": token("intent"),
        "category": token("category"),
        "code": token("code"),
        "authored": date("authoredOn"),
        "occurrence": date("occurrenceTiming.repeat.boundsPeriod"),
        "requester": reference("requester"),
    },
    "Procedure": {
        "status": token("status"),
        "code": token("code"),
        "date": date("performedDateTime", "performedPeriod"),
        "based-on": reference("basedOn"),
        "performer": reference("performer.actor"),
        "reason-reference": reference("reasonReference"),
    },
    "Observation": {
        "status": token("status"),
        "code": token("code"),
        "category": token("category"),
        "date": date("effectiveDateTime", "effectivePeriod"),
        "performer": reference("performer"),
        "part-of": reference("partOf"),
        "derived-from": reference("derivedFrom"),
        "has-member": reference("hasMember"),
        "data-absent-reason": token("dataAbsentReason"),
    },
    "Questionnaire": {
        "url": uri("url"),
        "version": token("version"),
        "title": string("title"),
        "name": string("name"),
        "status": token("status"),
    },
    "QuestionnaireResponse": {
        "status": token("status"),
        "authored": date("authored"),
        "questionnaire": reference("questionnaire"),
        "based-on": reference("basedOn"),
        "author": reference("author"),
        "source": reference("source"),
    },
    "Task": {
        "status": token("status"),
        "intent": token("intent"),
        "priority": token("priority"),
        "code": token("code"),
        "authored-on": date("authoredOn"),
        "modified": date("lastModified"),
        "period": date("executionPeriod"),
        "owner": reference("owner"),
        "focus": reference("focus"),
    },
    "Consent": {
        "status": token("status"),
        "scope": token("scope"),
        "date": date("dateTime"),
    },
    "Provenance": {
        "target": reference("target"),
        "recorded": date("recorded"),
        "agent": reference("agent.who"),
    },
    "CareTeam": {
        "status": token("status"),
        "participant": reference("participant.member"),
    },
    "Organization": {"identifier": token("identifier"), "name": string("name")},
    "Practitioner": {
        "identifier": token("identifier"),
        "name": string("name.text", "name.family", "name.given"),
        "family": string("name.family"),
        "given": string("name.given"),
        "active": token("active"),
    },
    "PractitionerRole": {
        "practitioner": reference("practitioner"),
        "organization": reference("organization"),
        "active": token("active"),
    },
}
