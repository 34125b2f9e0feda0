"""What a run did to the attachments of one form."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class AttachmentReport:
    """What became of a form's files in one run, and how many are stored by now.

    Attributes:
        form: The form's name.
        form_id: The form.
        run_id: What the rows carry that the run wrote.
        stored: Fetched and stored by this run; equal ones count each.
        missing: The server announces them and does not have them.
        too_large: Larger than the form allows.
        refused_type: Of a type that the form does not allow.
        failed: Not fetched for another reason; tried again by the next run.
        deleted: Gone with their submission, or from it.
        unlisted: Submissions whose files the server did not list.
        kept: Files of the form that are stored when the run ends.
        waiting: Files that this run left for the next.
        seconds: How long it took.
    """

    form: str
    form_id: str
    run_id: str
    stored: int
    missing: int
    too_large: int
    refused_type: int
    failed: int
    deleted: int
    unlisted: int
    kept: int
    waiting: int
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return asdict(self)
