"""A limit that several requests of one login meet at the same moment: real transactions."""

import uuid

from django.core.cache import cache

from accounts import limits
from patients.models import Message
from tests.conftest import client_of
from tests.patients.test_messages_at_once import at_once, cast


def test_requests_that_come_together_are_all_counted(committed, monkeypatch):
    """Each waits for the one before: what it counted is seen when that is stored."""
    monkeypatch.setitem(limits.LIMITS, "patient_message", "2/h/user")
    _, user = cast()
    clients = [client_of(user) for _ in range(4)]

    def write(index):
        sent = {"message_id": uuid.uuid4(), "text": f"Message {index}"}
        return clients[index].post("/portal/messages/", sent).status_code

    try:
        assert sorted(at_once(4, write)) == [302, 302, 429, 429]
    finally:
        cache.clear()
    assert Message.objects.count() == 2
