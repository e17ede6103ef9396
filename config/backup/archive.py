"""The file of a backup: a zip, encrypted for whoever holds the key (age, age-encryption.org/v1).

It holds `database`, the files of each store below its name, and last `manifest.json`, which says
what there is with a checksum of each. The machine that makes backups can't read them: it has the
public half of the key. Nothing unencrypted is written to a disk on the way.
"""

import hashlib
import json
import os
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyrage

MANIFEST = "manifest.json"
DATABASE = "database"
PIECE = 1024 * 1024


class UnreadableError(Exception):
    """Not a backup, one of another key, or one that was changed or cut off."""


class Writer:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, source: IO[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        with self._archive.open(name, "w", force_zip64=True) as target:
            while piece := source.read(PIECE):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        self.files[name] = {"sha256": digest.hexdigest(), "bytes": size}

    def end(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Returns the manifest: the facts, and the checksums of what was added."""
        manifest = {**facts, "files": self.files}
        self._archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
        return manifest


@contextmanager
def writing(target: IO[bytes], recipients: list[str]) -> Iterator[Writer]:
    """Into `target`, encrypted for public keys. Raises ValueError for what is no key."""
    keys = [recipient(one) for one in recipients]
    reader, writer = (
        os.fdopen(end, mode) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True)
    )
    failed: list[BaseException] = []

    def encrypt() -> None:
        # Closing the reader ends a writer that would wait for ever.
        with reader:
            try:
                pyrage.encrypt_io(reader, target, keys)
            except pyrage.EncryptError as error:  # names what `target` raised
                failed.append(OSError(str(error)))
            except BaseException as error:
                failed.append(error)

    thread = threading.Thread(target=encrypt)
    thread.start()
    try:
        try:
            with writer, zipfile.ZipFile(writer, "w") as archive:
                yield Writer(archive)
        finally:
            thread.join()
    except BrokenPipeError:
        if failed:
            raise failed[0] from None
        raise
    if failed:
        raise failed[0]


class Backup:
    """A backup that was decrypted, and found to be what it says."""

    def __init__(self, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
        self._archive, self.manifest = archive, manifest

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(name)

    def is_the_same(self, name: str, file: IO[bytes]) -> bool:
        """Whether a file somewhere else has what the manifest says of this one."""
        return _digest(file) == str(self.manifest["files"][name]["sha256"])

    def names(self, store: str) -> list[str]:
        """Of a store's files, within it."""
        return [name.removeprefix(f"{store}/") for name in self.manifest["files"]
                if name.startswith(f"{store}/")]  # fmt: skip


def opened(source: IO[bytes], identity: str, work: IO[bytes]) -> Backup:
    """Decrypt into `work` and compare every checksum. Raises UnreadableError."""
    try:
        pyrage.decrypt_io(source, work, [pyrage.x25519.Identity.from_str(identity)])
        archive = zipfile.ZipFile(work)
        manifest = json.loads(archive.read(MANIFEST))
        for name, told in manifest["files"].items():
            with archive.open(name) as file:
                if _digest(file) != told["sha256"]:
                    raise UnreadableError(f"{name} is not what was backed up.")
    except pyrage.IdentityError:
        raise UnreadableError("The key's file holds no key (AGE-SECRET-KEY-1…).") from None
    except pyrage.DecryptError:
        raise UnreadableError("This key does not open it, or it is no backup.") from None
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise UnreadableError("It is not whole.") from error
    except OSError as error:
        if error.errno:  # of the disk
            raise
        raise UnreadableError("It was changed or cut off.") from error
    return Backup(archive, manifest)


def _digest(file: IO[bytes]) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def make_key(path: Path) -> str:
    """A new key into a file that only its owner may read; returns the public half.
    Raises FileExistsError: a key that is written over opens nothing any more.
    """
    key = pyrage.x25519.Identity.generate()
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"# public key: {key.to_public()}\n{key}\n")
    return str(key.to_public())


def key_in(path: Path) -> str:
    """The first line of a key's file that is no comment, as `age-keygen` writes them."""
    lines = [line.strip() for line in path.read_text().splitlines()]
    return next((line for line in lines if line and not line.startswith("#")), "")


def recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise ValueError("A key in BACKUP_KEYS is none: each begins with age1.") from None
