"""Chains of the audit trail while many write; the transactions are real."""

import threading

from django.db import connections

from accounts import audit, audit_chain, wall
from accounts.audit import Action
from accounts.models import AuditEvent
from accounts.permissions import Role
from tests.conftest import make_clinic, make_user


def test_chains_hold_when_many_write_at_once(committed):
    clinics = [make_clinic("Riverside"), make_clinic("Elsewhere")]
    users = [
        make_user(clinic, "Priya", Role.THERAPIST, f"{number}.test")
        for number, clinic in enumerate(clinics)
    ]

    def write():
        try:
            for _ in range(10):
                for user in users:
                    with wall.acting(user):
                        audit.record(action=Action.AUDIT_READ, by=user)
                        audit.record(action=Action.AUDIT_READ, by=user)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(audit_chain.broken()) == []
    for clinic in clinics:
        events = AuditEvent.objects.filter(clinic_id=clinic.pk, action=Action.AUDIT_READ)
        assert events.count() == 80
