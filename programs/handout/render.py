"""The plan as a PDF."""

import logging
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from PIL import Image

from programs.handout import typeset, words
from programs.handout.content import Handout, Picture
from programs.handout.figures import standalone

TEMPLATE = Path(__file__).with_name("handout.typ")
LONGEST_SIDE = 900  # pixels: 10 cm at 230 dpi
logger = logging.getLogger(__name__)


class Paper(TextChoices):
    """The value is typst's own name of the paper."""

    A4 = "a4", "A4"
    LETTER = "us-letter", "Letter"


class Size(TextChoices):
    NORMAL = "normal", _("Normal")
    LARGE = "large", _("Large")
    VERY_LARGE = "very-large", _("Very large")


def pdf(handout: Handout, *, paper: Paper = Paper.A4, size: Size = Size.NORMAL) -> bytes:
    """Tagged for screen readers (PDF/UA-1)."""
    return typeset.pdf(TEMPLATE, _data(handout), paper=paper.value, size=size.value)


def pages(handout: Handout, *, paper: Paper, size: Size, ppi: float = 100) -> list[bytes]:
    """The same pages as PNG pictures, to look at."""
    return typeset.pages(TEMPLATE, _data(handout), ppi=ppi, paper=paper.value, size=size.value)


def _data(handout: Handout) -> dict[str, Any]:
    data = asdict(handout) | {
        "date": handout.date_words,
        "to_write": handout.to_write,
        "day": handout.day.isoformat(),
        "join_words": handout.join_words,
        "join_then": handout.join_then,
        "qr": {"svg": handout.qr, "alt": handout.qr_alt},
    }
    for item, drawn in zip(handout.items, data["items"], strict=True):
        drawn["pictures"] = [_picture(one) for one in item.pictures]
    return data | {"words": words.spoken(), "weekdays": words.weekdays()}


def _picture(picture: Picture) -> dict[str, Any]:
    """With the bytes that typst draws; without a file that is gone or broken only its words."""
    drawn = {"alt": picture.alt, "caption": picture.caption}
    if picture.svg:
        return drawn | {"svg": standalone(picture.svg)}
    try:
        return drawn | {"jpeg": list(_gray_jpeg(picture.file))}
    except OSError:
        logger.warning("a kept picture of a plan can't be read: %s", picture.file)
        return drawn


def _gray_jpeg(name: str) -> bytes:
    """Small and without color, as it will come out of a copier."""
    with default_storage.open(name) as file, Image.open(file) as image:
        gray = image.convert("L")
    gray.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    made = BytesIO()
    gray.save(made, format="JPEG", quality=85)
    return made.getvalue()
