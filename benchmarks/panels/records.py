"""Rows of raw, as landing writes them."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

from benchmarks.journals.make import new_uuid
from benchmarks.panels.shape import Panel, PanelSite, instant
from ingestion.landing.writing.rows import NO_PROBLEMS, RAW_COLUMNS
from sandbox.pilot.months import first_day

Row = tuple[object, ...]
# Of the run that landed what the first build finds, and of the one after it: a build
# looks only at what runs that are on record have landed.
RUN_ID, LATER_RUN_ID = UUID(int=20_200_701), UUID(int=20_200_702)
LANDED_AT = instant(first_day("2026-01"))
NO_PAYLOAD = "{}"  # nothing that is built reads it
IDS_PER_SITE = 100_000  # no site sends as many
REVIEW_STATES = ("approved", "none", "not_approved")
WEIGHTS = (985, 12, 3)


@dataclass(slots=True)
class Records:
    """Collects rows of raw of one site.

    Attributes:
        panel: The panel.
        site: The site.
        form_ids: Of each role's form.
        dice: What is drawn.
        rows: By the role of their form, those that the first build finds.
        later: The same, of what arrives after it.
    """

    panel: Panel
    site: PanelSite
    form_ids: dict[str, str]
    dice: Random
    rows: dict[str, list[Row]] = field(default_factory=dict)
    later: dict[str, list[Row]] = field(default_factory=dict)
    _sent: int = 0

    def add(
        self,
        role: str,
        at: datetime,
        answers: str,
        *,
        record_id: str | None = None,
        is_later: bool = False,
    ) -> "Sent":
        """Add a record that came at an instant; return it, to be edited or deleted."""
        self._sent += 1
        if record_id is None:
            number = (self.site.place + 1) * IDS_PER_SITE + self._sent
            record_id, root_id = str(number), new_uuid(self.dice)
            (review,) = self.dice.choices(REVIEW_STATES, WEIGHTS)
        else:  # a line of a file
            root_id, review = record_id, "none"
        sent = Sent(self, role, record_id, root_id, at, review)
        sent.add_version("new", at, answers, is_later=is_later)
        return sent


@dataclass(slots=True)
class Sent:
    """A record that was sent, with the versions that it has so far.

    Attributes:
        records: Where its rows go.
        role: Of its form.
        record_id: Its id on the server.
        root_id: The id that it keeps when it is edited.
        at: When it first came.
        review: Its review state.
        version: The number of its newest version.
    """

    records: Records
    role: str
    record_id: str
    root_id: str
    at: datetime
    review: str
    version: int = 0

    def add_version(
        self,
        change: str,
        known_at: datetime,
        answers: str | None,
        *,
        is_later: bool = False,
    ) -> None:
        """Add a version; one without answers is a deletion."""
        self.version += 1
        records = self.records
        rows = records.later if is_later else records.rows
        rows.setdefault(self.role, []).append(
            (
                records.form_ids[self.role],
                self.record_id,
                self.version,
                self.root_id,
                change,
                None,
                None,
                self.at,
                known_at,
                self.review,
                None,
                f"{records.dice.getrandbits(256):064x}",
                NO_PAYLOAD,
                answers,
                NO_PROBLEMS,
                LATER_RUN_ID if is_later else RUN_ID,
                LANDED_AT,
            )
        )


# One value for each of them, in their order.
COLUMNS = RAW_COLUMNS
