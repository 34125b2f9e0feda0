"""A form on Central, with all that ever happened in it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from sandbox.odk.xforms.fields import Schema, schema_of

Answers = Mapping[str, Any]
Kind = Literal["add", "edit", "review", "delete", "restore", "purge", "attach", "clear"]
ReviewState = Literal["hasIssues", "rejected", "approved"]


# How an XForm names a file beside it: a list, or a picture of a label.
MEDIA = re.compile(rb"jr://(?:file|file-csv|images|audio|video)/([^\"<\s]+)")


class FormDataError(Exception):
    """A form's life could not have happened on a real server."""


@dataclass(frozen=True)
class Definition:
    """A published version of a form.

    Attributes:
        version: The version string.
        published_at: UTC.
        xml: The XForm.
    """

    version: str
    published_at: datetime
    xml: bytes = field(repr=False)

    @cached_property
    def schema(self) -> Schema:
        """Return what the version asks."""
        return schema_of(self.xml)

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """Return the names of the files that the version reads."""
        return tuple(sorted({name.decode() for name in MEDIA.findall(self.xml)}))

    @cached_property
    def hashes(self) -> dict[str, str]:
        """Return the digests by which a client notices a new definition."""
        return {
            "hash": hashlib.md5(self.xml, usedforsecurity=False).hexdigest(),
            "sha": hashlib.sha1(self.xml, usedforsecurity=False).hexdigest(),
            "sha256": hashlib.sha256(self.xml).hexdigest(),
        }


@dataclass(frozen=True)
class Instance:
    """One version of a submission.

    Attributes:
        instance_id: With the prefix `uuid:`.
        version: Version string of the form it was filled in with.
        answers: Text by path, `household/members`; of a repeat, a list of such.
        device_id: What the phone said of itself when it sent this.
        deprecated_id: The instance this is an edit of.
        sent_xml: As sent, None when the XML is to be made of the answers.
    """

    instance_id: str
    version: str
    answers: Answers = field(repr=False)
    device_id: str | None = None
    deprecated_id: str | None = None
    sent_xml: bytes | None = field(default=None, repr=False)

    @property
    def name(self) -> str | None:
        """Return the name that the form gives the submission."""
        return self.answers.get("meta/instanceName") or None


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to one submission on the server.

    Attributes:
        at: UTC; of an addition, when the server began to receive it.
        kind: What happened.
        root_id: The submission's first instance id, which it keeps.
        instance: The submission as it then stands, of an addition or an edit.
        review: The new state, None for `received` again.
        by: Display name of who did it; None for nobody known.
        files: Names of the files that arrive with it, or that it clears.
        visible_at: When a slow upload was through; None at once.
    """

    at: datetime
    kind: Kind
    root_id: str
    instance: Instance | None = None
    review: ReviewState | None = None
    by: str | None = None
    files: tuple[str, ...] = ()
    visible_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CentralForm:
    """One form of the project.

    Attributes:
        form_id: The xmlFormId.
        name: What people call it.
        definitions: Published versions, oldest first.
        happenings: Oldest first.
        key_name: Of an encrypted form, the suffix of its version; else empty.
    """

    form_id: str
    name: str
    definitions: tuple[Definition, ...]
    happenings: tuple[Happening, ...]
    key_name: str = ""

    @property
    def is_encrypted(self) -> bool:
        """Return whether only the holder of the key can read the answers."""
        return bool(self.key_name)

    def definition(self, version: str) -> Definition:
        """Return the version with this name.

        Raises:
            FormDataError: The form never had it.
        """
        for one in self.definitions:
            if one.version == version:
                return one
        raise FormDataError(
            f"Form {self.form_id} never had a version {version}: Central refuses "
            "submissions of it."
        )
