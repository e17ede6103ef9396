"""A clinic's own videos, as files that browsers play; converting them is left to the clinic."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models.fields.files import FieldFile
from wagtail.models import CollectionMember

VIDEO_MEGABYTES = 100
CAPTIONS_MEGABYTES = 1
# The first bytes that tell a file's kind, whatever its name says.
_MP4_MARK, _WEBM_MARK, _VTT_MARK = b"ftyp", b"\x1aE\xdf\xa3", b"WEBVTT"


def _head(file: FieldFile | UploadedFile) -> bytes:
    file.seek(0)
    head = bytes(file.read(16))
    file.seek(0)
    return head


def _not_larger(file: FieldFile | UploadedFile, megabytes: int) -> None:
    try:
        size = file.size or 0
    except FileNotFoundError as error:
        raise ValidationError("The file itself is gone. Choose it again.") from error
    if size > megabytes * 1024 * 1024:
        raise ValidationError(
            f"The file is larger than {megabytes} MB. Make it shorter or smaller."
        )


def validate_video(file: FieldFile | UploadedFile) -> None:
    """Raises ValidationError for a file that is gone, too large or no MP4 or WebM."""
    _not_larger(file, VIDEO_MEGABYTES)
    head = _head(file)
    if head[4:8] != _MP4_MARK and not head.startswith(_WEBM_MARK):
        raise ValidationError("This is not an MP4 or WebM video.")


def validate_captions(file: FieldFile | UploadedFile) -> None:
    """Raises ValidationError for a file that is gone, too large or no WebVTT."""
    _not_larger(file, CAPTIONS_MEGABYTES)
    if not _head(file).removeprefix(b"\xef\xbb\xbf").startswith(_VTT_MARK):
        raise ValidationError("This is not a WebVTT file. Its first line is WEBVTT.")


class Video(CollectionMember, models.Model):
    """With captions for those who can't hear it and words for those who can't see it."""

    title = models.CharField(max_length=120)
    file = models.FileField(
        upload_to="videos",
        validators=[FileExtensionValidator(["mp4", "webm"]), validate_video],
        help_text=f"MP4 or WebM, at most {VIDEO_MEGABYTES} MB.",
    )
    poster = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The picture that is shown before it plays.",
    )
    captions = models.FileField(
        upload_to="captions",
        blank=True,
        validators=[FileExtensionValidator(["vtt"]), validate_captions],
        help_text="WebVTT. May be left out only when nothing is said.",
    )
    is_silent = models.BooleanField("nothing is said", default=False)
    language = models.CharField(
        max_length=5,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text="Of what is said, the captions and the words below.",
    )
    transcript = models.TextField(help_text="What is seen and said, in words.")

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Raises ValidationError for a video with speech and no captions."""
        super().clean()
        if not self.captions and not self.is_silent:
            raise ValidationError(
                {"captions": "Add captions, or tick that nothing is said: not everybody hears it."}
            )
