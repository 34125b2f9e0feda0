"""From a submission as its server sent it to a row as raw keeps it."""

import json
from dataclasses import dataclass, field

import orjson

from ingestion.answers.reading import AnswerReader, ReadSubmission
from ingestion.sources.base import Rejected, Submission
from ingestion.sources.storable import UnstorableError, canonical_hash, storable

# The columns of the table `arrived`, in the order of its rows.
ARRIVED_COLUMNS = (
    "submission_id",
    "edit_mark",
    "review_mark",
    "root_id",
    "form_version_id",
    "form_version_name",
    "received_at",
    "review_state_code",
    "reviewed_at",
    "was_edited",
    "edited_at",
    "content_hash",
    "payload",
    "answers",
    "answer_problems",
    "contact",
)
ArrivedRow = tuple[object, ...]


@dataclass(slots=True)
class RowMaker:
    """Makes rows of one form and notes what else it sees.

    Attributes:
        reader: Reads answers by the form's field map.
        version_names: Form version id -> the form's own name of it.
        unknown_paths: Version id and path of answered questions that no map names.
    """

    reader: AnswerReader
    version_names: dict[str, str | None]
    unknown_paths: set[tuple[str, str]] = field(default_factory=set)

    def row(self, submission: Submission) -> ArrivedRow | Rejected:
        """Return the row of one submission, or why there can be none."""
        try:
            return self._row(submission)
        except UnstorableError as error:
            record = json.dumps(submission.payload)
            return Rejected(submission.mark.submission_id, str(error), record)

    def _row(self, submission: Submission) -> ArrivedRow:
        payload, problems = storable(submission.payload)
        content = storable(submission.content)[0] if problems else submission.content
        version_id = submission.form_version_id
        version_name = self.version_names.get(version_id or "")
        read = self.reader.read(payload, version_name)
        self.note_unknown(version_id, read)
        return (
            submission.mark.submission_id,
            submission.mark.edit_mark,
            submission.mark.review_mark,
            submission.root_id,
            version_id,
            version_name,
            submission.received_at,
            submission.review_state,
            submission.reviewed_at,
            submission.was_edited,
            submission.edited_at,
            canonical_hash(content),
            as_json(payload),
            as_json(read.answers),
            as_json([*problems, *read.problems]),
            as_json(read.contact) if read.contact else None,
        )

    def note_unknown(self, version_id: str | None, read: ReadSubmission) -> None:
        """Remember the answered questions that no map names."""
        self.unknown_paths.update((version_id or "", p) for p in read.unknown_paths)


def as_json(value: object) -> str:
    """Return `value` as JSON text."""
    return orjson.dumps(value).decode()
