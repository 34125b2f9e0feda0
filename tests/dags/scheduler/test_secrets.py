"""Runs that go wrong, and are told of: no secret in whatever Airflow keeps of them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from sandbox.airflow.daemons import METADATA
from tests import search
from tests.dags.scheduler.stage import CHECK, SECRETS, Stage

pytestmark = pytest.mark.long

AWAY = {"kind": "unavailable", "path": "aMeetingPilot2020Kobo1", "count": None}
RECEIVERS = {
    "team": {"webhook": "team"},
    "chat": {"slack": "slack_team"},
    "office": {"email": ["office@programme.example"]},
}
EACH_SECONDS = 0.2


@contextmanager
def processes_watched(words: set[str]) -> Iterator[search.Found]:
    """Yield what is found in lists of processes that are taken again and again."""
    found: search.Found = set()
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(EACH_SECONDS):
            found.update(search.in_processes(words))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        is_over.set()
        thread.join()


def tell_everybody(stage: Stage) -> None:
    registry = yaml.safe_load(stage.registry.read_text())
    registry["alerts"] = {"receivers": RECEIVERS}
    stage.registry.write_text(yaml.safe_dump(registry, sort_keys=False))


def secrets_of(stage: Stage) -> set[str]:
    kept = (stage.home.root / "secrets").iterdir()
    return {
        *SECRETS.values(),
        stage.kobo.token,
        stage.server.password,
        *(path.read_text().strip() for path in kept),
    }


def test_a_run_that_fails_and_is_told_of_shows_no_secret(stage: Stage) -> None:
    secrets = secrets_of(stage)
    tell_everybody(stage)
    stage.kobo.set_faults(AWAY | {"seconds": 0})

    with processes_watched({*secrets, "scheduler"}) as listed:
        landed, built = stage.pull()
        checked = stage.caused(built, CHECK)

    # The mail server is away, which is an error of its own.
    assert (landed.state, built.state, checked.state) == ("failed", "success", "failed")
    paths = [path for path, _, _ in stage.web.taken]
    assert f"/services/{SECRETS['slack']}" in paths
    assert "/" in paths
    said = "\n".join(read(stage.home.airflow / "logs"))
    assert "could not be reached" in said
    assert "did not land" in said or "answered 503" in said

    kept = {stage.home.root / "secrets", stage.home.airflow / "passwords.json"}
    postgres = stage.home.postgres
    but = [*kept, postgres, postgres.with_name("postgres.password")]
    assert search.in_files([stage.home.root], secrets, but=but) == set()
    assert search.in_files([postgres / "log"], secrets) == set()
    assert search.in_database(stage.server.url(METADATA), secrets) == set()
    assert search.in_database(stage.warehouse_url, secrets, but=["raw"]) == set()
    assert {word for _, word in listed} == {"scheduler"}


def read(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.log"):
        yield path.read_text(errors="replace")
