"""Entries of the starter files in the form that the database keeps."""

from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import CommandError
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from cms import citations


def read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content


def stored(body: blocks.StreamBlock, block: dict[str, Any]) -> tuple[str, Any]:
    """`{paragraph: …}` as the stream wants it, from its stored form."""
    ((name, value),) = block.items()
    child = body.child_blocks[name]
    return name, child.to_python(_raw(child, value))


def _raw(block: blocks.Block, value: Any) -> Any:
    """What is written in a file, in the form that the database keeps."""
    if isinstance(block, SnippetChooserBlock):
        return _exercise_pk(block, value)
    if isinstance(block, blocks.RichTextBlock):
        return citations.rich(value)
    if isinstance(block, blocks.ListBlock):
        return [_raw(block.child_block, item) for item in value]
    if isinstance(block, blocks.StructBlock):
        return {name: _raw(block.child_blocks[name], part) for name, part in value.items()}
    return value


def _exercise_pk(chooser: Any, code: str) -> int:
    """The library's exercise by its code, through the chooser's own model."""
    exercise = chooser.target_model.objects.filter(code=code, clinic=None).first()
    if exercise is None:
        raise CommandError(f"The library has no exercise {code}: run load_library first.")
    return int(exercise.pk)
