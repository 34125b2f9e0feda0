"""Build the warehouse on one panel and measure everything on it."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.builds.own_process import TaskOutcome, run_task
from benchmarks.builds.plan import FAMILY_MONTHS, UNIT_TESTS
from benchmarks.builds.queries import (
    Timed,
    cookbook_questions,
    dashboard_questions,
    time_questions,
)
from benchmarks.panels.landing import Landed, land_arrivals, land_panel
from benchmarks.panels.shape import Panel
from benchmarks.panels.templates import Templates
from sandbox.demo.progress import Steps
from sandbox.errors import SandboxError
from sandbox.postgres import Postgres

DATABASE = "benchmark_warehouse"
READ_NODES = """
select node, seconds::float, row_count from ops.dbt_results
where run_id = %s
order by seconds desc, node
"""
COUNT_MONTHS = """
select journal_status_code, count(*) from marts.fct_family_months group by 1
"""
SUM_MONTHS = """
select
    coalesce(sum(income_local), 0)::float as income_local,
    coalesce(sum(income_programme_local), 0)::float as income_programme_local,
    coalesce(sum(savings_balance_local), 0)::float as savings_balance_local
from marts.fct_family_months
"""


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a build.

    Attributes:
        name: In dbt's words, its kind first.
        seconds: How long it took, while others ran beside it.
        row_count: How many rows it made; None where Postgres did not tell.
    """

    name: str
    seconds: float
    row_count: int | None


@dataclass(frozen=True, slots=True)
class Build:
    """One `dbt build`.

    Attributes:
        seconds: Wall time, reading the project included.
        node_seconds: Of it, the wall time from the first node to the last.
        nodes: The slowest first.
        warned: Names of the tests that warn.
    """

    seconds: float
    node_seconds: float
    nodes: list[Node]
    warned: list[str]


@dataclass(frozen=True, slots=True)
class MonthsRace:
    """The family months made twice.

    Attributes:
        build_seconds: By dbt, in the database, reading the project included.
        node_seconds: Of it, what the database took.
        frame_seconds: By pandas, from the raw answers.
        frame_peak_memory_mb: What pandas' process held at most.
        totals: What both came to.
    """

    build_seconds: float
    node_seconds: float
    frame_seconds: float
    frame_peak_memory_mb: float
    totals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything measured on one panel.

    Attributes:
        families: How many it has.
        months: How many each of them is expected to report on.
        rows: Of raw at the first build, by the role of their form.
        arrived: Journals, new or edited, that came before the second build.
        database_mb: After both.
        full: The first build, with every test.
        incremental: The second build, with every test too.
        dashboards: Every query of every dashboard.
        cookbook: Every query of the cookbook; empty where there is none.
        family_months: The race with pandas.
    """

    families: int
    months: int
    rows: Mapping[str, int]
    arrived: int
    database_mb: float
    full: Build
    incremental: Build
    dashboards: list[Timed]
    cookbook: list[Timed]
    family_months: MonthsRace


def measure_panel(
    panel: Panel, templates: Templates, server: Postgres, steps: Steps
) -> Measured:
    """Measure a panel in a database of its own, dropped afterwards.

    Raises:
        SandboxError: A build failed, or pandas came to other figures.
    """
    server.run_sql(f'drop database if exists "{DATABASE}" with (force)')
    server.ensure_database(DATABASE)
    try:
        with tempfile.TemporaryDirectory(prefix="dbt-") as folder:
            bench = _Bench(server.url(DATABASE), Path(folder), panel, steps)
            return _measure(bench, templates)
    finally:
        server.run_sql(f'drop database "{DATABASE}" with (force)')


def build_panel(
    panel: Panel, templates: Templates, server: Postgres, steps: Steps
) -> None:
    """Build the warehouse on a panel and leave it there, in `DATABASE`.

    Raises:
        SandboxError: The build failed.
    """
    server.run_sql(f'drop database if exists "{DATABASE}" with (force)')
    server.ensure_database(DATABASE)
    with tempfile.TemporaryDirectory(prefix="dbt-") as folder:
        bench = _Bench(server.url(DATABASE), Path(folder), panel, steps)
        _land(bench, templates)
        bench.build("full build", exclude=UNIT_TESTS)


def is_built(server: Postgres) -> bool:
    """Return whether a panel was built there and left."""
    server.ensure_database(DATABASE)
    found = _run_sql(server.url(DATABASE), "select to_regclass('ops.builds')::text")
    if found[0][0] is None:
        return False
    good = "select count(*) from ops.builds where status_code = 'succeeded'"
    return bool(_run_sql(server.url(DATABASE), good)[0][0])


@dataclass(frozen=True, slots=True)
class _Bench:
    """What every step of one panel needs."""

    url: str
    folder: Path
    panel: Panel
    steps: Steps

    def build(
        self,
        title: str,
        *,
        select: str | None = None,
        exclude: str | None = None,
        full_refresh: bool = False,
    ) -> Build:
        """Run dbt once."""
        _run_sql(self.url, "checkpoint")  # what was written before is on disk
        with self.steps.step(self.title(title)) as step:
            outcome = run_task(
                "build_models",
                {
                    **self.place,
                    "select": select,
                    "exclude": exclude,
                    "full_refresh": full_refresh,
                },
            )
            nodes = _nodes(self.url, outcome)
            step.outcome = f"{len(nodes)} nodes"
        return Build(
            round(outcome.seconds, 2),
            outcome.facts["node_seconds"],
            nodes,
            outcome.facts["warned"],
        )

    @property
    def place(self) -> dict[str, str]:
        """Where a task works."""
        return {"url": self.url, "folder": str(self.folder)}

    def title(self, title: str) -> str:
        """Return what a step is called."""
        return f"{self.panel.families:,} families: {title}"


def _measure(bench: _Bench, templates: Templates) -> Measured:
    panel, url = bench.panel, bench.url
    landed = _land(bench, templates)
    full = bench.build("full build")
    with bench.steps.step(bench.title("1 % arrives")) as step:
        arrived = land_arrivals(url, panel, templates).rows.get("journal", 0)
        step.outcome = f"{arrived:,} journals, new or edited"
    incremental = bench.build("build again")
    with bench.steps.step(bench.title("dashboards")) as step:
        dashboards = time_questions(url, dashboard_questions(), step.note)
        step.outcome = f"{len(dashboards)} queries"
    with bench.steps.step(bench.title("cookbook")) as step:
        cookbook = time_questions(url, cookbook_questions(), step.note)
        step.outcome = f"{len(cookbook)} queries"
    megabytes = _run_sql(url, "select pg_database_size(current_database()) / 1e6")
    return Measured(
        families=panel.families,
        months=panel.months,
        rows=landed.rows,
        arrived=arrived,
        database_mb=round(float(megabytes[0][0]), 1),
        full=full,
        incremental=incremental,
        dashboards=dashboards,
        cookbook=cookbook,
        family_months=_race(bench),
    )


def _land(bench: _Bench, templates: Templates) -> Landed:
    with bench.steps.step(bench.title("write raw")) as step:
        landed = land_panel(bench.url, bench.panel, templates, step.note)
        step.outcome = f"{landed.rows['journal']:,} journals"
    return landed


def _race(bench: _Bench) -> MonthsRace:
    """Make the family months in the database and in pandas.

    Raises:
        SandboxError: They differ.
    """
    built = bench.build("family months", select=FAMILY_MONTHS, full_refresh=True)
    known = _totals(bench.url)
    with bench.steps.step(bench.title("pandas")) as step:
        framed = run_task("frame_months", bench.place)
        step.outcome = f"{framed.peak_memory_mb:,.0f} MB held"
    if framed.facts != known:
        raise SandboxError(
            f"pandas came to other family months, {dict(framed.facts)}, than the "
            f"build, {known}: the race says nothing."
        )
    return MonthsRace(
        built.seconds,
        built.node_seconds,
        round(framed.seconds, 2),
        round(framed.peak_memory_mb, 1),
        known,
    )


def _totals(url: str) -> dict[str, float]:
    sums = _run_sql(url, SUM_MONTHS)[0]
    names = ("income_local", "income_programme_local", "savings_balance_local")
    return {
        **{str(code): count for code, count in _run_sql(url, COUNT_MONTHS)},
        **{name: round(total, 2) for name, total in zip(names, sums, strict=True)},
    }


def _nodes(url: str, outcome: TaskOutcome) -> list[Node]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(READ_NODES, (outcome.facts["run_id"],)).fetchall()
    return [Node(*row) for row in rows]


def _run_sql(url: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []
