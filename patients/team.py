"""Who treats a patient now, and who of them is there."""

from django.db.models import QuerySet

from accounts.models import User
from patients.models import CareTeamMember, Cover, Patient


def members(patient: Patient) -> QuerySet[CareTeamMember]:
    """Who is on the care team now and may log in."""
    return patient.care_team.filter(ended_at=None, therapist__is_active=True)


def present(patient: Patient) -> list[User]:
    """Who of them is not away today, to be told or given something; all, where nobody is left."""
    team = [member.therapist for member in members(patient).select_related("therapist")]
    away = Cover.objects.on(patient.clinic.today()).filter(therapist__in=team)
    absent = set(away.values_list("therapist_id", flat=True))
    return [one for one in team if one.pk not in absent] or team
