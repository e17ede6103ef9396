"""The morning's mail: how much waits for each therapist of a clinic."""

from django.db import transaction

from accounts import wall
from accounts.models import Clinic, User
from accounts.permissions import Role
from patients.models import Cover
from programs.actions import telling
from programs.progress import inbox


def of_clinic(clinic: Clinic) -> int:
    """Each in a transaction of their own. How many were told.

    Who is away or has nothing to do gets none. Measures that are due again wait for the next visit:
    they are not counted, or there would be a mail each morning.
    """
    told = 0
    with wall.in_clinic(clinic.pk):
        away = set(Cover.objects.on(clinic.today()).values_list("therapist_id", flat=True))
    people = User.objects.filter(clinic=clinic, role=Role.THERAPIST, is_active=True)
    for person in people.exclude(pk__in=away):
        person.clinic = clinic
        with wall.acting(person), transaction.atomic():
            mine = inbox.load(person, set(inbox.Kind) - {inbox.Kind.MEASURE}).of(person)
            if mine.items:
                telling.tell_in_the_morning(person, waiting=len(mine.items), overdue=mine.late)
                told += 1
    return told
