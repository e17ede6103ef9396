"""Files in a bucket: the same questions are asked as for a folder, and nobody gets its address."""

import datetime as dt
import gc
import re
import socket
import uuid
import warnings
from io import BytesIO

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils import timezone
from moto.server import ThreadedMotoServer
from PIL import Image as Drawing
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from config import bucket, doctor, media, readiness, trouble, urls
from config.backup import keeping
from config.settings import files
from patients import pictures
from patients.models import Message
from programs.media import kept
from tests.config.test_site import in_production, settings_process
from tests.conftest import client_of
from tests.patients.test_messages import photo, send

NAME = "footing-files"
ACCESS = {"access_key": "a-key", "secret_key": "a-secret", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


def use(settings, monkeypatch, address):
    settings.BUCKET = {"bucket_name": NAME, "endpoint_url": address, **ACCESS}
    settings.S3_BUCKET = NAME
    given = {one: {**told, "OPTIONS": settings.BUCKET} for one, told in files._bucket.items()}
    settings.STORAGES = {**settings.STORAGES, **given}
    monkeypatch.setattr(Message._meta.get_field("picture"), "storage", storages["private"])


@pytest.fixture
def store(settings, monkeypatch, server):
    """The site's storage in an empty bucket, and what is in it by itself."""
    found = boto3.resource(
        "s3", endpoint_url=server, region_name="us-east-1",
        aws_access_key_id="a-key", aws_secret_access_key="a-secret",
    ).Bucket(NAME)  # fmt: skip
    found.create()
    use(settings, monkeypatch, server)
    yield found
    found.objects.all().delete()
    found.delete()


@pytest.fixture
def away(settings, monkeypatch):
    """One that nothing answers for."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        use(settings, monkeypatch, f"http://127.0.0.1:{probe.getsockname()[1]}")
        yield


def names(store):
    return sorted(one.key for one in store.objects.all())


def drawn():
    made = BytesIO()
    Drawing.new("RGB", (1200, 600), "red").save(made, "PNG")
    return ContentFile(made.getvalue(), "red.png")


def served(path, **headers):
    return media.served(RequestFactory().get(f"/media/{path}", headers=headers), path)


# What patients send


@pytest.mark.django_db
def test_a_patients_picture_comes_from_the_view_that_asks_who_it_is(store, ana, bert, priya, olive):
    message = send(ana, ana.user, "", picture=photo())
    [key] = names(store)
    assert key.startswith(f"private/messages/{ana.clinic_id}/{ana.pk}/")
    own, theirs = f"/portal/messages/{message.pk}/picture/", "/workspace/patients/{}/messages/{}"
    answer = client_of(ana.user).get(own)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer.content[:2] == b"\xff\xd8"
    assert "no-store" in answer["Cache-Control"]
    at_the_desk = theirs.format(ana.pk, message.pk) + "/picture/"
    assert client_of(priya).get(at_the_desk).status_code == 200
    assert client_of(olive).get(at_the_desk).status_code == 404
    assert client_of(bert.user).get(own).status_code == 404
    with pytest.raises(ValueError, match="no address"):
        message.picture.url  # noqa: B018


@pytest.mark.django_db
def test_no_address_of_the_media_leads_to_what_patients_sent(store, ana):
    send(ana, ana.user, "", picture=photo())
    [key] = names(store)
    for path in (key, f"../{key}", f"media/../{key}", f"%2e%2e/{key}", f"x/../../{key}"):
        with pytest.raises((Http404, Exception)) as caught:
            served(path)
        assert isinstance(caught.value, Http404) or "Suspicious" in type(caught.value).__name__


@pytest.mark.django_db
def test_a_picture_that_is_gone_is_not_found(store, ana):
    message = send(ana, ana.user, "", picture=photo())
    store.objects.all().delete()
    with pytest.raises(Http404):
        pictures.served(message.picture)


def test_a_broken_off_message_leaves_no_picture(store):
    name = pictures.private_storage().save("messages/a.jpg", ContentFile(b"x"))
    pictures.private_storage().delete(name)
    assert names(store) == []


# What editors upload


@pytest.mark.django_db
def test_a_picture_of_the_site_keeps_its_address_there(store):
    image = get_image_model().objects.create(title="Red", file=drawn())
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        address = image.get_rendition("width-100|format-webp").url
        gc.collect()  # Wagtail leaves what it drew open
    assert image.file.url.startswith("/media/original_images/red.")
    assert NAME not in address
    answer = served(address.removeprefix("/media/"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == media.KEPT
    assert len(b"".join(answer)) == int(answer["Content-Length"])


@pytest.mark.django_db
def test_what_plans_keep_is_kept_once(store):
    image = get_image_model().objects.create(title="Red", file=drawn())
    kept._keep(image)
    kept._keep(image)
    [key] = [key for key in names(store) if "/kept/" in key]
    assert key == f"media/{kept.kept_name(image)}"
    [item] = kept.with_addresses([{"file": kept.kept_name(image)}])
    assert item["file"] == f"/media/{kept.kept_name(image)}"
    with default_storage.open(kept.kept_name(image)) as file, Drawing.open(file) as picture:
        assert picture.size == (1000, 500)


@pytest.mark.django_db
def test_names_are_not_guessed_here_either(store):
    first, second = (default_storage.save("images/a.png", drawn()) for _ in range(2))
    assert first != second
    assert len(first) == len("images/a..png") + 32


@pytest.mark.django_db
def test_a_document_is_asked_about(store):
    document = get_document_model().objects.create(
        title="Leaflet", file=ContentFile(b"%PDF-1.4 of ours", "leaflet.pdf")
    )
    root = client_of(_superuser())
    answer = root.get(document.url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 of ours"
    for close in answer._resource_closers:
        close()
    assert Client().get(document.url).status_code in (302, 404)


def _superuser():
    from accounts.models import User

    return User.objects.create_superuser(email="root@platform.test", password="x")


@pytest.mark.parametrize(
    ("asked", "status", "body", "told"),
    [
        ("", 200, b"0123456789", None),
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("lines=1", 200, b"0123456789", None),
        ("bytes=20-30", 416, b"", None),
    ],
)
def test_players_get_the_part_that_they_ask_for(store, asked, status, body, told):
    name = default_storage.save("video.mp4", ContentFile(b"0123456789"))
    answer = served(name, **({"range": asked} if asked else {}))
    assert (answer.status_code, b"".join(answer)) == (status, body)
    assert answer.get("Content-Range") == told


@pytest.mark.django_db
def test_the_address_is_the_sites_in_production(store, server):
    name = default_storage.save("a.png", drawn())
    env = {
        "S3_BUCKET": NAME, "S3_ENDPOINT": server, "S3_ACCESS_KEY": "a-key",
        "S3_SECRET_KEY": "a-secret", "S3_REGION": "us-east-1",
    }  # fmt: skip
    [answer] = in_production("footing.example", path=f"/media/{name}", **env)
    assert (answer["status"], answer["headers"]["Content-Type"]) == (200, "image/png")
    assert answer["headers"]["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["headers"]["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["headers"]["Content-Security-Policy"]
    assert re.match(urls.pictures, f"media/{name}")
    assert not re.match(urls.pictures, "media/documents/a.pdf")


# When it is not there


@pytest.mark.parametrize("path", ["./documents/a.pdf", "a/../documents/a.pdf", "documents/./a.pdf"])
def test_no_way_round_leads_to_a_document(store, path):
    """`/documents/` asks who it is; a web server in front may pass a path on as it is."""
    store.put_object(Key="media/documents/a.pdf", Body=b"theirs")
    with pytest.raises(Http404):
        served(path)


def test_the_bucket_is_asked_once(store, settings, monkeypatch):
    """It has half a second, and whoever watches has one for all."""
    asked = []
    monkeypatch.setattr(bucket, "trouble", lambda: asked.append(1))
    assert (readiness.media(), readiness.private_files()) == (None, None)
    assert asked == [1]


def test_readyz_asks_the_bucket_and_not_the_folders(store):
    assert (readiness.media(), readiness.private_files(), doctor.media_space()) == (None,) * 3
    store.delete()
    assert "S3_BUCKET" in readiness.media()
    store.create()


def test_away_it_is_told_as_a_folder_would_be(away):
    for fail in (
        lambda: default_storage.save("a.png", drawn()),
        lambda: default_storage.open("a.png"),
        lambda: default_storage.exists("a.png"),
        lambda: default_storage.delete("a.png"),
    ):
        with pytest.raises(OSError, match="does not answer") as caught:
            fail()
        assert trouble.trouble_of(caught.value) is trouble.CLOSED
        assert "127.0.0.1" not in str(caught.value)
    assert "does not answer" in readiness.media()


@pytest.mark.django_db
def test_a_page_that_needs_it_says_so(away, ana):
    client = client_of(ana.user)
    client.raise_request_exception = False
    with photo() as picture:
        told = {"message_id": uuid.uuid4(), "text": "Look", "picture": picture}
        answer = client.post("/portal/messages/", told)
    assert answer.status_code == 503
    assert not Message.objects.exists()


def test_both_keys_or_none_are_told():
    done = settings_process(S3_BUCKET=NAME, S3_ACCESS_KEY="a", FOOTING_MODE="local")
    assert "S3_ACCESS_KEY" in done.stderr.splitlines()[-1]


def test_backups_are_kept_in_a_bucket_too(store, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "backups": {"BACKEND": "config.bucket.Backups", "OPTIONS": settings.BUCKET},
    }
    settings.BACKUP_DAYS, settings.BACKUP_MONTHS = 7, 0
    now = timezone.now()
    assert keeping.kept() == {}
    for days in (30, 20, 1):
        name = keeping.name_of(now - dt.timedelta(days=days))
        assert keeping.store().save(name, ContentFile(b"sealed")) == name
    assert len(keeping.forget_outdated()) == 2
    [left] = keeping.kept()
    with keeping.store().open(left) as file:
        assert file.read() == b"sealed"
    assert {one.key for one in store.objects.all()} == {f"backups/{left}"}
