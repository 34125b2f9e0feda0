"""`make release`: build what was known at a cut-off, and freeze it once."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import yaml
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from warehouse import dbt
from warehouse.errors import ReleaseError
from warehouse.releases.definition import Release, defined_release, require_same_day
from warehouse.releases.freezing import freeze
from warehouse.releases.mart_queries import MartQuery, mart_queries
from warehouse.releases.ready import ready_engine
from warehouse.releases.verification import frozen_row, require_untouched

COMMIT_VARIABLE = "GIT_COMMIT"  # of an image, which holds no repository
# A number of our own, so that two commands do not freeze at once.
FREEZING_LOCK = 20_210_701
# They test the models' logic on made-up rows, not what landed.
UNIT_TESTS = "test_type:unit"
# What shows a release that was just frozen, or compares with it.
SHOWING = "dim_releases+ fct_metric_values+ fct_submission_changes+"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A release that is frozen.

    Attributes:
        schema: Where.
        table_count: How many tables it has beside `release_information`.
        is_new: Whether this run froze it; else it was found untouched.
        frozen_at: When.
    """

    schema: str
    table_count: int
    is_new: bool
    frozen_at: datetime


def release(
    code: str,
    as_of: date,
    url: str | None = None,
    target_dir: Path | None = None,
    *,
    frozen_by: str | None = None,
) -> Frozen:
    """Build and freeze a release, or find it frozen and untouched.

    Args:
        code: Of a row of `seeds/releases.csv`.
        as_of: The last day, in UTC, whose arrivals count; the seed says the same.
        url: The warehouse. None takes `WAREHOUSE_URL`.
        target_dir: Where dbt writes. None takes `target` in the project.
        frozen_by: Who agreed to it; None is the account that runs the command.

    Raises:
        ReleaseError: The seed or the frozen release says otherwise, or somebody has
            changed what was frozen.
        DbtBuildError: The build or one of its tests failed; nothing is frozen.
        WarehouseUnavailableError: The database cannot be reached.
    """
    with ready_engine(url) as engine:
        before = _already_frozen(engine, code, as_of)
        if before:
            return before
        defined = defined_release(code)
        require_same_day(as_of, defined.known_as_of, code, "releases.csv defines")
        _require_past(engine, defined)
        target = target_dir or dbt.PROJECT / "target"
        dbt.build(url=url, exclude=UNIT_TESTS, target_dir=target)
        # A folder of its own: another variable would make the next build parse anew.
        queries = mart_queries(code, url, target / "release")
        frozen = _freeze(engine, defined, queries, frozen_by)
    dbt.build(url=url, select=SHOWING, exclude=UNIT_TESTS, target_dir=target)
    return frozen


def _already_frozen(engine: Engine, code: str, as_of: date) -> Frozen | None:
    with engine.begin() as connection:
        row = frozen_row(connection, code)
        if row is None:
            return None
        require_same_day(as_of, row.known_as_of, code, "There is a frozen")
        count = require_untouched(connection, row)
    return Frozen(row.schema_name, count, is_new=False, frozen_at=row.frozen_at)


def _require_past(engine: Engine, defined: Release) -> None:
    with engine.connect() as connection:
        now = connection.execute(text("select now()")).scalar_one()
    if defined.known_as_of >= now:
        raise ReleaseError(
            f"Release {defined.code} counts what is known until "
            f"{defined.known_as_of:%Y-%m-%d %H:%M} UTC, which has not passed: freeze "
            "it afterwards."
        )


def _freeze(
    engine: Engine,
    defined: Release,
    queries: Sequence[MartQuery],
    frozen_by: str | None,
) -> Frozen:
    try:
        with engine.begin() as connection:
            _alone(connection, defined.code)
            contents = freeze(
                connection,
                defined,
                queries,
                git_commit=git_commit(),
                project_version=project_version(),
                frozen_by=frozen_by,
            )
            frozen_at = connection.execute(text("select now()")).scalar_one()
    except DBAPIError as error:
        said = str(error.orig).strip().partition("\n")[0]
        raise ReleaseError(
            f"Release {defined.code} could not be frozen, and nothing of it was kept: "
            f"{said}. Look at the marts that are part of releases and try again."
        ) from error
    return Frozen(defined.schema, len(contents), is_new=True, frozen_at=frozen_at)


def _alone(connection: Connection, code: str) -> None:
    connection.execute(text(f"select pg_advisory_xact_lock({FREEZING_LOCK})"))
    if frozen_row(connection, code):
        raise ReleaseError(f"Release {code} has been frozen meanwhile by another run.")


def git_commit() -> str | None:
    """Return the commit of the code that runs, `-dirty` where files differ from it."""
    git = shutil.which("git")
    if os.environ.get(COMMIT_VARIABLE) or git is None:
        return os.environ.get(COMMIT_VARIABLE)
    asked = [git, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    said = subprocess.run(  # noqa: S603 - no part of it comes from outside
        asked, cwd=dbt.PROJECT, capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or None


def project_version(project_dir: Path = dbt.PROJECT) -> str:
    """Return the version that the dbt project states."""
    stated = yaml.safe_load((project_dir / "dbt_project.yml").read_text())
    return str(stated["version"])
