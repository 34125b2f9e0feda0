"""The files that belong to versions of a form, and drafts of versions."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.odk.stored.model import Definition

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Draft:
    """A version that is not published yet.

    Attributes:
        definition: What it asks; its moment of publication means nothing.
        files: By name, those of its slots that are filled.
    """

    definition: Definition
    files: Files = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class Media:
    """The files and drafts of every form.

    Attributes:
        drafts: By form.
        linked: Slots that an entity list fills, by form.
    """

    drafts: dict[str, Draft] = field(default_factory=dict)
    linked: dict[str, set[str]] = field(default_factory=dict)
    _files: dict[tuple[str, str], Files] = field(default_factory=dict)

    def of(self, form_id: str, version: str) -> Mapping[str, bytes]:
        """Return the files of a published version."""
        return self._files.get((form_id, version), {})

    def publish(self, form_id: str, definition: Definition, files: Files) -> None:
        """Keep the files of a version that has just been published."""
        self._files[form_id, definition.version] = files


def digest(content: bytes) -> str:
    """Return the hash that the server tells of a file."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
