"""From a submission as its server sent it to rows as the warehouse keeps them."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ingestion.answers.reading import AnswerReader, ReadSubmission, as_json
from ingestion.landing.source_of_form import AnswersOf
from ingestion.landing.writing.changes import ChangeCode, Moments, Verdict, known_at
from ingestion.sources.base import Rejected, Submission
from ingestion.sources.storable import (
    Stored,
    UnstorableError,
    canonical_hash,
    storable,
)

# The columns of a raw table, in the order of its rows.
RAW_COLUMNS = (
    "form_id",
    "submission_id",
    "version_number",
    "root_id",
    "change_code",
    "form_version_id",
    "form_version_name",
    "received_at",
    "known_at",
    "review_state_code",
    "reviewed_at",
    "content_hash",
    "payload",
    "answers",
    "answer_problems",
    "run_id",
    "landed_at",
)
# Those of the work table `arrived`.
ARRIVED_COLUMNS = (
    "submission_id",
    "edit_mark",
    "review_mark",
    "root_id",
    "version_number",
    "change_code",
    "is_reviewed",
    "is_reviewed_since",
    "received_at",
    "review_state_code",
    "reviewed_at",
    "was_edited",
    "edited_at",
    "content_hash",
)
# Those of the work table `contacts`.
CONTACT_COLUMNS = ("submission_id", "family_code", "contact")
Row = tuple[object, ...]
NO_PROBLEMS = "[]"


class Arrival(NamedTuple):
    """A submission that can be stored, and the hash of its content."""

    submission: Submission
    stored: Stored
    content_hash: str


@dataclass(frozen=True, slots=True)
class RowMaker:
    """Makes rows of one run of one form and notes what else it sees.

    Attributes:
        form_id: The form.
        run_id: The run.
        reader: Reads answers by the form's field map.
        answers_of: From a payload to its answers by path, as its server writes them.
        version_names: Form version id -> the form's own name of it.
        unknown_paths: Version id and path of answered questions that no map names.
    """

    form_id: str
    run_id: uuid.UUID
    reader: AnswerReader
    answers_of: AnswersOf
    version_names: Mapping[str, str | None]
    unknown_paths: set[tuple[str, str]] = field(default_factory=set)

    def arrival(self, submission: Submission) -> Arrival | Rejected:
        """Return what can be stored of a submission, or why nothing can."""
        try:
            stored = storable(submission.payload, submission.text)
            content = submission.content
            if stored.problems:
                content = storable(content).payload
            return Arrival(submission, stored, canonical_hash(content))
        except UnstorableError as error:
            record = json.dumps(submission.payload)
            return Rejected(submission.mark.submission_id, str(error), record)

    def answers(self, arrival: Arrival) -> dict[str, object]:
        """Return the answers by canonical name; nothing is noted."""
        version_name = self.version_names.get(arrival.submission.form_version_id or "")
        read = self.reader.read(self.answers_of(arrival.stored.payload), version_name)
        return read.answers

    def arrived_row(self, arrival: Arrival, verdict: Verdict) -> Row:
        """Return the row of `arrived`."""
        submission = arrival.submission
        mark = submission.mark
        return (
            mark.submission_id,
            mark.edit_mark,
            mark.review_mark,
            submission.root_id,
            verdict.version_number,
            verdict.change_code,
            verdict.is_reviewed,
            verdict.is_reviewed_since,
            submission.received_at,
            submission.review_state,
            submission.reviewed_at,
            submission.was_edited,
            submission.edited_at,
            arrival.content_hash,
        )

    def rows_of_change(
        self, arrival: Arrival, verdict: Verdict, change: ChangeCode, moments: Moments
    ) -> tuple[Row, Row | None]:
        """Return the version's row of raw and, where people can be named, of contacts.

        Only what changed is read: of everything else raw holds the answers already.
        """
        submission, stored = arrival.submission, arrival.stored
        version_id = submission.form_version_id
        version_name = self.version_names.get(version_id or "")
        read = self.reader.read(self.answers_of(stored.payload), version_name)
        self.note_unknown(version_id, read)
        as_it_came = verdict.is_reviewed_since
        row = (
            self.form_id,
            submission.mark.submission_id,
            verdict.version_number,
            submission.root_id,
            change,
            version_id,
            version_name,
            submission.received_at,
            known_at(submission, change, moments),
            "none" if as_it_came else submission.review_state,
            None if as_it_came else submission.reviewed_at,
            arrival.content_hash,
            stored.text,
            read.text,
            as_json([*stored.problems, *read.problems])
            if stored.problems or read.problems
            else NO_PROBLEMS,
            self.run_id,
            moments.landed_at,
        )
        if not read.contact:
            return row, None
        family_code = read.answers.get("family_code")
        return row, (
            submission.mark.submission_id,
            None if family_code is None else str(family_code),
            as_json(read.contact),
        )

    def note_unknown(self, version_id: str | None, read: ReadSubmission) -> None:
        """Remember the answered questions that no map names."""
        if read.unknown_paths:
            self.unknown_paths.update((version_id or "", p) for p in read.unknown_paths)
