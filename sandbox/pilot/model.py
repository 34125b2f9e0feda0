"""What the synthetic pilot is made of: forms, their versions, their events, the truth.

The stand-in form server serves these objects and knows nothing of the programme;
the pilot makes them and knows nothing of HTTP.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sandbox.pilot.files import write_json, write_table

Record = dict[str, Any]
Row = dict[str, str]
EventKind = Literal["add", "edit", "delete", "review"]


@dataclass(frozen=True, slots=True)
class FormVersion:
    """One deployed version of a form.

    Attributes:
        uid: What a submission carries as `__version__`.
        name: The form's own `settings.version`, such as `2021010401`.
        deployed_at: UTC.
        content: Schema, survey, choices, settings and translations, in the shape
            KoboToolbox gives them in an asset's detail.
    """

    uid: str
    name: str
    deployed_at: datetime
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one submission on the server.

    Attributes:
        at: UTC.
        kind: What happened.
        submission_id: The server's `_id`, unique across forms.
        record: The whole submission as it stands after an add or an edit, without
            `_validation_status`; None for a delete or a review.
        review: approved, not_approved or on_hold; None unless a review.
        by: Username of who did it; None for the sender of an add, else for the owner.
        is_bulk: A review of many rows at once, which the server writes beside the
            answers without reading these anew.
    """

    at: datetime
    kind: EventKind
    submission_id: int
    record: Record | None = None
    review: str | None = None
    by: str | None = None
    is_bulk: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One project on the form server, with all that ever happened in it.

    Attributes:
        uid: The asset's uid.
        role: enrolment, journal, peer_meeting, investment or exit.
        name: What people call it.
        versions: Oldest first.
        events: Oldest first.
    """

    uid: str
    role: str
    name: str
    versions: tuple[FormVersion, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """What really happened, which no form ever says in full.

    Attributes:
        tables: Rows by table name: `family_months`, `families`, `investments`, ...
        expected_answers: The published figures, computed from the truth.
    """

    tables: dict[str, list[Row]]
    expected_answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pilot:
    """The whole synthetic pilot.

    Attributes:
        forms: One per role.
        journal_payments: What finance keeps, one row per payment due.
        corrections: What the data desk keeps, one row per correction asked for.
        truth: What the warehouse should find.
    """

    forms: tuple[Form, ...]
    journal_payments: list[Row] = field(default_factory=list)
    corrections: list[Row] = field(default_factory=list)
    truth: Truth = field(default_factory=lambda: Truth({}, {}))

    def form(self, role: str) -> Form:
        """Return the form with this role."""
        return next(form for form in self.forms if form.role == role)

    def write_files(self, folder: Path) -> None:
        """Write finance's files and the truth under `folder`."""
        write_table(folder / "finance" / "journal_payments.csv", self.journal_payments)
        write_table(folder / "finance" / "corrections.csv", self.corrections)
        for name, rows in self.truth.tables.items():
            write_table(folder / "truth" / f"{name}.csv", rows)
        answers = folder / "truth" / "expected_answers.json"
        write_json(answers, self.truth.expected_answers)
