"""What is too large is refused before a byte of it is read."""

import pytest
from django.test import Client

from accounts.models import User
from config.body_limit import LARGEST
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024
MULTIPART = "multipart/form-data; boundary=x"


class NeverRead:
    """A body that is still under way."""

    def read(self, *args):
        raise AssertionError("The body was read.")

    readline = read


def send(client, path, size, **headers):
    return client.post(
        path,
        **{"wsgi.input": NeverRead(), "CONTENT_LENGTH": str(size), "CONTENT_TYPE": MULTIPART},
        **headers,
    )


ADDRESSES = [
    *("/", "/nothing-here/", "/search/", "/documents/1/x.pdf", "/static/x.css"),
    *("/account/login/", "/portal/messages/", "/portal/join/", "/cms/images/add/", "/cms/login/"),
]


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("size", [LARGEST + 1, 400 * MEGABYTE])
def test_a_strangers_is_refused_everywhere(path, size):
    answer = send(Client(enforce_csrf_checks=True), path, size)
    assert answer.status_code == 413
    assert b"too large" in answer.content


def test_each_role_sends_files_at_its_own_addresses_only(ana, priya, ruth, ed, olive):
    root = User.objects.create_superuser(email="root@platform.test", password="x")
    portal, thread = "/portal/messages/", f"/workspace/patients/{ana.pk}/messages/"
    everybody = {ana.user, priya, ruth, ed, olive, root}
    writers = {priya, ed, olive}
    senders = {portal: {ana.user}, thread: {priya, ruth, olive}, "/cms/images/add/": writers}
    for path, allowed in senders.items():
        for user in everybody:
            client = client_of(user)
            client.raise_request_exception = False  # where it is let through, something reads it
            is_taken = send(client, path, LARGEST + 1).status_code != 413
            assert is_taken is (user in allowed or user == root), (path, user)
            assert send(client, path, 400 * MEGABYTE).status_code == 413
    assert send(client_of(ana.user), "/portal/me/", LARGEST + 1).status_code == 413


def test_what_does_not_say_its_length_is_refused(ana):
    for client in (Client(), client_of(ana.user)):
        answer = send(client, "/portal/messages/", "", HTTP_TRANSFER_ENCODING="chunked")
        assert answer.status_code == 411


def test_no_length_that_is_no_number_is_read(client):
    for size in ("", "x", "9" * 5_000):
        assert send(client, "/account/login/", size).status_code == 200, size


def test_forms_of_the_usual_size_go_through(client, ana):
    assert client.post("/account/login/", {"login": "x" * 2_000_000}).status_code == 200
