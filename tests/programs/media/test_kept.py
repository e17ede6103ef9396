"""Pictures and videos of exercises: accepted, kept, and shown after their originals are gone."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from cms.models import Video
from cms.models.video import validate_captions, validate_video
from programs.models import Exercise
from tests.conftest import make_plan

pytestmark = pytest.mark.django_db
MP4 = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 32


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def image():
    return Image.objects.create(title="Chair", file=get_test_image_file(size=(1600, 800)))


@pytest.fixture
def pictured(image):
    """G01 with a picture."""
    exercise = Exercise.objects.get(clinic=None, code="G01")
    value = {"image": image.pk, "alt_text": "A chair at the wall.", "caption": "Like this."}
    exercise.media = json.dumps([{"type": "picture", "value": value}])
    exercise.full_clean()
    exercise.save()
    return exercise


def test_a_picture_is_kept_small_and_shown(pictured, client):
    item = pictured.pictures[0]
    assert item["alt"] == "A chair at the wall."
    name = item["file"].removeprefix("/media/")
    assert name.startswith("kept/")
    with default_storage.open(name) as file:
        assert file.read(4) == b"RIFF"
    page = client.get(f"/exercises/{pictured.uuid}/").content.decode()
    assert 'alt="A chair at the wall."' in page


def test_a_plan_keeps_its_picture_when_the_original_goes(pictured, image, episode, priya, as_ana):
    plan = make_plan(episode, priya)
    shown = plan.prescriptions.get(phase__number=1, exercise=pictured).shown.pictures[0]
    pictured.media = "[]"
    pictured.save()
    image.delete()
    again = plan.prescriptions.get(phase__number=1, exercise=pictured).shown.pictures
    assert again == [shown]
    assert default_storage.exists(shown["file"].removeprefix("/media/"))
    assert "A chair at the wall." in as_ana.get("/portal/plan/").content.decode()


def test_a_deleted_picture_leaves_no_gap_in_the_library(pictured, image):
    image.delete()
    assert Exercise.objects.get(pk=pictured.pk).pictures == []


def test_the_figure_may_be_left_out_when_there_is_a_picture(pictured, client):
    pictured.shows_figure = False
    pictured.save()
    assert 'class="figure' not in client.get(f"/exercises/{pictured.uuid}/").content.decode()
    pictured.media = "[]"
    pictured.save()
    assert 'class="figure' in client.get(f"/exercises/{pictured.uuid}/").content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [(MP4, None), (b"\x1aE\xdf\xa3" + b"0" * 20, None), (b"<svg onload=1>" + b" " * 20, "not an")],
)
def test_only_films_are_videos(content, words):
    file = SimpleUploadedFile("film.mp4", content)
    if words is None:
        validate_video(file)
    else:
        with pytest.raises(ValidationError, match=words):
            validate_video(file)


def test_a_large_video_is_refused(monkeypatch):
    monkeypatch.setattr("cms.models.video.VIDEO_MEGABYTES", 0)
    with pytest.raises(ValidationError, match="larger than 0 MB"):
        validate_video(SimpleUploadedFile("film.mp4", MP4))


def test_a_video_whose_file_is_gone_says_so():
    with pytest.raises(ValidationError, match="gone"):
        Video(title="x", file="videos/no-such.mp4").clean_fields(exclude=["poster", "collection"])


def test_captions_are_webvtt():
    validate_captions(SimpleUploadedFile("a.vtt", b"\xef\xbb\xbfWEBVTT\n\n00:00.000"))
    with pytest.raises(ValidationError, match="not a WebVTT"):
        validate_captions(SimpleUploadedFile("a.vtt", b"1\n00:00:00,000 --> 00:00:01,000"))


def test_a_video_is_shown_with_its_words(image, client):
    video = Video.objects.create(
        title="How to", poster=image, transcript="Sit tall. Kick out.", file="videos/a.mp4"
    )
    video.captions.save("a.vtt", ContentFile(b"WEBVTT\n"))
    exercise = Exercise.objects.get(clinic=None, code="G01")
    exercise.media = json.dumps([{"type": "video", "value": {"video": video.pk, "caption": ""}}])
    exercise.save()
    page = client.get(f"/exercises/{exercise.uuid}/").content.decode()
    assert "<video controls" in page
    assert 'kind="captions"' in page
    assert "Sit tall. Kick out." in page
    assert "/media/kept/" in page
