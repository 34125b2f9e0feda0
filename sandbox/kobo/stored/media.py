"""Files that belong to a project and go to phones with it, when it is deployed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One file.

    Attributes:
        uid: The server's identifier.
        file_type: form_media or map_layer.
        name: What the form calls it.
        description: What whoever sent it wrote.
        content: Its bytes.
        username: Who sent it.
        created_at: UTC.
    """

    uid: str
    file_type: str
    name: str
    description: str
    content: bytes = field(repr=False)
    username: str
    created_at: datetime

    @property
    def digest(self) -> str:
        """Return the hash that the server tells."""
        return f"md5:{hashlib.md5(self.content, usedforsecurity=False).hexdigest()}"


@dataclass(slots=True)
class Media:
    """The files of every project.

    Attributes:
        files: By the project's uid.
        deployed_at: When a project was deployed again, without another version.
        on_phones: Names and contents that phones get, as of the last deployment.
        undeployed: Projects that somebody has begun to change.
    """

    files: dict[str, list[MediaFile]] = field(default_factory=dict)
    deployed_at: dict[str, datetime] = field(default_factory=dict)
    on_phones: dict[str, dict[str, bytes]] = field(default_factory=dict)
    undeployed: set[str] = field(default_factory=set)

    def of(self, project: str, file_type: str | None = None) -> Iterator[MediaFile]:
        """Yield the files of a project, perhaps those of one type."""
        for file in self.files.get(project, []):
            if file_type in (None, file.file_type):
                yield file

    def add(self, project: str, file: MediaFile) -> None:
        """Keep a file."""
        self.files.setdefault(project, []).append(file)

    def remove(self, project: str, uid: str) -> bool:
        """Remove a file; return whether it was there."""
        before = self.files.get(project, [])
        self.files[project] = [file for file in before if file.uid != uid]
        return len(before) > len(self.files[project])

    def deploy(self, project: str, moment: datetime) -> None:
        """Let phones get what is there now."""
        self.deployed_at[project] = moment
        self.on_phones[project] = {
            file.name: file.content for file in self.of(project, "form_media")
        }
