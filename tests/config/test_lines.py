"""The check for long lines fails on one in each kind of file that it reads."""

import pytest

from config.setup import lines


@pytest.mark.parametrize("ending", lines.ENDINGS)
def test_a_long_line_is_named_with_its_length(tmp_path, ending):
    file = tmp_path / "deep" / f"page{ending}"
    file.parent.mkdir()
    file.write_text("short\n" + "é" * (lines.LONGEST + 1) + "\n", encoding="utf-8")
    assert lines.long_lines(tmp_path) == [f"{file}:2: {lines.LONGEST + 1}"]


def test_the_longest_allowed_line_is_fine_in_letters_not_bytes(tmp_path):
    (tmp_path / "page.html").write_text("é" * lines.LONGEST + "\n", encoding="utf-8")
    assert lines.long_lines(tmp_path) == []


def test_main_fails_with_the_names_of_the_files(tmp_path, monkeypatch):
    (tmp_path / "page.css").write_text("a" * (lines.LONGEST + 1), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["lines", str(tmp_path)])
    with pytest.raises(lines.SetupProblem, match=r"page\.css:1: 121"):
        lines.main()
