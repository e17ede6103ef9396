"""What the papers on security name is there: every path, and every test."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAPERS = ["docs/threat-model.md", "docs/asvs.md", "docs/security.md", "SECURITY.md"]
OURS = ("tests/", "docs/", "accounts/", "cms/", "config/", "patients/", "programs/", "portal/",
        "workspace/", "static/", "templates/")  # fmt: skip
PATH = re.compile(r"`([\w./-]+)`")
TESTS = re.compile(r"`(tests/[\w/]+\.py)`((?: \(`test_\w+`(?:, `test_\w+`)*\))?)")


@pytest.mark.parametrize("paper", PAPERS)
def test_every_path_is_there(paper):
    named = {one for one in PATH.findall((ROOT / paper).read_text("utf-8")) if "/" in one}
    missing = [one for one in named if one.startswith(OURS) and not (ROOT / one).exists()]
    assert missing == []


def spelled_out(part):
    """`1.2.1`, or `1.2.1–1.2.3` as three."""
    first, _, last = part.strip().partition("–")
    section, _, begin = first.rpartition(".")
    end = last.rpartition(".")[2] or begin
    return [f"{section}.{number}" for number in range(int(begin), int(end) + 1)]


@pytest.mark.parametrize("paper", PAPERS[:2])
def test_every_test_is_there(paper):
    missing = []
    for path, named in TESTS.findall((ROOT / paper).read_text("utf-8")):
        text = (ROOT / path).read_text("utf-8")
        for name in re.findall(r"test_\w+", named):
            if f"def {name}(" not in text:
                missing.append((path, name))
    assert missing == []


def test_every_requirement_of_the_levels_stands_once():
    """253 of levels 1 and 2 in version 5.0.0."""
    text = (ROOT / "docs/asvs.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d[\d.,– ]*) \|", text, re.M)
    numbers = [one for row in rows for part in row.split(", ") for one in spelled_out(part)]
    assert len(numbers) == len(set(numbers)) == 253
    statuses = re.findall(
        r"^\| \d[^|]*\|[^|]*\| (met|partly: |not met: |not used here)", text, re.M
    )
    assert len(statuses) == len(rows)
