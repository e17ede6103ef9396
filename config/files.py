"""How uploaded files are called: by a name that nobody guesses.

Pictures and videos are served by their address alone, without a question. Whoever was never shown
a page with one can't come by it.
"""

import secrets
from pathlib import PurePosixPath

from django.core.files.storage import FileSystemStorage, Storage

# What plans keep of pictures is named by its content (`programs.media.kept`): nobody guesses that.
NAMED_BY_CONTENT = "kept/"


class Unguessable(Storage):
    """Each file's name ends with 128 random bits, sizes made of a picture with those of its own."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        if name.startswith(NAMED_BY_CONTENT):
            return super().get_available_name(name, max_length)
        path = PurePosixPath(name)
        unguessable = path.with_name(f"{path.stem}.{secrets.token_hex(16)}{path.suffix}")
        return super().get_available_name(str(unguessable), max_length)


class UnguessableFiles(Unguessable, FileSystemStorage):
    """In a folder, which the web server in front serves."""
