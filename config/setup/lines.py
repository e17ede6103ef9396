"""No long lines in what ruff does not read: templates, mail, style sheets, scripts."""

import sys
from pathlib import Path

from config.setup.processes import SetupProblem, exit_with

LONGEST = 120
ENDINGS = (".html", ".txt", ".css", ".js")
FOLDERS = ("templates", "static")


def long_lines(*folders: str | Path) -> list[str]:
    """'file:line: length' of each line with more than LONGEST characters."""
    return [
        f"{path}:{number}: {len(line)}"
        for folder in folders
        for path in sorted(Path(folder).rglob("*"))
        if path.suffix in ENDINGS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST
    ]


def main() -> int:
    if found := long_lines(*(sys.argv[1:] or FOLDERS)):
        lines = "\n".join(found)
        raise SetupProblem(f"Lines with more than {LONGEST} characters:\n{lines}")
    return 0


if __name__ == "__main__":
    exit_with(main)
