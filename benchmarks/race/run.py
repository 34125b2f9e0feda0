"""Run the rounds: journals, a server, and for each contender a database of its own."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders.job import Job
from benchmarks.journals.files import Written, write_journals
from benchmarks.journals.make import JournalMaker
from benchmarks.race.plan import CONTENDERS, EDITED_SHARE, Contender, Round, Step
from benchmarks.race.process import Outcome, run_contender
from benchmarks.server.running import RunningServer, running_server
from sandbox.demo.progress import Steps
from sandbox.errors import SandboxError
from sandbox.postgres import Postgres


@dataclass(frozen=True, slots=True)
class Measurement:
    """One step of one contender, measured once.

    Attributes:
        contender: Its name.
        step: The step's name.
        journals: How many the server held.
        repetition: Counts from 0; what has the same was measured close in time.
        outcome: What the contender told.
        received_bytes: What the server sent it.
    """

    contender: str
    step: str
    journals: int
    repetition: int
    outcome: Outcome
    received_bytes: int


@dataclass(frozen=True, slots=True)
class Race:
    """Everything that was measured.

    Attributes:
        written: The journals of each round.
        measurements: In the order in which they were taken.
    """

    written: list[Written]
    measurements: list[Measurement]


def run_race(
    rounds: Iterable[Round], postgres: Postgres, folder: Path, steps: Steps
) -> Race:
    """Run every round and return what was measured.

    Args:
        rounds: What is to run.
        postgres: Contenders load into databases of its own, dropped afterwards.
        folder: For journals and the contenders' own files; both are removed again.
        steps: Shows what is being done.

    Raises:
        SandboxError: A contender failed, or landed another number of journals.
    """
    race = Race([], [])
    with steps.step("Draw the pilot's journals") as step:
        maker = JournalMaker.of_pilot()
        step.outcome = f"{len(maker.originals):,} to vary"
    for one in rounds:
        with tempfile.TemporaryDirectory(dir=folder, prefix="journals-") as place:
            with steps.step(f"Write {one.journals:,} journals") as step:
                written = write_journals(Path(place), maker, one.journals)
                step.outcome = (
                    f"{written.mean_bytes:,} bytes of JSON and "
                    f"{written.mean_scalars:.0f} scalars each, on average"
                )
            race.written.append(written)
            with running_server(Path(place)) as server:
                _run_round(_Track(one, maker.form.uid, postgres, server, steps), race)
    return race


@dataclass(frozen=True, slots=True)
class _Track:
    """What the contenders of one round share."""

    round: Round
    asset_uid: str
    postgres: Postgres
    server: RunningServer
    steps: Steps


def _run_round(track: _Track, race: Race) -> None:
    counts = track.round.repetitions
    # All once, then all again: what disturbs the machine disturbs each of them.
    for repetition in range(max(counts.values())):
        for name, wanted in counts.items():
            if repetition < wanted:
                race.measurements.extend(_run_once(track, CONTENDERS[name], repetition))


def _run_once(
    track: _Track, contender: Contender, repetition: int
) -> list[Measurement]:
    """Run a contender's steps on a new database."""
    database = f"benchmark_{contender.name}"
    track.postgres.run_sql(f'drop database if exists "{database}" with (force)')
    track.postgres.ensure_database(database)
    try:
        with tempfile.TemporaryDirectory(dir=track.server.folder) as folder:
            job = Job(
                server_url=track.server.url,
                asset_uid=track.asset_uid,
                database_url=track.postgres.url(database),
                folder=folder,
            )
            return [
                Measurement(
                    contender.name,
                    step.name,
                    track.round.journals,
                    repetition,
                    *_measure(track, contender, step, job),
                )
                for step in contender.steps
            ]
    finally:
        track.server.restore()
        track.postgres.run_sql(f'drop database "{database}" with (force)')


def _measure(
    track: _Track, contender: Contender, step: Step, job: Job
) -> tuple[Outcome, int]:
    """Run one step; return its outcome and how many bytes the server sent."""
    count = track.round.journals
    edited = track.server.edit(EDITED_SHARE, seed=count) if step.edits else 0
    # What others wrote is on disk before time starts.
    track.postgres.run_sql("checkpoint")
    sent_before = track.server.sent()
    with track.steps.step(f"{contender.name}: {step.name}") as shown:
        outcome = run_contender(
            contender.python,
            step.module or contender.module,
            job,
            _teller(shown.note, count),
        )
        shown.outcome = f"{outcome.seconds:.2f} s of them counted"
    _check(track, contender, job, outcome, edited)
    return outcome, track.server.sent() - sent_before


def _teller(note: Callable[[str], None], count: int) -> Callable[[int], None]:
    return lambda done: note(f"{done:,} of {count:,}")


def _check(
    track: _Track, contender: Contender, job: Job, outcome: Outcome, edited: int
) -> None:
    """Make sure that the contender did its job.

    Raises:
        SandboxError: It did not.
    """
    database = job.database_url.rsplit("/", 1)[-1]
    landed = int(track.postgres.run_sql(contender.count_sql, database))
    seen = outcome.facts.get("edited", edited)
    if landed != track.round.journals or seen != edited:
        raise SandboxError(
            f"The contender {contender.name} landed {landed:,} journals and saw "
            f"{seen:,} edits, where the server held {track.round.journals:,} and "
            f"{edited:,}: its time says nothing."
        )
