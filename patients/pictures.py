"""Pictures that patients send: decoded, made small, written anew, and kept privately.

Nothing of the file that came in is kept: not its name, its place, its camera, nor its bytes.
"""

import io
import uuid
import warnings
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps
from pillow_heif import register_heif_opener

from accounts.private_files import private_storage

__all__ = ["ACCEPTED", "Picture", "picture_path", "private_storage", "reencoded", "served"]

register_heif_opener(thumbnails=False)  # photos of iPhones

MAX_BYTES = 12 * 1024 * 1024
# Pixels that may be decoded. A JPEG is decoded at a fraction of its size, so it may be larger.
MAX_PIXELS = {"JPEG": 64_000_000, "PNG": 24_000_000, "WEBP": 24_000_000, "HEIF": 26_000_000}
# What the decoders raise for a file that is broken, or is none.
UNREADABLE = (
    OSError, ValueError, SyntaxError, RuntimeError, EOFError, Image.DecompressionBombError,
)  # fmt: skip
LONGEST_SIDE = 1600
QUALITY = 85
ACCEPTED = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"
TOO_LARGE = _("This picture is too large. Send one of at most 12 MB.")
NOT_A_PICTURE = _("This file can't be read as a picture. Send a photo (JPEG, PNG, WebP or HEIC).")


@dataclass(frozen=True)
class Picture:
    """A file of ours, at most 1600 pixels a side, in sRGB, without any metadata."""

    data: bytes
    width: int
    height: int


def picture_path(message: Any, filename: str) -> str:
    """Where it is kept. The sender's name for it is forgotten."""
    return f"messages/{message.clinic_id}/{message.patient_id}/{uuid.uuid4()}.jpg"


def served(picture: FieldFile, *, kind: str = "image/jpeg") -> HttpResponse:
    """A private picture that the asker may see. Raises Http404 without one."""
    if not picture:
        raise Http404
    try:
        with picture.open("rb") as file:
            data = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(data, content_type=kind)


def reencoded(file: Any, *, longest: int = LONGEST_SIDE, form: str = "JPEG") -> Picture:
    """Read an uploaded file as a picture and write it anew, a JPEG or a PNG of at most `longest`
    pixels a side. Raises ValidationError.

    The size in bytes is checked before anything is read, the size in pixels before it is decoded.
    """
    if file.size > MAX_BYTES:
        raise ValidationError({"picture": TOO_LARGE})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _reencoded(file, longest, form)
    except UNREADABLE as error:
        raise ValidationError({"picture": NOT_A_PICTURE}) from error
    except Image.DecompressionBombWarning as error:
        raise ValidationError({"picture": TOO_LARGE}) from error


def _reencoded(file: Any, longest: int, form: str) -> Picture:
    with Image.open(file, formats=list(MAX_PIXELS)) as opened:
        # Two photos in one JPEG file, as some phones keep them, are a format of their own: MPO.
        most = MAX_PIXELS.get(opened.format or "", MAX_PIXELS["JPEG"])
        if opened.width * opened.height > most:
            raise ValidationError({"picture": TOO_LARGE})
        opened.draft("RGB", (longest, longest))
        profile = opened.info.get("icc_profile")
        turned = ImageOps.exif_transpose(opened)
        turned.thumbnail((longest, longest))
        plain = _in_srgb(_on_white(turned), profile)
    out = io.BytesIO()
    plain.save(out, form, quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), plain.width, plain.height)


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    paper = Image.new("RGB", image.size, "white")
    shown = image.convert("RGBA")
    paper.paste(shown, mask=shown.getchannel("A"))
    return paper


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """A phone's wide colors, carried over: a red spot must not turn pale. A new, bare picture."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(bare, source, ImageCms.createProfile("sRGB"))
        except (ImageCms.PyCMSError, OSError):
            return bare  # a profile for something else, such as ink
        if converted is not None:
            converted.info.clear()
            return converted
    return bare
