"""The sizes that pages show pictures in, made when a page is published, not when it is read."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import prefetch_related_objects
from wagtail.images.models import Filter, Image, Rendition

SMALL = "max-480x960|format-webp"
WIDE = "max-960x1200|format-webp"
SIZES = (SMALL, WIDE)
PORTRAIT = "fill-320x320|format-webp"  # around its focal point


def of_body(body: Any) -> Iterator[Image]:
    """All pictures of an article's figures and galleries, and its videos' posters."""
    for block in body or []:
        if block.block_type == "figure":
            found = [block.value["image"]]
        elif block.block_type == "gallery":
            found = [value["image"] for value in block.value["pictures"]]
        elif block.block_type == "video" and block.value["video"]:
            found = [block.value["video"].poster]
        else:
            continue
        yield from filter(None, found)


def make_renditions(body: Any) -> None:
    for image in of_body(body):
        make_sizes(image, SIZES)


def make_sizes(image: Image, specs: tuple[str, ...]) -> None:
    """Those that are not there yet."""
    there = set(image.renditions.values_list("filter_spec", "focal_point_key"))
    for spec in specs:
        if (spec, Filter(spec=spec).get_cache_key(image)) not in there:
            _make(image, spec)


def _make(image: Image, spec: str) -> None:
    """As Wagtail would on reading, but without the temporary file that it leaves open."""
    size, made = Filter(spec=spec), BytesIO()
    size.run(image, made)
    key = size.get_cache_key(image)
    name = f"{PurePath(image.filename).stem[:30]}.{spec.partition('|')[0]}{key}.webp"
    content = ContentFile(made.getvalue(), name=name)
    Rendition.objects.create(image=image, filter_spec=spec, focal_point_key=key, file=content)


def prefetch(body: Any) -> None:
    """One query for all sizes of all pictures, instead of one each."""
    images = list(of_body(body))
    if images:
        prefetch_related_objects(images, "renditions")
