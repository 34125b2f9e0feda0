"""Ask the built warehouse what dashboards and the cookbook ask, and time it."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from benchmarks.builds.plan import ASKED_TIMES, ENOUGH_SECONDS
from dashboards.errors import QueryError
from dashboards.queries import run_query, snapshot
from dashboards.spec import NoteCard
from dashboards.spec_file import Spec, load_specs
from sandbox.machine.home import REPOSITORY

COOKBOOK = REPOSITORY / "warehouse_docs" / "cookbook"
MILLISECONDS = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """One query as its reader asks it.

    Attributes:
        name: Of the dashboard and its card, or of the cookbook's file.
        sql: One select.
        parameters: What it says as `:name`.
    """

    name: str
    sql: str
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True)
class Timed:
    """How long a query took.

    Attributes:
        name: Of the question.
        p95_ms: Milliseconds within which 95 of 100 answers came.
        median_ms: Those within which half of them did.
        asked: How often it was asked.
        failure: Why it gave no answer, such as that it took too long; else None.
    """

    name: str
    p95_ms: float
    median_ms: float
    asked: int
    failure: str | None = None


def dashboard_questions() -> Iterator[Question]:
    """Yield every query of every dashboard, once per card that asks it."""
    for spec in load_specs():
        yield from _questions_of(spec)


def cookbook_questions(folder: Path = COOKBOOK) -> list[Question]:
    """Return every query of the cookbook; none where there is no cookbook."""
    return [
        Question(path.stem, path.read_text(), {})
        for path in sorted(folder.glob("*.sql"))
    ]


def time_questions(
    url: str, questions: Iterable[Question], note: Callable[[str], None]
) -> list[Timed]:
    """Ask every question many times over, as the dashboards do; read-only."""
    timed = []
    with snapshot(url) as connection:
        for question in questions:
            note(question.name)
            timed.append(_time(connection, question))
    return timed


def percentile(values: list[float], share: float) -> float:
    """Return the smallest of the values that `share` of them do not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def _questions_of(spec: Spec) -> Iterator[Question]:
    dashboard = spec.dashboard
    state = dashboard.data_state
    yield Question(f"{spec.name}: {state}", spec.queries[state], {})
    for card in dashboard.cards:
        if isinstance(card, NoteCard):
            continue
        name = f"{spec.name}: {card.id}"
        yield Question(name, spec.queries[card.query_name], dict(card.parameters))
        events = getattr(card, "events", None)
        if events:
            yield Question(f"{name}, events", spec.queries[events], {})


def _time(connection: Connection, question: Question) -> Timed:
    milliseconds: list[float] = []
    failure = None
    while len(milliseconds) < ASKED_TIMES and not failure:
        started = time.monotonic()
        try:
            run_query(
                connection,
                question.sql,
                where=question.name,
                parameters=question.parameters,
            )
        except QueryError as error:
            failure = str(error)
        milliseconds.append((time.monotonic() - started) * MILLISECONDS)
        if sum(milliseconds) > ENOUGH_SECONDS * MILLISECONDS:
            break
    return Timed(
        question.name,
        round(percentile(milliseconds, 0.95), 1),
        round(percentile(milliseconds, 0.5), 1),
        len(milliseconds),
        failure,
    )
