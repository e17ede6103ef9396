"""Messages that arrive at the same moment: real threads and transactions."""

import threading
import uuid

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.permissions import Role
from patients.actions import messages
from patients.models import Message
from tests.conftest import give_login, make_clinic, make_patient, make_user


def at_once(count, work):
    """`work(index)` in threads that begin together; their results. An error fails the test."""
    ready, results = threading.Barrier(count), [None] * count

    def run(index):
        ready.wait()
        try:
            results[index] = work(index)
        except BaseException as error:  # told by the assertion of the caller
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[index]) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def cast():
    priya = make_user(make_clinic(), "Priya", Role.THERAPIST)
    ana = make_patient(priya, "Ana")
    return ana, give_login(ana, priya)


def test_a_double_click_is_stored_once(committed):
    ana, user = cast()
    key = uuid.uuid4()

    def click(index):
        return messages.send(message_id=key, patient=ana, text="Hello", by=user).number

    assert at_once(4, click) == [1, 1, 1, 1]
    assert Message.objects.count() == 1
    assert ProcrastinateJob.objects.count() == 1


def test_several_messages_are_numbered_without_gaps(committed):
    ana, user = cast()

    def write(index):
        return messages.send(
            message_id=uuid.uuid4(), patient=ana, text=f"Message {index}", by=user
        ).number

    assert sorted(at_once(4, write)) == [1, 2, 3, 4]
