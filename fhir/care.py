"""What is known: courses of care, the problem, findings, red-flag screens, what is left out."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Any

from fhir import codes
from fhir.elements import (
    Element,
    Resource,
    absent,
    concept,
    day,
    filled,
    moment,
    narrative,
    of_uuid,
    part_of,
    period,
    quantity,
    remark,
    resource,
    to,
)
from fhir.people import People
from patients.models import Episode, RedFlagScreen
from patients.red_flags import RED_FLAGS
from programs.models import Restriction, SignReport

SCREEN = "red-flag-screen"
FEET = {"left": "Left foot", "right": "Right foot", "both": "Both feet"}
_SURVEY = [concept("", codes.term("observation-category", "survey"))]
_EXAM = [concept("", codes.term("observation-category", "exam"))]


def condition_of(episode: Episode) -> Element:
    return to("Condition", part_of(episode.pk, "condition"))


def observation(people: People, key: object, **elements: Any) -> Resource:
    """With words for people: what was asked, and what was found."""
    said = elements.pop("said", "")
    elements.setdefault("status", "final")
    elements.setdefault("category", _SURVEY)
    text = elements["code"].get("text", "")
    return resource(
        "Observation", key, text=narrative([f"{text}: {said}"]), subject=people.itself, **elements
    )


def of_episode(people: People, episode: Episode) -> Iterator[Resource]:
    begin = moment(episode.opened_at, people.zone)
    end = moment(episode.closed_at, people.zone) if episode.closed_at else None
    closed = [episode.get_outcome_display(), episode.summary] if episode.outcome else []
    yield resource(
        "EpisodeOfCare",
        episode.pk,
        text=narrative([f"Course of care: {episode}", *closed]),
        identifier=[of_uuid(episode.pk)],
        status="finished" if end else "active",
        type=[concept("Outpatient physical therapy for numb feet")],
        diagnosis=[{"condition": condition_of(episode)}],
        patient=people.itself,
        managingOrganization=people.organization,
        period=period(begin, end),
        careManager=people.who(episode.opened_by_id),
        team=[to("CareTeam", part_of(people.patient.pk, "care-team"))],
    )
    yield _condition(people, episode, begin)
    # As they are now: since they were last changed.
    yield from _findings(people, episode, end or moment(episode.changed_at, people.zone))


def _condition(people: People, episode: Episode, begin: str) -> Resource:
    """What the therapist found in words. A diagnosis' code is a person's to choose, and that it is
    over, or how sure it is, is a person's to say: an episode that ends says neither.
    """
    words = f"Numb feet: {episode.get_cause_display()}; nerves: {episode.nerve_names}"
    return resource(
        "Condition",
        part_of(episode.pk, "condition"),
        codes.us_core("condition"),
        text=narrative([words, FEET[episode.side]]),
        clinicalStatus=concept("", codes.term("condition-clinical", "active")),
        category=[concept("", codes.term("condition-category", "problem-list-item"))],
        code=concept(words),
        bodySite=[concept(FEET[episode.side])],
        subject=people.itself,
        recordedDate=begin,
        recorder=people.who(episode.opened_by_id),
    )


def _findings(people: People, episode: Episode, known_at: str) -> Iterator[Resource]:
    """As they stand now, or stood at the end. Who found which, and when, is in the audit trail."""
    tell = partial(observation, people, effectiveDateTime=known_at, focus=[condition_of(episode)])
    named = {
        "sensation": ("Protective sensation", episode.get_sensation_display()),
        "irritability": ("Irritability", episode.get_irritability_display()),
        "fall_risk": ("Risk of falling", episode.get_fall_risk_display()),
        "walking_aid": ("Walking aid", episode.get_walking_aid_display()),
    }
    if episode.foot_risk is not None:
        named["foot_risk"] = ("Foot risk (IWGDF)", episode.get_foot_risk_display())
    for name, (title, words) in named.items():
        yield tell(
            part_of(episode.pk, name),
            category=_EXAM,
            code=concept(title),
            said=words,
            valueCodeableConcept=concept(words),
        )
    told = {
        "conditions": (
            "Conditions that exercises ask about",
            ", ".join(map(str, episode.condition_labels)),
        ),
        "precautions": ("Other precautions", episode.precautions),
    }
    for name, (title, words) in told.items():
        if words:
            key = part_of(episode.pk, name)
            yield tell(key, code=concept(title), said=words, valueString=words)
    if episode.helper_at_home:  # a box that nobody ticked says nothing
        yield tell(
            part_of(episode.pk, "helper_at_home"),
            code=concept("Somebody can stand by during balance exercises at home"),
            said="yes",
            valueBoolean=True,
        )
    if episode.nerve_surgery_on:
        operated = episode.nerve_surgery_on.isoformat()
        key = part_of(episode.pk, "nerve_surgery_on")
        title = "Nerve repair or decompression"
        yield tell(key, code=concept(title), said=operated, valueDateTime=operated)
    falls = episode.falls_12_months
    yield tell(
        part_of(episode.pk, "falls_12_months"),
        code=concept("Falls in the last 12 months", codes.FALLS_IN_A_YEAR),
        said="not known" if falls is None else str(falls),
        **(
            {"dataAbsentReason": absent("unknown", "Not known")}
            if falls is None
            else {"valueQuantity": quantity(falls, "falls a year", "/a")}
        ),
    )


def screen_questions(origin: str) -> Resource:
    """The red-flag questions as a form, which every screen answers."""
    items = [{"linkId": flag.code, "text": flag.label, "type": "boolean"} for flag in RED_FLAGS]
    return resource(
        "Questionnaire",
        SCREEN,
        text=narrative(["Red-flag screen", *(flag.label for flag in RED_FLAGS)]),
        url=f"{origin}/fhir/Questionnaire/{SCREEN}",
        name="RedFlagScreen",
        title="Red-flag screen",
        status="active",
        subjectType=["Patient"],
        item=[
            *items,
            {
                "linkId": "others",
                "text": "All the others: how they were answered no",
                "type": "string",
            },
        ],
    )


def of_screen(people: People, screen: RedFlagScreen, origin: str) -> Iterator[Resource]:
    asked = "said to be asked" if screen.summed_up else "asked one by one"
    answers = [
        {"linkId": flag.code, "text": flag.label, "answer": [{"valueBoolean": True}]}
        for flag in screen.flags
    ]
    others = {"linkId": "others", "answer": [{"valueString": f"No, {asked}"}]}
    by, at = people.who(screen.screened_by_id), moment(screen.screened_at, people.zone)
    words = "; ".join(flag.label for flag in screen.flags) or "none of the signs"
    yield resource(
        "QuestionnaireResponse",
        screen.pk,
        text=narrative([f"Red-flag screen: {words}", screen.note]),
        identifier=of_uuid(screen.pk),
        questionnaire=f"{origin}/fhir/Questionnaire/{SCREEN}",
        status="completed",
        subject=people.itself,
        authored=at,
        author=by,
        source=people.itself,
        item=[*answers, others],
    )
    if screen.present:
        cleared = moment(screen.cleared_at, people.zone) if screen.cleared_at else None
        yield resource(
            "Flag",
            part_of(screen.pk, "flag"),
            text=narrative([f"Red flag: {words}", screen.clearance_note]),
            status="inactive" if cleared else "active",
            category=[concept("Safety", codes.term("flag-category", "safety"))],
            code=concept(f"Red flag: {words}"),
            subject=people.itself,
            period=period(at, cleared),
            author=by,
        )


def of_restriction(people: People, one: Restriction, today: dt.date) -> Resource:
    """Something is left out for now, or was."""
    last = people.clinic.local_date(one.lifted_at) if one.lifted_at else one.until
    is_over = one.lifted_at is not None or (one.until is not None and one.until < today)
    words = f"Left out: {one.get_kind_display()}"
    return resource(
        "Flag",
        one.pk,
        text=narrative([words, one.why, one.lifted_words]),
        status="inactive" if is_over else "active",
        category=[concept("Safety", codes.term("flag-category", "safety"))],
        code=concept(f"{words} ({', '.join(one.codes)})" if one.codes else words),
        subject=people.itself,
        period=period(day(one.first), day(last)),
        author=people.who(one.made_by_id) or people.organization,
    )


def of_report(people: People, report: SignReport) -> Resource:
    """Signs that were told on a day with or without exercises."""
    words = "; ".join(report.words)
    at, by = moment(report.told_at, people.zone), people.who(report.told_by_id)
    return observation(
        people,
        report.pk,
        code=concept("Signs that the patient told"),
        said=words,
        effectiveDateTime=at,
        performer=[by],
        valueString=words,
        note=[filled(**remark(report.note, by or {}, at))] if report.note else None,
    )
