"""Every journal of a country as a submission, with edits and deletions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from sandbox.pilot.arrival.entries import Entry, MessKind
from sandbox.pilot.arrival.mess import MessyStream
from sandbox.pilot.arrival.oddities import add_oddities
from sandbox.pilot.records.journals import edited_journal_record, journal_record
from sandbox.pilot.records.submissions import Submission
from sandbox.pilot.truth.extension import draw_extension_entries
from sandbox.pilot.truth.world import World

# After the first pull of the data and before the release's cut-off.
CHANGES_BEGIN = datetime(2021, 9, 1, 8, tzinfo=UTC)
CHANGES_DAYS = 24


@dataclass(frozen=True, slots=True)
class SentJournal:
    """A journal, as known to us and as known to the server."""

    entry: Entry
    submission: Submission


def send_journals(world: World, stream: MessyStream) -> list[SentJournal]:
    """Return the country's journals; `stream` is shared by all countries."""
    entries = list(stream.entries(world.truth))
    entries = add_oddities(world, entries)
    entries += draw_extension_entries(world.truth, world.extension)
    return list(_sent(world, entries))


def _sent(world: World, entries: list[Entry]) -> Iterator[SentJournal]:
    rng = Random(f"journals-{world.country.code}")
    for entry in entries:
        record = journal_record(world, entry, rng)
        submission = Submission(
            role="journal",
            record=record,
            received_at=entry.received_at,
            review=entry.review,
        )
        if entry.first_income is not None:
            edited = edited_journal_record(world, entry, record, rng)
            submission.edited_record = edited
            submission.edited_at = _change_time(rng)
        if entry.mess is MessKind.DELETED:
            submission.deleted_at = _change_time(rng)
        yield SentJournal(entry, submission)


def _change_time(rng: Random) -> datetime:
    return CHANGES_BEGIN + timedelta(
        days=rng.randrange(CHANGES_DAYS), seconds=rng.randrange(36_000)
    )
