"""Style sheets say only what is defined: a name that is not falls back to nothing, in silence."""

import re

from config.setup.postgres import ROOT

SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAME = r"(--[a-z][a-z0-9-]*)"


def test_each_name_that_is_used_is_defined() -> None:
    """But Wagtail's own (--w-), of its admin's pages."""
    texts = {file: file.read_text(encoding="utf-8") for file in (*SHEETS, *TEMPLATES)}
    defined = {name for text in texts.values() for name in re.findall(rf"{NAME}\s*:", text)}
    for file, text in texts.items():
        used = set(re.findall(rf"var\({NAME}", text))
        missing = {name for name in used - defined if not name.startswith("--w-")}
        assert not missing, file.name


def test_each_file_that_a_sheet_names_is_there() -> None:
    for sheet in SHEETS:
        for name in re.findall(r'url\("([^"#]+)', sheet.read_text(encoding="utf-8")):
            assert name.startswith("data:") or (sheet.parent / name).exists(), (
                f"{sheet.name}: {name}"
            )
