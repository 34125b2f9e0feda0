"""What raw must hold after every pull, worked out from what the server had."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text

from ingestion.answers.field_maps import load_field_map
from ingestion.answers.reading import AnswerReader
from ingestion.landing import LandingReport
from tests.ingestion.conftest import MAPS
from tests.ingestion.landing.histories.kinds import Live, ServerKind

REFUSED = ("not_approved", "on_hold")
CODES = ("new", "edited", "reviewed", "deleted", "restored")
# Reading anew with another map changes these, and nothing else of a row ever changes.
READING = ("answers", "answer_problems")
TABLES = {
    "raw": "select * from raw.forms__journals"
    " order by length(submission_id), submission_id, version_number",
    "states": "select * from ops.submission_states order by submission_id",
    "contacts": "select * from pii.family_contacts order by submission_id",
}
Row = dict[str, Any]
Held = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a submission as raw must hold it."""

    change: str
    content: Mapping[str, Any] | None
    review: str


@dataclass(frozen=True, slots=True)
class Known:
    """A submission as the last good pull left it.

    Attributes:
        content: As it was, be it deleted since.
        marks: What its mark then was; several where people edited during the pull.
        review: Its review state.
        is_live: Whether it was there.
    """

    content: Mapping[str, Any] | None
    marks: frozenset[str]
    review: str
    is_live: bool


@dataclass
class Judge:
    """Follows a warehouse from pull to pull.

    Attributes:
        engine: On the warehouse.
        kind: Of the server.
        form: As it is served.
        known: What the last good pull left, by submission.
        field_map: With which the last good pull read.
        good_runs: How many runs were good.
    """

    engine: Engine
    kind: ServerKind
    form: Any
    known: dict[str, Known] = field(default_factory=dict)
    field_map: str = "small_journal.yml"
    good_runs: int = 0

    def held(self) -> Held:
        """Return what the tables hold."""
        with self.engine.connect() as connection:
            return {
                name: [dict(row) for row in connection.execute(text(query)).mappings()]
                for name, query in TABLES.items()
            }

    def good(
        self,
        before: Held,
        report: LandingReport,
        window: Sequence[datetime],
        *,
        is_all_told: bool = True,
    ) -> None:
        """Check a run that succeeded.

        Args:
            before: What the tables held.
            report: What the run says.
            window: Between the first and the last of these moments it ran; in between
                are those at which the server's state changed.
            is_all_told: The server did not leave out what it was asked for; else an
                edit may wait for the next run.
        """
        self.good_runs += 1
        after = self.held()
        _check_nothing_changed_afterwards(before["raw"], after["raw"])
        _check_numbers(after["raw"])
        keys = {_key(row) for row in before["raw"]}
        new = [row for row in after["raw"] if _key(row) not in keys]
        self._check_new(new, window, may_wait=not is_all_told)
        found = Counter(row["change_code"] for row in new)
        assert {code: getattr(report, code) for code in CODES} == {
            code: found[code] for code in CODES
        }
        assert report.difference == 0
        assert all(row["known_at"] <= window[-1] for row in new)
        self._check_readings(after["raw"])
        self._check_states(after)
        if is_all_told and len(window) == 1:
            self._check_same_as_server(after, window[0])
        self._check_books()

    def failed(self, before: Held) -> None:
        """Check that a run that failed did nothing."""
        assert self.held() == before
        self._check_books()

    def _check_new(
        self, new: Sequence[Row], window: Sequence[datetime], *, may_wait: bool
    ) -> None:
        states = [self.kind.live(self.form, moment) for moment in window]
        arrived: dict[str, list[Version]] = {}
        for row in new:
            arrived.setdefault(row["submission_id"], []).append(self._version(row))
        for submission_id in {*self.known, *arrived, *(i for s in states for i in s)}:
            seen = [state.get(submission_id) for state in states]
            found = arrived.get(submission_id, [])
            if found or not may_wait or submission_id not in self.known:
                self._adopt(submission_id, found, seen)

    def _adopt(
        self, submission_id: str, found: list[Version], seen: list[Live | None]
    ) -> None:
        known = self.known.get(submission_id)
        fitting = [one for one in seen if found in list(_versions(known, one))]
        # What was edited and then deleted before it could be fetched is as it was.
        vanished = len(seen) > 1 and None in seen and not found and known is not None
        assert fitting or vanished, (submission_id, found, known, seen)
        there = [one for one in fitting if one is not None]
        if there:
            marks = frozenset(one.mark for one in there)
            last = there[-1]
            self.known[submission_id] = Known(last.content, marks, last.review, True)  # noqa: FBT003
        elif known is not None and found:
            self.known[submission_id] = Known(
                known.content,
                known.marks,
                known.review,
                False,  # noqa: FBT003
            )

    def _version(self, row: Row) -> Version:
        if row["change_code"] == "deleted":
            assert (row["payload"], row["answers"]) == (None, None)
            return Version("deleted", None, row["review_state_code"])
        content = self.kind.content(row["payload"])
        return Version(row["change_code"], content, row["review_state_code"])

    def _check_readings(self, raw: Sequence[Row]) -> None:
        reader = AnswerReader(load_field_map(MAPS / self.field_map))
        for row in raw:
            if row["payload"] is not None:
                given = self.kind.answers(row["payload"])
                read = reader.read(given, row["form_version_name"])
                assert row["answers"] == read.answers

    def _check_states(self, held: Held) -> None:
        latest = {row["submission_id"]: row for row in held["raw"]}
        assert {
            row["submission_id"]: (
                row["is_live"],
                row["version_number"],
                row["content_hash"],
                row["review_state_code"],
            )
            for row in held["states"]
        } == {
            submission_id: (
                row["change_code"] != "deleted",
                row["version_number"],
                row["content_hash"],
                row["review_state_code"],
            )
            for submission_id, row in latest.items()
        }

    def _check_same_as_server(self, held: Held, moment: datetime) -> None:
        server = self.kind.live(self.form, moment)
        latest = {row["submission_id"]: row for row in held["raw"]}
        assert {
            submission_id: (self.kind.content(row["payload"]), row["review_state_code"])
            for submission_id, row in latest.items()
            if row["change_code"] != "deleted"
        } == {key: (one.content, one.review) for key, one in server.items()}
        assert {
            row["submission_id"]: row["contact_phone"] for row in held["contacts"]
        } == {key: one.phone for key, one in server.items() if one.phone}
        query = (
            "select form_version_id from raw.forms__versions order by version_number"
        )
        with self.engine.connect() as connection:
            assert list(
                connection.execute(text(query)).scalars()
            ) == self.kind.versions(self.form, moment)

    def _check_books(self) -> None:
        query = """
        select count(*) as run_count, count(counts.run_id) as counted,
               max(abs(counts.difference_count)) as difference
        from ops.sync_runs as runs
        left join ops.reconciliations as counts on runs.run_id = counts.run_id
        where runs.status_code = 'succeeded'
        """
        with self.engine.connect() as connection:
            found = connection.execute(text(query)).one()
        assert (found.run_count, found.counted) == (self.good_runs, self.good_runs)
        assert not found.difference


def _versions(known: Known | None, live: Live | None) -> Iterator[list[Version]]:
    """Yield what a pull may add to a submission that it sees as `live`."""
    if live is None:
        gone = known is not None and known.is_live
        yield [Version("deleted", None, known.review)] if known and gone else []
        return
    if known is None:
        yield _first(live)
        return
    if not known.is_live:
        yield [Version("restored", live.content, live.review)]
        return
    is_edited = known.content != live.content
    is_reviewed = known.review != live.review
    if not is_edited and not is_reviewed:
        yield []
    # A server may write an old submission anew when a reviewer decides: no edit.
    if is_edited and (not is_reviewed or {live.mark} != known.marks):
        yield [Version("edited", live.content, live.review)]
    if is_reviewed and (not is_edited or live.mark in known.marks):
        yield [Version("reviewed", live.content, live.review)]


def _first(live: Live) -> list[Version]:
    """Return the versions of what a pull sees first; until refused, it counted."""
    was_refused_later = (
        live.review in REFUSED
        and live.reviewed_at is not None
        and live.reviewed_at > live.received_at
    )
    if not was_refused_later:
        return [Version("new", live.content, live.review)]
    return [
        Version("new", live.content, "none"),
        Version("reviewed", live.content, live.review),
    ]


def _key(row: Row) -> tuple[str, int]:
    return row["submission_id"], row["version_number"]


def _check_nothing_changed_afterwards(
    before: Sequence[Row], after: Sequence[Row]
) -> None:
    now = {_key(row): row for row in after}
    for row in before:
        kept = now[_key(row)]
        if row["form_version_name"] is None:  # it came before the version's definition
            kept = {**kept, "form_version_name": None}
        assert {k: v for k, v in row.items() if k not in READING} == {
            k: v for k, v in kept.items() if k not in READING
        }


def _check_numbers(raw: Sequence[Row]) -> None:
    """Check that versions count from 1 without a gap, and that time goes on."""
    of_submission: dict[str, list[Row]] = {}
    for row in raw:
        of_submission.setdefault(row["submission_id"], []).append(row)
    for versions in of_submission.values():
        numbers = [row["version_number"] for row in versions]
        assert numbers == list(range(1, len(versions) + 1))
        times = [row["known_at"] for row in versions]
        assert times == sorted(times)
