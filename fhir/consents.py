"""What the patient agreed to: the privacy notice, and remote monitoring."""

from fhir.elements import Resource, coding, concept, day, filled, moment, narrative, resource
from fhir.people import People
from patients.models import PrivacyAcceptance
from programs.models import MonitoringCare

_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"


def of_notice(people: People, accepted: PrivacyAcceptance) -> Resource:
    words = f"Privacy notice of {accepted.version} accepted"
    return resource(
        "Consent",
        accepted.pk,
        text=narrative([words]),
        status="active",
        scope=concept("", coding(_SCOPE, "patient-privacy")),
        category=[concept("Privacy notice")],
        patient=people.itself,
        dateTime=moment(accepted.accepted_at, people.zone),
        performer=[people.who(accepted.accepted_by_id) or people.itself],
        organization=[people.organization],
        policyRule=concept(f"The clinic's privacy notice, version {accepted.version}"),
    )


def of_monitoring(people: People, care: MonitoringCare) -> Resource | None:
    """None without a consent. It ends with the day on which it was withdrawn."""
    if care.consent_on is None:
        return None
    how = care.get_consent_how_display().lower()
    during = filled(start=day(care.consent_on), end=day(care.withdrawn_on))
    return resource(
        "Consent",
        care.pk,
        text=narrative([f"Remote monitoring agreed to, {how}", care.consent_words]),
        status="inactive" if care.withdrawn_on else "active",
        scope=concept("", coding(_SCOPE, "treatment")),
        category=[concept("Remote therapeutic monitoring")],
        patient=people.itself,
        dateTime=day(care.consent_on),
        performer=[people.itself],
        organization=[people.organization],
        policyRule=concept(f"Words of the consent, version {care.consent_version}"),
        provision={"type": "permit", "period": during},
    )
