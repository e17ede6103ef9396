"""Two clicks at the same moment: real threads and transactions."""

import uuid

from accounts.permissions import Role
from patients.models import Patient
from tests.accounts.test_form_keys import ADD, NEW
from tests.conftest import client_of, make_clinic, make_user
from tests.patients.test_messages_at_once import at_once


def test_two_clicks_at_once_make_one(committed):
    priya = make_user(make_clinic(), "Priya", Role.THERAPIST)
    sent = NEW | {"form_key": str(uuid.uuid4())}
    first, second = at_once(2, lambda index: client_of(priya).post(ADD, sent).url)
    assert Patient.objects.count() == 1
    assert first == second
