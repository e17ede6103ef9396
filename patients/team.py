"""Who of a care team is there to be told of something."""

from accounts.models import User
from patients.models import Cover, Patient


def present(patient: Patient) -> list[User]:
    """The therapists who may log in and are not away today; all who may, where nobody is left."""
    members = patient.care_team.filter(ended_at=None, therapist__is_active=True)
    team = [member.therapist for member in members.select_related("therapist")]
    away = Cover.objects.on(patient.clinic.today()).filter(therapist__in=team)
    absent = set(away.values_list("therapist_id", flat=True))
    return [one for one in team if one.pk not in absent] or team
