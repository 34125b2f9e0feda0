"""What each contender leaves behind; nothing here asserts a time."""

import sys
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest

from benchmarks.contenders.job import Job
from benchmarks.journals.files import JournalFiles
from benchmarks.race.plan import BENCH_PYTHON, DLT, EDITED_SHARE
from benchmarks.race.process import Outcome, run_contender
from benchmarks.server.running import RunningServer
from sandbox.errors import SandboxError

Journals = dict[int, dict[str, Any]]


@pytest.fixture
def job(server: RunningServer, empty_warehouse: str, tmp_path: Path) -> Job:
    uid = JournalFiles(server.folder).form["uid"]
    return Job(server.url, uid, empty_warehouse, str(tmp_path))


def held(folder: Path) -> Journals:
    """Return what the server holds before any edit, by id."""
    rows = JournalFiles(folder).rows
    journals = [orjson.loads(rows.at(place)) for place in range(len(rows))]
    return {journal["_id"]: journal for journal in journals}


def landed(job: Job, query: str) -> Journals:
    with psycopg.connect(job.database_url) as connection:
        return {int(key): payload for key, payload in connection.execute(query)}


def run(module: str, job: Job, python: str = sys.executable) -> Outcome:
    return run_contender(python, module, job, lambda _: None)


def test_the_floor_lands_what_the_server_holds(job: Job, folder: Path) -> None:
    run("floor", job)

    assert landed(job, "select id, payload from journals") == held(folder)


def test_ours_lands_what_the_server_holds_and_then_what_was_edited(
    job: Job, folder: Path, server: RunningServer
) -> None:
    count, edited = len(held(folder)), round(EDITED_SHARE * len(held(folder)))
    first = run("ours", job)
    assert first.facts == {"journals": count, "new": count, "edited": 0}
    before = "select submission_id, payload from raw.forms__journals"
    assert landed(job, before) == held(folder)

    assert run("ours", job).facts == {"journals": count, "new": 0, "edited": 0}

    assert server.edit(EDITED_SHARE, seed=1) == edited
    again = run("ours", job)
    assert again.facts == {"journals": count, "new": 0, "edited": edited}
    edits = landed(job, f"{before} where change_code = 'edited'")
    assert len(edits) == edited
    assert all("meta/deprecatedID" in journal for journal in edits.values())


def test_edits_are_taken_back(server: RunningServer, job: Job, folder: Path) -> None:
    server.edit(EDITED_SHARE, seed=1)
    server.restore()
    run("floor", job)

    assert landed(job, "select id, payload from journals") == held(folder)


def test_the_sweep_alone_downloads_little(job: Job, server: RunningServer) -> None:
    run("sweep", job)
    of_sweep = server.sent()
    run("floor", job)

    assert 0 < of_sweep < (server.sent() - of_sweep) / 5


def test_pandas_lands_every_journal(job: Job, folder: Path) -> None:
    run("frame", job)
    query = 'select "_id", "j/ingresos/fuentes" from journals where mode is not null'

    assert landed(job, query).keys() == held(folder).keys()


def test_dlt_lands_every_journal_once_however_often_it_runs(
    job: Job, folder: Path
) -> None:
    if not BENCH_PYTHON.exists():
        pytest.skip("dlt lives in .venv-bench, which `make bench-ingest` makes")
    for _ in range(2):
        run("dlt_pipeline", job, DLT.python)

    query = "select _id, family_code from journals_of_dlt.journals"
    assert landed(job, query).keys() == held(folder).keys()
    with psycopg.connect(job.database_url) as connection:
        (count,) = connection.execute(DLT.count_sql).fetchone() or (0,)
    assert count == len(held(folder))


def test_a_contender_that_fails_says_why(job: Job) -> None:
    run("floor", job)
    with pytest.raises(SandboxError, match='relation "journals" already exists'):
        run("floor", job)
