"""Who: the clinic, the patient, who treats and who helps."""

from collections.abc import Iterator

from accounts.models import Clinic, User
from accounts.permissions import Role
from fhir import codes
from fhir.elements import (
    Element,
    Resource,
    concept,
    filled,
    moment,
    narrative,
    of_uuid,
    part_of,
    period,
    resource,
    since,
    to,
)
from patients.models import Caregiver, CareTeamMember, Patient


class People:
    """Whom the resources of one record name. Each is asked for once, and told at the end."""

    def __init__(self, patient: Patient) -> None:
        self.patient = patient
        self.clinic = patient.clinic
        self.zone = patient.clinic.zone
        self.itself = to("Patient", patient.pk)
        self.organization = to("Organization", patient.clinic_id)
        self._caregivers = {one.user_id: one for one in patient.caregivers.exclude(user=None)}
        self._users: dict[int, User] = {}

    def who(self, user: int | None) -> Element | None:
        """By the key of a login: the patient, who helps them, or somebody of the clinic."""
        if user is None:
            return None
        if user == self.patient.user_id:
            return self.itself
        if user in self._caregivers:
            return to("RelatedPerson", self._caregivers[user].pk)
        if user not in self._users:
            self._users[user] = User.objects.get(pk=user)
        known = self._users[user]
        # A login that was given up: the patient's, or of somebody who helped them.
        if known.role == Role.PATIENT:
            return self.itself
        if known.role == Role.CAREGIVER:
            return {"display": "Somebody who helped the patient"}
        return to("Practitioner", known.uuid)

    def resources(self) -> Iterator[Resource]:
        """After all others: those who were named."""
        yield organization(self.clinic)
        yield since(self.patient.changed_at, of_patient(self.patient))
        members = list(self.patient.care_team.order_by("added_at").select_related("therapist"))
        for member in members:
            self.who(member.therapist_id)
        for caregiver in self._caregivers.values():
            when = (caregiver.invited_at, caregiver.accepted_at, caregiver.ended_at)
            yield since(max(filter(None, when)), related_person(caregiver))
        begun = [at for one in members for at in (one.added_at, one.therapist.changed_at)]
        over = [one.ended_at for one in members if one.ended_at]
        yield since(max([self.patient.created_at, *begun, *over]), care_team(self, members))
        for user in self._users.values():
            if user.role not in {Role.PATIENT, Role.CAREGIVER}:
                yield since(user.changed_at, practitioner(user))
                yield since(user.changed_at, practitioner_role(user))


def organization(clinic: Clinic) -> Resource:
    npi = [{"system": codes.NPI, "value": clinic.npi}] if clinic.npi else []
    lines = clinic.address.splitlines()
    return resource(
        "Organization",
        clinic.pk,
        codes.us_core("organization"),
        text=narrative([clinic.name, *lines, clinic.phone]),
        identifier=[*npi, of_uuid(clinic.pk)],
        active=True,
        name=clinic.name,
        telecom=[{"system": "phone", "value": clinic.phone}],
        address=[filled(text=clinic.address, country=clinic.country)] if lines else None,
    )


def practitioner(user: User) -> Resource:
    npi = [{"system": codes.NPI, "value": user.npi}] if user.npi else []
    return resource(
        "Practitioner",
        user.uuid,
        codes.us_core("practitioner"),
        text=narrative([user.name_with_credentials]),
        identifier=[*npi, of_uuid(user.uuid)],
        active=user.is_active,
        name=[_name(user.first_name, user.last_name, user.credentials)],
    )


def practitioner_role(user: User) -> Resource:
    role = Role(user.role).label if user.role else "Administrator of the platform"
    return resource(
        "PractitionerRole",
        part_of(user.uuid, "role"),
        text=narrative([f"{user}: {role}"]),
        active=user.is_active,
        practitioner=to("Practitioner", user.uuid),
        organization=to("Organization", user.clinic_id) if user.clinic_id else None,
        code=[concept(role)],
    )


def _name(first: str, last: str, credentials: str = "") -> Element:
    suffix = [one.strip() for one in credentials.split(",")]
    return filled(
        text=" ".join(filter(None, (first, last))),
        family=last,
        given=[first] if first else None,
        suffix=[one for one in suffix if one],
    )


def of_patient(patient: Patient) -> Resource:
    """`gender` is the administrative one; the sex that norms ask for is none (`Patient.sex`)."""
    clinic = patient.clinic
    number = {
        "type": concept("", codes.term("v2-0203", "MR")),
        "system": f"urn:uuid:{clinic.pk}",  # who gives these numbers
        "value": patient.record_number,
        "assigner": to("Organization", clinic.pk),
    }
    telecom = [("email", patient.email), ("phone", patient.phone)]
    return resource(
        "Patient",
        patient.pk,
        codes.us_core("patient"),
        text=narrative([f"{patient}, born {patient.birth_date:%-d %B %Y}"]),
        identifier=[of_uuid(patient.pk), *([number] if patient.record_number else [])],
        active=True,
        name=[_name(patient.first_name, patient.last_name)],
        telecom=[{"system": system, "value": value} for system, value in telecom if value],
        gender=patient.gender or "unknown",
        birthDate=patient.birth_date.isoformat(),
        communication=[
            {
                "language": concept(
                    patient.get_language_display(),
                    {"system": "urn:ietf:bcp:47", "code": patient.language},
                ),
                "preferred": True,
            }
        ],
        managingOrganization=to("Organization", clinic.pk),
    )


def related_person(caregiver: Caregiver) -> Resource:
    zone = caregiver.patient.clinic.zone
    begin = moment(caregiver.accepted_at, zone) if caregiver.accepted_at else None
    end = moment(caregiver.ended_at, zone) if caregiver.ended_at else None
    return resource(
        "RelatedPerson",
        caregiver.pk,
        text=narrative([f"{caregiver.name}, invited by the patient to help"]),
        active=bool(begin and not end),
        patient=to("Patient", caregiver.patient_id),
        relationship=[concept("Helps at home, invited by the patient")],
        name=[{"text": caregiver.name}] if caregiver.name else None,
        period=period(begin, end),
    )


def care_team(people: People, members: list[CareTeamMember]) -> Resource:
    participants = [
        {
            "role": [concept("Physical therapist")],
            "member": people.who(member.therapist_id),
            "period": period(
                moment(member.added_at, people.zone),
                moment(member.ended_at, people.zone) if member.ended_at else None,
            ),
        }
        for member in members
    ]
    now = [member for member in members if member.ended_at is None]
    names = ", ".join(member.therapist.name_with_credentials for member in now)
    return resource(
        "CareTeam",
        part_of(people.patient.pk, "care-team"),
        *([codes.us_core("careteam")] if participants else []),
        text=narrative([f"Care team: {names or 'nobody now'}"]),
        status="active" if now else "inactive",
        name="Care team",
        subject=people.itself,
        participant=participants,
        managingOrganization=[people.organization],
    )
