"""The benchmark's parts at a size of no weight; nothing here asserts a time."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest

from benchmarks.contenders.job import Job
from benchmarks.journals.files import JournalFiles, write_journals
from benchmarks.journals.make import JournalMaker, edited
from benchmarks.race.plan import BENCH_PYTHON, DLT, EDITED_SHARE
from benchmarks.race.process import Outcome, run_contender
from benchmarks.results.ratios import TARGETS
from benchmarks.server.running import RunningServer, running_server
from sandbox.errors import SandboxError

REPOSITORY = Path(__file__).parents[2]
COUNT = 300
EDITED = round(COUNT * EDITED_SHARE)
Journals = dict[int, dict[str, Any]]


@pytest.fixture(scope="module")
def maker() -> JournalMaker:
    return JournalMaker.of_pilot()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, maker: JournalMaker) -> Path:
    folder = tmp_path_factory.mktemp("journals")
    write_journals(folder, maker, COUNT)
    return folder


@pytest.fixture
def server(folder: Path) -> Iterator[RunningServer]:
    with running_server(folder) as server:
        yield server


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
    first = run("ours", job)
    assert first.facts == {"journals": COUNT, "new": COUNT, "edited": 0}
    before = "select submission_id, payload from raw.kobo__journals"
    assert landed(job, before) == held(folder)

    assert run("ours", job).facts == {"journals": COUNT, "new": 0, "edited": 0}

    assert server.edit(EDITED_SHARE, seed=1) == EDITED
    again = run("ours", job)
    assert again.facts == {"journals": COUNT, "new": 0, "edited": EDITED}
    edits = landed(job, f"{before} where change_code = 'edited'")
    assert len(edits) == EDITED
    assert all("meta/deprecatedID" in journal for journal in edits.values())


def test_the_sweep_alone_downloads_little(job: Job, server: RunningServer) -> None:
    run("sweep", job)
    of_sweep = server.sent()
    run("floor", job)

    assert 0 < of_sweep < (server.sent() - of_sweep) / 5


def test_pandas_lands_every_journal(job: Job) -> None:
    run("frame", job)
    query = 'select "_id", "j/ingresos/fuentes" from journals where mode is not null'

    assert len(landed(job, query)) == COUNT


def test_dlt_lands_every_journal_once_however_often_it_runs(job: Job) -> None:
    if not BENCH_PYTHON.exists():
        pytest.skip("dlt lives in .venv-bench, which `make bench-ingest` makes")
    for _ in range(2):
        run("dlt_pipeline", job, DLT.python)

    query = "select _id, family_code from journals_of_dlt.journals"
    assert len(landed(job, query)) == COUNT
    with psycopg.connect(job.database_url) as connection:
        (count,) = connection.execute(DLT.count_sql).fetchone() or (0,)
    assert count == COUNT


def test_a_contender_that_fails_says_why(job: Job) -> None:
    run("floor", job)
    with pytest.raises(SandboxError, match='relation "journals" already exists'):
        run("floor", job)


def test_journals_are_alike_but_never_the_same(maker: JournalMaker) -> None:
    count = len(maker.originals) + 1
    journals = list(maker.journals(count))
    first, last = journals[0], journals[-1]

    assert first == next(maker.journals(1))
    assert first.keys() == last.keys()
    assert len({journal["_uuid"] for journal in journals}) == count
    assert {key for key in first if first[key] != last[key]} > {
        *("_id", "_uuid", "family_code", "start", "j/savings/sav_balance"),
    }


def test_edits_are_taken_back(server: RunningServer, job: Job, folder: Path) -> None:
    server.edit(EDITED_SHARE, seed=1)
    server.restore()
    run("floor", job)

    assert landed(job, "select id, payload from journals") == held(folder)


def test_the_last_line_is_one_object_with_every_ratio(tmp_path: Path) -> None:
    written = tmp_path / "measured.json"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks", "ingest", "--repeat", "1"),
            *("--contender", "floor", "--contender", "ours"),
            *("--journals", "300", "--journals", "400", "--json", str(written)),
        ],
        cwd=REPOSITORY,
        env={"SANDBOX_HOME": str(tmp_path / "home"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ratios = json.loads(done.stdout.splitlines()[-1])

    assert set(ratios) == {target.name for target in TARGETS} | {"journals"}
    assert ratios["journals"] == 300
    assert ratios["first_load_vs_floor"] > 0
    assert ratios["first_load_vs_dlt"] is None
    measured = json.loads(written.read_text())
    assert measured["ratios"] == ratios
    sizes = [line["journals"] for line in measured["lines"]]
    assert sizes == [300] * 5 + [400] * 5
    # Nothing is left of a run but what it measured.
    assert list((tmp_path / "home" / "benchmarks").iterdir()) == []


def test_an_edit_keeps_what_tells_who_it_is(maker: JournalMaker) -> None:
    journal = next(maker.journals(1))
    after = edited(journal, random.Random(1))  # noqa: S311 - nothing here is secret

    assert after["_id"] == journal["_id"]
    assert after["meta/rootUuid"] == journal["meta/rootUuid"]
    assert after["_uuid"] != journal["_uuid"]
    assert after["meta/deprecatedID"] == journal["meta/instanceID"]
