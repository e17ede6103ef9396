"""`make messages`: reads the texts anew from code and templates, and compiles what is translated.

Reading needs GNU gettext's xgettext; compiling and running do not, so both files are committed.
"""

import os
import subprocess
import sys

import django
import polib

from config.setup.postgres import ROOT
from programs.starter import words

os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "FOOTING_MODE": "local"}

FOLDER = ROOT / "locale/es/LC_MESSAGES"
# Read with the code, and gone again: words of the library's files and of the models' fields, which
# xgettext cannot find.
LIBRARY = ROOT / "programs/starter/words_to_translate.py"


def main() -> None:
    django.setup()
    from programs.export import words as of_records  # noqa: PLC0415 - its words are the models'

    texts = [*words.texts(), *of_records.texts()]
    LIBRARY.write_text("\n".join(f"gettext({text!r})" for text in texts), encoding="utf-8")
    try:
        _make()
    finally:
        LIBRARY.unlink()
    _compile()


def _make() -> None:
    command = ["makemessages", "-l", "es", "--no-location", "--no-wrap", "--no-obsolete"]
    ignored = [f"--ignore={name}" for name in (".venv", "tests", "var", "node_modules")]
    subprocess.run([sys.executable, "manage.py", *command, *ignored], cwd=ROOT, check=True)


def _compile() -> None:
    catalog = polib.pofile(str(FOLDER / "django.po"))
    catalog.save_as_mofile(str(FOLDER / "django.mo"))
    left = [entry.msgid for entry in catalog if not entry.translated() or entry.fuzzy]
    for text in left:
        print(f"Not translated yet: {text}")
    print(f"{len(catalog) - len(left)} of {len(catalog)} texts are in Spanish.")


if __name__ == "__main__":
    main()
