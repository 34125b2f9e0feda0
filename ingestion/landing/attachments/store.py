"""Where attachments are kept: a folder or a bucket, each file under its own hash.

A file is written under a name of its own first and moved when it is whole, so what is
found under a hash is always all of it. Two equal files are one.
"""

import hashlib
import os
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import fsspec
from fsspec import AbstractFileSystem

from ingestion.errors import AttachmentStoreError

VARIABLE = "JOURNAL_ATTACHMENTS"
INCOMING = "incoming"
LONGEST_EXTENSION = 8


@dataclass(frozen=True, slots=True)
class Incoming:
    """A whole file that waits to be moved to where it is kept.

    Attributes:
        path: Where it is, below the store.
        sha256: Of its content, in hex.
        size: Bytes.
    """

    path: str
    sha256: str
    size: int

    def stored_path(self, extension: str) -> str:
        """Return where it belongs, below the store."""
        folders = f"{self.sha256[:2]}/{self.sha256[2:4]}"
        return f"{folders}/{self.sha256}{_safe_extension(extension)}"


class AttachmentStore:
    """A folder or bucket of files named by their SHA-256; paths are below its root.

    Every method raises `AttachmentStoreError` when the store does not do its part.

    Args:
        files: The file system.
        root: Folder or bucket and prefix on it.
    """

    def __init__(self, files: AbstractFileSystem, root: str) -> None:
        self._files = files
        self._root = root.rstrip("/")

    def receive(self, owner: str, chunks: Iterable[bytes]) -> Incoming:
        """Write a file under a name of its own; nobody sees it as kept yet.

        Args:
            owner: Whose files `forget_incoming` is to find, should this not end well.
            chunks: The content.
        """
        path = f"{_incoming_of(owner)}/{uuid.uuid4().hex}"
        digest, size = hashlib.sha256(), 0
        with _said_clearly("write"):
            self._make_folder(path)
            with self._files.open(self._at(path), "wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
        return Incoming(path, digest.hexdigest(), size)

    def keep(self, incoming: Incoming, path: str) -> None:
        """Move a file to where it is kept, or drop it where an equal one is."""
        with _said_clearly("write"):
            if self._files.exists(self._at(path)):
                self._files.rm_file(self._at(incoming.path))
                return
            self._make_folder(path)
            self._files.mv(self._at(incoming.path), self._at(path))

    def has(self, path: str) -> bool:
        """Return whether a file is kept at `path`."""
        with _said_clearly("read"):
            return bool(self._files.exists(self._at(path)))

    def remove(self, path: str) -> None:
        """Remove a file; one that is not there is no error."""
        with _said_clearly("remove"):
            if self._files.exists(self._at(path)):
                self._files.rm_file(self._at(path))

    def forget_incoming(self, owner: str) -> None:
        """Remove what runs of `owner` that were cut short have left behind."""
        with _said_clearly("remove"):
            folder = self._at(_incoming_of(owner))
            if self._files.exists(folder):
                self._files.rm(folder, recursive=True)

    def prove_writable(self) -> None:
        """Write a file and remove it again."""
        owner = uuid.uuid4().hex
        self.receive(owner, [b"proof"])
        self.forget_incoming(owner)

    def _make_folder(self, path: str) -> None:
        self._files.makedirs(self._at(path).rpartition("/")[0], exist_ok=True)

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}"


def open_store(environment: Mapping[str, str] | None = None) -> AttachmentStore:
    """Return the store that `JOURNAL_ATTACHMENTS` names, proven to be writable.

    Raises:
        AttachmentStoreError: There is none, or nothing can be written to it. No
            message repeats the setting: a login may be in it.
    """
    values = os.environ if environment is None else environment
    url = values.get(VARIABLE, "").strip()
    if not url:
        raise AttachmentStoreError(
            f"No place for attachments is configured: set {VARIABLE} to a folder or to "
            "an address such as s3://bucket/prefix."
        )
    protocol = url.partition("://")[0] if "://" in url else "file"
    try:
        files, root = fsspec.core.url_to_fs(url)
    except ImportError:
        raise AttachmentStoreError(
            f"{VARIABLE} names a store of protocol {protocol!r}, whose package is not "
            "installed: install the one that fsspec's documentation names for it."
        ) from None
    except ValueError:
        raise AttachmentStoreError(
            f"{VARIABLE} names a store of protocol {protocol!r}, which there is not: "
            "set it to a folder or to an address such as s3://bucket/prefix."
        ) from None
    store = AttachmentStore(files, root)
    store.prove_writable()
    return store


@contextmanager
def _said_clearly(action: str) -> Iterator[None]:
    try:
        yield
    except AttachmentStoreError:
        raise
    except Exception as error:  # noqa: BLE001 - every protocol has errors of its own
        raise AttachmentStoreError(
            f"The store that {VARIABLE} names did not {action} a file "
            f"({_kind(error)}): see that it exists, has room, and that this account "
            "may write to it."
        ) from None


def _kind(error: Exception) -> str:
    # Not its own message: that may name the address, and so a login.
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__


def _incoming_of(owner: str) -> str:
    return f"{INCOMING}/{hashlib.sha256(owner.encode()).hexdigest()[:16]}"


def _safe_extension(extension: str) -> str:
    plain = re.fullmatch(r"\.[a-z0-9]+", extension.lower())
    return extension.lower() if plain and len(extension) <= LONGEST_EXTENSION else ""
