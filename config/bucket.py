"""Files in a bucket of an S3-compatible store, where several machines share no folder.

The bucket is private: nobody gets an address of it, also no signed one. A file is read out by the
view that would have read it from a folder, so that the same question is asked before. What fails is
told as a folder's failure would be (`config.trouble`).
"""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import urljoin

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from config.files import Unguessable

# A store that does not answer must not hold a page for minutes. Seconds; tries after the first.
CONFIG = Config(
    signature_version="s3v4",
    connect_timeout=2,
    read_timeout=10,
    retries={"total_max_attempts": 2},
    s3={"addressing_style": "path"},
)
# For whoever watches (`/readyz`), who waits a second for everything.
IMPATIENT = CONFIG.merge(
    Config(connect_timeout=0.3, read_timeout=0.4, retries={"total_max_attempts": 1})
)
IN_MEMORY = 5 * 1024 * 1024  # bytes of an opened file; from then on it is on the disk
_KINDS = {
    "404": FileNotFoundError(errno.ENOENT, "There is no such file in the bucket"),
    "403": PermissionError(errno.EACCES, "The bucket lets nobody in with these keys"),
}


@contextmanager
def as_of_a_folder() -> Iterator[None]:
    """What the store says, as the error that a folder would give. Never the key or the address."""
    try:
        yield
    except ClientError as error:
        status = str(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
        known = _KINDS.get(status, OSError(errno.EIO, "The bucket refused"))
        raise type(known)(*known.args) from error
    except BotoCoreError as error:
        raise OSError(errno.EIO, "The bucket does not answer") from error


class Bucket(S3Storage):
    """Base: one folder of the bucket."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"client_config": CONFIG, "file_overwrite": False, **given})

    def _open(self, name: str, mode: str = "rb") -> File:
        """To be read, and fetched whole now, so that what fails fails here."""
        found = self.part(name, "")
        fetched = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
        try:
            with as_of_a_folder():
                shutil.copyfileobj(found["Body"], fetched)
        except OSError:
            fetched.close()
            raise
        fetched.seek(0)
        return File(fetched, name)

    def _save(self, name: str, content: File) -> str:
        with as_of_a_folder():
            return str(super()._save(name, content))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with as_of_a_folder():
            folders, files = super().listdir(path)
        return folders, files

    def exists(self, name: str) -> bool:
        with as_of_a_folder():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with as_of_a_folder():
            super().delete(name)

    def size(self, name: str) -> int:
        with as_of_a_folder():
            return int(super().size(name))

    def part(self, name: str, asked: str) -> dict[str, Any]:
        """S3's answer, with its `Body` to be read; `asked` is a Range header, or empty for all.

        Raises FileNotFoundError, and ValueError for a range that the file does not have.
        """
        key = self._normalize_name(name)
        found = self.connection.meta.client.get_object
        try:
            with as_of_a_folder():
                return dict(
                    found(Bucket=self.bucket_name, Key=key, **({"Range": asked} if asked else {}))
                )
        except OSError as error:
            cause = error.__cause__
            if isinstance(cause, ClientError) and cause.response["Error"]["Code"] == "InvalidRange":
                raise ValueError("The file has no such range.") from error
            raise


class Media(Unguessable, Bucket):
    """Pictures, videos and documents. They keep their address at the site (`config.media`)."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"location": "media", **given})

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name or "").lstrip("/"))


class Private(Bucket):
    """What patients send. It has no address: a view that knows who asks reads it out."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"location": "private", **given})

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        raise ValueError("This file has no address.")


class Backups(Bucket):
    """Encrypted before they come here (`config.backup`)."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"location": "backups", **given})

    def _open(self, name: str, mode: str = "rb") -> File:
        """As it comes: one can be larger than what a machine has beside."""
        return File(self.part(name, "")["Body"], name)


def trouble() -> str | None:
    """Whether the bucket answers and lets us in; asked in less than a second, writing nothing."""
    own = Media(**{**settings.BUCKET, "client_config": IMPATIENT})
    try:
        with as_of_a_folder():
            own.connection.meta.client.head_bucket(Bucket=own.bucket_name)
    except OSError as error:
        return f"{error.strerror}: look at S3_BUCKET, S3_ENDPOINT and its keys."
    return None
