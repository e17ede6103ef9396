"""What a therapist had to look at: a task for each alert."""

import datetime as dt

from fhir.elements import (
    Element,
    Resource,
    concept,
    filled,
    moment,
    narrative,
    of_uuid,
    period,
    remark,
    resource,
    to,
)
from fhir.people import People
from programs.models import Alert
from programs.models.alert import Code, Severity, Stage

PRIORITIES = {
    Severity.CRITICAL: "stat",
    Severity.URGENT: "urgent",
    Severity.HIGH: "asap",
    Severity.MODERATE: "routine",
    Severity.LOW: "routine",
}
STATUSES = {
    Stage.RAISED: "requested",
    Stage.SEEN: "received",
    Stage.TAKEN: "in-progress",
    Stage.SNOOZED: "on-hold",
    Stage.CLOSED: "completed",
}


def of_alert(people: People, alert: Alert, *, worked_at: dt.datetime | None) -> Resource:
    """`worked_at`: of the last thing that was done about it."""
    raised = moment(alert.raised_at, people.zone)
    closed = alert.acknowledged_at
    end = moment(closed, people.zone) if closed else None
    by = people.who(alert.acknowledged_by_id)
    referred = f"Referred to {alert.referred_to}" if alert.referred_to else ""
    return resource(
        "Task",
        alert.pk,
        text=narrative([f"{alert.get_severity_display()}: {alert}", referred, alert.response]),
        identifier=[of_uuid(alert.pk)],
        status=STATUSES[alert.stage],
        statusReason=concept(alert.get_ending_display()) if alert.ending else None,
        intent="order",
        priority=PRIORITIES[Severity(alert.severity)],
        code=concept(f"{alert.rule}: {Code(alert.rule).label}"),
        description=": ".join([alert.message, *alert.about]),
        focus=_focus(alert),
        **{"for": people.itself},
        executionPeriod=period(None, end),
        authoredOn=raised,
        lastModified=moment(max(worked_at or alert.raised_at, alert.raised_at), people.zone),
        requester=people.organization,
        owner=people.who(alert.owner_id),
        restriction=filled(period=period(None, moment(alert.due_at, people.zone))),
        note=[remark(alert.response, by, end)] if by and end else None,
    )


def _focus(alert: Alert) -> Element:
    """What it was raised about: exactly one of the four."""
    for kind, key in (
        ("Procedure", alert.session_id),
        ("QuestionnaireResponse", alert.check_in_id),
        ("Observation", alert.report_id),
    ):
        if key is not None:
            return to(kind, key)
    return to("CarePlan", alert.plan_id)
