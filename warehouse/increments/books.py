"""The books of builds: what each was told of, and what the last good one had seen.

A build is told of the runs of ingestion that have committed when it begins. They are
noted as built when it has succeeded, and not by their times: a run that commits late is
found by the next build all the same, and a build that fails leaves them for the next.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, text, update

from warehouse.connection import open_engine, reachable
from warehouse.increments.at_work import building
from warehouse.increments.fingerprint import Fingerprint, differences, fingerprint_of
from warehouse.tables import build_runs, builds, sync_runs

ADD_PENDING_RUNS = text("""
insert into ops.build_runs (run_id)
select run_id from ops.sync_runs where status_code = 'succeeded'
on conflict do nothing
""")
# Another project of dbt, or a build that is not of all models, has no such tables.
HAS_STATES = text("""
select
    to_regclass('intermediate.int_family_states') is not null
    and to_regclass('intermediate.int_families_touched') is not null
    and to_regclass('intermediate.int_family_months') is not null
""")
COUNT_TOUCHED = text("select count(*) from intermediate.int_families_touched")
FORGET_TOUCHED = text("delete from intermediate.int_families_touched")
FORGET_STATES = text("delete from ops.built_families")
KEEP_STATES = text("""
insert into ops.built_families (release_code, family_key, state_hash, next_due_date)
select
    states.release_code,
    states.family_key,
    states.state_hash,
    min(months.journal_due_date)
from intermediate.int_family_states as states
left join intermediate.int_family_months as months
    on
        states.release_code = months.release_code
        and states.family_key = months.family_key
        and months.journal_status_code = 'not_yet_due'
group by states.release_code, states.family_key, states.state_hash
""")


@dataclass(frozen=True, slots=True)
class Build:
    """A build that is about to begin.

    Attributes:
        full_refresh_reason: Why every model is built from nothing, in words that end a
            sentence; None where only what was touched is.
    """

    full_refresh_reason: str | None


@contextmanager
def recorded_build(
    project_dir: Path,
    *,
    url: str | None,
    is_whole: bool,
    is_asked_for: bool,
    variables: Mapping[str, Any] | None,
) -> Iterator[Build]:
    """Say what to build, and note that it was built if the block ends well.

    A build of some of the models is told of what landed too, and moves nothing: the
    next whole one finds it again.

    Args:
        project_dir: The dbt project.
        url: The warehouse. None takes `WAREHOUSE_URL`.
        is_whole: Whether all models are built.
        is_asked_for: Whether a person wants every model built from nothing.
        variables: dbt's `--vars`.
    """
    engine = open_engine(url)
    try:
        with reachable(engine), building(engine):
            with engine.begin() as connection:
                connection.execute(ADD_PENDING_RUNS)
                now = fingerprint_of(connection, project_dir, variables)
                reason = _reason(connection, now, is_whole=is_whole)
                build = Build("it was asked for" if is_asked_for else reason)
                build_id = _begin(connection, build, now) if is_whole else None
            if build_id is None:
                yield build
            else:
                with _ended(engine, build_id):
                    yield build
    finally:
        engine.dispose()


def _reason(connection: Connection, now: Fingerprint, *, is_whole: bool) -> str | None:
    last = connection.execute(
        select(builds.c.build_id, builds.c.fingerprint)
        .where(builds.c.status_code == "succeeded")
        .order_by(builds.c.build_id.desc())
        .limit(1)
    ).first()
    if last is None:
        return "no build of all models has succeeded yet" if is_whole else None
    # What one of them wrote, another fingerprint may have asked for.
    failed = select(func.count()).where(
        builds.c.build_id > last.build_id, builds.c.full_refresh_reason.is_not(None)
    )
    if connection.execute(failed).scalar_one():
        return "the last time that everything was built from nothing it failed"
    differing = differences(last.fingerprint, now)
    if differing:
        return f"since the last good build other {' and '.join(differing)} hold"
    reread = (
        select(func.count())
        .select_from(
            build_runs.join(sync_runs, build_runs.c.run_id == sync_runs.c.run_id)
        )
        .where(build_runs.c.built_at.is_(None), sync_runs.c.kind_code == "remap")
    )
    if connection.execute(reread).scalar_one():
        return "answers were read anew"
    return None


def _begin(connection: Connection, build: Build, now: Fingerprint) -> int:
    build_id: int = connection.execute(
        insert(builds)
        .values(
            status_code="running",
            full_refresh_reason=build.full_refresh_reason,
            fingerprint=now,
        )
        .returning(builds.c.build_id)
    ).scalar_one()
    return build_id


@contextmanager
def _ended(engine: Engine, build_id: int) -> Iterator[None]:
    """Note how the build ended; where that cannot be noted it counts as failed."""
    try:
        yield
    except BaseException:
        with engine.begin() as connection:
            _note(connection, build_id, status_code="failed")
        raise
    with engine.begin() as connection:
        touched = None
        if connection.execute(HAS_STATES).scalar_one():
            touched = connection.execute(COUNT_TOUCHED).scalar_one()
            for statement in (FORGET_TOUCHED, FORGET_STATES, KEEP_STATES):
                connection.execute(statement)
        connection.execute(
            update(build_runs)
            .where(build_runs.c.built_at.is_(None))
            .values(built_at=func.now())
        )
        _note(
            connection,
            build_id,
            status_code="succeeded",
            touched_family_count=touched,
        )


def _note(connection: Connection, build_id: int, **values: object) -> None:
    connection.execute(
        update(builds)
        .where(builds.c.build_id == build_id)
        .values(ended_at=func.now(), **values)
    )
