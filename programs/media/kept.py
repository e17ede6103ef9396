"""Pictures of exercises as plans show them: kept by content, so that nobody can take them away.

Wagtail deletes a picture's file with the picture; a plan shows what it showed on its first day.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from wagtail.images.models import Filter, Image

LARGEST = "max-1000x1000|format-webp"


def kept_name(image: Image) -> str:
    """Where the kept copy of this picture is, named by what is in it."""
    return f"kept/{image.get_file_hash()}.webp"


def keep_all(media: Iterable[Any]) -> None:
    """Keep a copy of each picture and poster, small enough for a screen."""
    for block in media:
        video = block.value.get("video")
        image = block.value.get("image") or (video.poster if video else None)
        if image is not None:
            _keep(image)


def _keep(image: Image) -> None:
    name = kept_name(image)
    if not default_storage.exists(name):
        small = BytesIO()
        Filter(spec=LARGEST).run(image, small)
        default_storage.save(name, ContentFile(small.getvalue()))


def as_json(media: Iterable[Any]) -> list[dict[str, Any]]:
    """What a plan remembers: file names and words. What was deleted meanwhile is left out."""
    return [
        _picture(block.value) if block.block_type == "picture" else _video(block.value)
        for block in media
        if block.value.get("image") or block.value.get("video")
    ]


def _picture(value: Any) -> dict[str, Any]:
    image = value["image"]
    return {
        "kind": "image",
        "file": kept_name(image),
        "width": image.width,
        "height": image.height,
        "alt": value["alt_text"],
        "caption": value["caption"],
    }


def _video(value: Any) -> dict[str, Any]:
    video = value["video"]
    return {
        "kind": "video",
        "file": video.file.name,
        "poster": kept_name(video.poster) if video.poster_id else "",
        "captions": video.captions.name or "",
        "language": video.language,
        "transcript": video.transcript,
        "caption": value["caption"],
    }


def with_addresses(media: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same with addresses in the place of file names."""
    files = ("file", "poster", "captions")
    return [
        item | {name: default_storage.url(item[name]) for name in files if item.get(name)}
        for item in media
    ]
