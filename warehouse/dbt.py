"""Run dbt against the warehouse and keep what it says about every node.

dbt runs within the process that asks for it: to start Python and import dbt anew takes
half as long as a build. It keeps its memory, so whoever asks should be a process that
ends, as a task of Airflow or a command is.
"""

import json
import logging
import os
import uuid
import warnings
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from sqlalchemy import URL, insert

from warehouse.connection import open_engine, reachable, warehouse_url
from warehouse.dbt_messages import mask_results, without_values
from warehouse.dbt_surroundings import (
    kept_connections,
    rarer_collections,
    settings,
    urgent_first,
)
from warehouse.errors import DbtBuildError
from warehouse.increments import recorded_build
from warehouse.tables import create_all, dbt_results
from warehouse.warned_tests import write_warned_tests

PROJECT = Path(__file__).parents[1] / "dbt_project"
LOG = logging.getLogger(__name__)
# What every session of a build asks of its server, whoever set that up. Nothing is lost
# by not waiting for the disk at each of a thousand commits: that the build succeeded is
# written last and waited for, and until then it has to be done again. To compile
# queries costs more than it saves where hundreds of them take a second each. Threads
# fill a small machine by themselves, and helpers of each would share memory of which a
# container has little.
SESSION = {
    "work_mem": "64MB",
    "synchronous_commit": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}
LINES_KEPT = 40
NODES_NAMED = 3
BAD = frozenset({"error", "fail", "runtime error"})

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DbtReport:
    """The outcome of one `dbt build`.

    Attributes:
        run_id: Of its rows in `ops.dbt_results`.
        passed: Nodes that did what they should.
        warned: Names of the tests that warn.
        skipped: Nodes that were not tried.
        seconds: How long dbt worked.
        full_refresh_reason: Why every model was built from nothing; None where only
            what was touched since the last good build was.
    """

    run_id: str
    passed: int
    warned: tuple[str, ...]
    skipped: int
    seconds: float
    full_refresh_reason: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the report as values that JSON knows."""
        return {**asdict(self), "warned": list(self.warned)}


def build(  # noqa: PLR0913 - each is a choice of `dbt build`
    project_dir: Path = PROJECT,
    *,
    url: str | None = None,
    select: str | None = None,
    exclude: str | None = None,
    full_refresh: bool = False,
    variables: Json | None = None,
    target_dir: Path | None = None,
) -> DbtReport:
    """Run `dbt build` and record every node's result in `ops.dbt_results`.

    Args:
        project_dir: The dbt project; its `profiles.yml` stands in it.
        url: The warehouse. None takes `WAREHOUSE_URL`.
        select: Which nodes, in dbt's words. None takes all.
        exclude: Which nodes not.
        full_refresh: Build every model from nothing, also where what changed since
            the last good build does not ask for it.
        variables: dbt's `--vars`.
        target_dir: Where dbt writes. None takes `target` in the project.

    Raises:
        DbtBuildError: A node failed, or dbt did not get as far as running any.
        WarehouseUnavailableError: The database cannot be reached.
    """
    target = target_dir or project_dir / "target"
    options = []
    for name, value in (("--select", select), ("--exclude", exclude)):
        options += [name, value] if value else []
    if variables:
        options += ["--vars", json.dumps(variables)]
    _prepare(url)
    with recorded_build(
        project_dir,
        url=url,
        is_whole=select is None and _names_tests_alone(exclude or ""),
        is_asked_for=full_refresh,
        variables=variables,
    ) as recorded:
        if recorded.full_refresh_reason:
            LOG.info("All is built from nothing: %s.", recorded.full_refresh_reason)
            options.append("--full-refresh")
        outcome = run("build", project_dir, target, url=url, options=options)
        return _judged(outcome, url, recorded.full_refresh_reason)


@dataclass(frozen=True, slots=True)
class DbtOutcome:
    """How a dbt command ended.

    Attributes:
        code: Its exit code.
        reason: The last that it said, in one line.
        results: When it ended, how long it took and what became of every node, where
            it ran any. They come from the run itself and not from `run_results.json`,
            which may be another run's by now.
    """

    code: int
    reason: str
    results: Json | None = None


def run(
    command: str,
    project_dir: Path,
    target_dir: Path,
    *,
    url: str | None = None,
    options: Sequence[str] = (),
) -> DbtOutcome:
    """Run one dbt command, such as `docs generate`; its output goes to our log."""
    # Here and not above: it takes a second, which only those who run dbt shall wait.
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    folders = {
        "--project-dir": project_dir,
        "--profiles-dir": project_dir,
        "--target-path": target_dir.absolute(),
        "--log-path": target_dir.absolute(),
    }
    arguments = [text for pair in folders.items() for text in map(str, pair)]
    last: deque[str] = deque(maxlen=LINES_KEPT)

    def hear(event: Any) -> None:  # noqa: ANN401 - dbt's own generated class
        if event.info.level != "debug" and event.info.msg.strip():
            is_plain = event.info.level == "info"
            said = event.info.msg if is_plain else without_values(event.info.msg)
            last.append(said)
            LOG.info("%s", said)

    quiet = ["--no-use-colors", "--log-level", "none", "--log-level-file", "none"]
    with (
        settings(environment(warehouse_url(url)) | _session_settings()),
        kept_connections(),
        rarer_collections(),
        urgent_first(),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # dbt's own, which nobody here can mend
        result = dbtRunner(callbacks=[hear]).invoke(
            [*quiet, *command.split(), *arguments, *options]
        )
    if result.exception:
        last.append(without_values(str(result.exception)))
    mask_results(target_dir)
    return DbtOutcome(
        0 if result.success else 1, _reason(last), _results(result.result)
    )


def _results(found: Any) -> Json | None:  # noqa: ANN401 - another class per command
    from dbt.artifacts.schemas.run import RunExecutionResult  # noqa: PLC0415 - as above

    if not isinstance(found, RunExecutionResult):
        return None
    return {
        "ended_at": found.generated_at.replace(tzinfo=UTC),  # dbt leaves the zone out
        "elapsed_time": found.elapsed_time,
        "results": [
            {
                "unique_id": result.node.unique_id,
                "status": str(result.status),
                "execution_time": result.execution_time,
                "adapter_response": result.adapter_response or {},
                "message": result.message and without_values(result.message),
            }
            for result in found.results
        ],
    }


def environment(url: URL) -> dict[str, str]:
    """Return the variables that the project's `profiles.yml` reads."""
    return {
        "WAREHOUSE_HOST": url.host or "localhost",
        "WAREHOUSE_PORT": str(url.port or 5432),
        "WAREHOUSE_USER": url.username or "",
        "WAREHOUSE_PASSWORD": str(url.password or ""),
        "WAREHOUSE_NAME": url.database or "",
        # As libpq would choose: encrypted where the server can.
        "WAREHOUSE_SSLMODE": str(url.query.get("sslmode", "prefer")),
        "DO_NOT_TRACK": "1",
    }


def _session_settings() -> dict[str, str]:
    """Return what libpq hands to the server with every login.

    What somebody set before comes last, and so prevails.
    """
    ours = [f"-c {name}={value}" for name, value in SESSION.items()]
    return {"PGOPTIONS": " ".join([*ours, os.environ.get("PGOPTIONS", "")]).strip()}


def _prepare(url: str | None) -> None:
    engine = open_engine(url)
    with reachable(engine):
        create_all(engine)
    engine.dispose()


def _names_tests_alone(exclude: str) -> bool:
    return all(word.startswith("test_type:") for word in exclude.split())


def _judged(
    outcome: DbtOutcome, url: str | None, full_refresh_reason: str | None
) -> DbtReport:
    results = outcome.results
    if results is None:
        raise DbtBuildError(f"dbt could not build anything: {outcome.reason}")
    run_id = _record(results, url)
    _raise_failures(results["results"])
    if outcome.code:
        raise DbtBuildError(f"dbt build failed: {outcome.reason}")
    return _report(run_id, results, full_refresh_reason)


def _record(results: Json, url: str | None) -> str:
    run_id = uuid.uuid4()
    rows = [
        {
            "run_id": run_id,
            "node": result["unique_id"],
            "status_code": result["status"],
            "seconds": round(result["execution_time"], 3),
            "row_count": result["adapter_response"].get("rows_affected"),
            "message": result["message"],
            "ended_at": results["ended_at"],
        }
        for result in results["results"]
    ]
    engine = open_engine(url)
    if rows:
        with engine.begin() as connection:
            connection.execute(insert(dbt_results), rows)
            write_warned_tests(connection)
    engine.dispose()
    return str(run_id)


def _raise_failures(results: Sequence[Json]) -> None:
    failed = [result for result in results if result["status"] in BAD]
    if not failed:
        return
    names = [_name(result) for result in failed[:NODES_NAMED]]
    more = f" and {len(failed) - NODES_NAMED} more" if failed[NODES_NAMED:] else ""
    reason = " ".join(str(failed[0]["message"] or "no reason given").split())
    raise DbtBuildError(
        f"dbt build failed at {', '.join(names)}{more} ({reason}): look at "
        "ops.dbt_results, correct it and build again.",
        [_name(result) for result in failed],
    )


def _report(run_id: str, results: Json, full_refresh_reason: str | None) -> DbtReport:
    states = [result["status"] for result in results["results"]]
    return DbtReport(
        run_id=run_id,
        passed=sum(state in {"success", "pass"} for state in states),
        warned=tuple(
            _name(result) for result in results["results"] if result["status"] == "warn"
        ),
        skipped=states.count("skipped"),
        seconds=round(results["elapsed_time"], 1),
        full_refresh_reason=full_refresh_reason,
    )


def _name(result: Json) -> str:
    # model.project.name, test.project.name.hash, unit_test.project.model.name
    parts = result["unique_id"].split(".")
    return str(parts[3] if parts[0] == "unit_test" else parts[2])


def _reason(lines: Sequence[str]) -> str:
    """Return the error that dbt ended with, without time stamps, in one line."""
    said = [" ".join(line.split()) for line in lines]
    begin = next(
        (place for place, line in enumerate(said) if "Error" in line), len(said) - 1
    )
    return " ".join(said[max(begin, 0) :])[:500] or "it said nothing."
