"""Ask every card of every dashboard, and draw the dashboards of every reader."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.builds.queries import (
    MILLISECONDS,
    Question,
    Timed,
    dashboard_questions,
    time_questions,
)
from benchmarks.builds.readers import Reader
from dashboards.queries import run_query, snapshot
from dashboards.site import build_site

BYTES_PER_KB = 1_000


@dataclass(frozen=True, slots=True)
class Cold:
    """The first answer of a query after the database was started.

    Attributes:
        name: Of the question.
        milliseconds: How long it took.
    """

    name: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class DrawnSite:
    """The dashboards of one reader, in every language.

    Attributes:
        reader: Whose.
        seconds: From the first query to the last page on disk.
        cpu_seconds: What our process computed meanwhile, the database not.
        pages: How many files.
        largest_page_kb: The largest of them, in 1,000 bytes.
        largest_page: Its name.
    """

    reader: str
    seconds: float
    cpu_seconds: float
    pages: int
    largest_page_kb: float
    largest_page: str


@dataclass(frozen=True, slots=True)
class MeasuredPages:
    """Everything measured on the dashboards of one panel.

    Attributes:
        families: How many the panel has.
        months: How many each of them is expected to report on.
        cold: Every query once, the database freshly started.
        warm: Every query many times over.
        sites: What was drawn.
    """

    families: int
    months: int
    cold: list[Cold]
    warm: list[Timed]
    sites: list[DrawnSite]


def ask_once(url: str, note: Callable[[str], None]) -> list[Cold]:
    """Ask every query of every dashboard once, in connections of their own.

    Raises:
        QueryError: One gives no answer.
    """
    return [_ask_once(url, question, note) for question in dashboard_questions()]


def ask_often(url: str, note: Callable[[str], None]) -> list[Timed]:
    """Ask every query of every dashboard many times over."""
    return time_questions(url, dashboard_questions(), note)


def draw_sites(
    readers: Sequence[Reader], note: Callable[[str], None]
) -> list[DrawnSite]:
    """Draw every reader's dashboards, one reader after the other; keep none.

    Raises:
        DashboardError: One cannot be drawn.
    """
    return [_draw(reader, note) for reader in readers]


def _ask_once(url: str, question: Question, note: Callable[[str], None]) -> Cold:
    note(question.name)
    with snapshot(url) as connection:
        started = time.monotonic()
        run_query(
            connection,
            question.sql,
            where=question.name,
            parameters=question.parameters,
        )
        seconds = time.monotonic() - started
    return Cold(question.name, round(seconds * MILLISECONDS, 1))


def _draw(reader: Reader, note: Callable[[str], None]) -> DrawnSite:
    note(reader.name)
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        started, computed = time.monotonic(), time.process_time()
        report = build_site(Path(folder), url=reader.url, is_synthetic=True)
        seconds = time.monotonic() - started
        cpu_seconds = time.process_time() - computed
        sizes = {page.name: page.stat().st_size for page in report.pages}
    largest = max(sizes, key=lambda name: sizes[name])
    return DrawnSite(
        reader.name,
        round(seconds, 2),
        round(cpu_seconds, 2),
        len(sizes),
        round(sizes[largest] / BYTES_PER_KB, 1),
        largest,
    )
