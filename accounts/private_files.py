"""Where files lie that only a view gives out, which knows who asks."""

from django.core.files.storage import FileSystemStorage, Storage, storages


class PrivateFiles(FileSystemStorage):
    """A folder whose files have no address."""

    def url(self, name: str | None) -> str:
        raise ValueError("This file has no address.")


def private_storage() -> Storage:
    return storages["private"]
