"""A submission on the server, after some of what happened to it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.odk.stored.model import Happening, Instance
from sandbox.odk.xforms.fields import Field

ENCRYPTED_FILE = "submission.xml.enc"
FILE_KINDS = ("attach", "clear")


@dataclass(frozen=True, slots=True)
class StoredInstance:
    """One version of a submission, and how it came.

    Attributes:
        instance: What was sent.
        at: When it arrived, UTC.
        by: Display name of the sender, None for nobody known.
        expected: Names of the files its answers announce.
    """

    instance: Instance
    at: datetime
    by: str | None
    expected: tuple[str, ...]


@dataclass(slots=True)
class Submission:
    """A submission, live or in the trash.

    Attributes:
        number: Counts on from 1 in the order of arrival, within the form.
        root_id: Its first instance id.
        created_at: When the server began to receive it: `submissionDate`.
        visible_at: When it can first be read.
        stored: Its versions, oldest first.
        updated_at: Of the last edit or review, None before any.
        review: Its review state, None for `received`.
        deleted_at: When it went to the trash, None outside.
        present: Names of the files that arrived.
        happened: What happened to it, oldest first.
    """

    number: int
    root_id: str
    created_at: datetime
    visible_at: datetime
    stored: list[StoredInstance]
    updated_at: datetime | None = None
    review: str | None = None
    deleted_at: datetime | None = None
    present: set[str] = field(default_factory=set)
    happened: list[Happening] = field(default_factory=list)

    @property
    def first(self) -> StoredInstance:
        """Return it as it was first sent: whose sender and form version it keeps."""
        return self.stored[0]

    @property
    def current(self) -> StoredInstance:
        """Return it as the last edit left it."""
        return self.stored[-1]

    @property
    def present_count(self) -> int:
        """Return how many of the expected files are there."""
        return len(self.present.intersection(self.current.expected))

    @property
    def order(self) -> tuple[datetime, int]:
        """Return what submissions are listed by, newest first."""
        return self.created_at, self.number

    @property
    def event_mark(self) -> str:
        """Return what changes with every event that moves an ETag; a file does not."""
        counted = [one for one in self.happened if one.kind not in FILE_KINDS]
        return f"{self.root_id}/{len(counted)}"


def announced(fields: tuple[Field, ...], answers: Any) -> Iterator[str]:  # noqa: ANN401 - nested
    """Yield the names of the files that answers announce.

    Args:
        fields: Nodes of the form.
        answers: Text by path; of a repeat, a list of such.
    """
    for one in fields:
        if one.kind == "binary" and answers.get(one.path):
            yield answers[one.path]
        elif one.kind == "structure":
            yield from announced(one.children, answers)
        elif one.kind == "repeat":
            for item in answers.get(one.path, []):
                yield from announced(one.children, item)
