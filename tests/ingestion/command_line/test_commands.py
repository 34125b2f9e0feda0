"""`python -m ingestion` as a person meets it: what it prints and how it ends."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingestion.command_line.app import app
from sandbox.kobo import KoboServer
from tests.ingestion.conftest import REGISTRY, Rows, settings, write_registry
from tests.ingestion.small_forms import UID, Life, day, forty

CORRECTIONS = "correction_ref,new_value\nC-1,5\n"


@pytest.fixture
def server() -> Iterator[KoboServer]:
    with KoboServer([forty(Life()).form()], clock=day(15)) as server:
        yield server


@pytest.fixture
def registry(
    server: KoboServer,
    tmp_path: Path,
    empty_warehouse: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    path = write_registry(tmp_path)
    (tmp_path / "finance").mkdir()
    (tmp_path / "finance" / "corrections.csv").write_text(CORRECTIONS)
    for name, value in settings(server, path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("WAREHOUSE_URL", empty_warehouse)
    return path


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def test_landing_everything_prints_a_line_per_form(registry: Path, rows: Rows) -> None:
    code, out, err = run("land")

    assert (code, err) == (0, "")
    assert out.splitlines()[0].startswith("journal: 40 new; 40 live (")
    assert out.splitlines()[1].startswith("corrections: 1 new; 1 live (")
    assert rows("select site_name from raw.registry__sites") == [{"site_name": "A"}]
    assert registry.exists()


def test_a_report_can_be_read_by_a_program(registry: Path) -> None:
    code, out, _ = run("land", "--form", "journal", "--json")

    report = json.loads(out)
    assert code == 0
    assert (report["form_id"], report["new"], report["unmapped"]) == (UID, 40, [])
    assert registry.exists()


def test_the_status_shows_the_last_run_of_every_form(registry: Path) -> None:
    run("land")

    code, out, _ = run("status", "--json")

    states = {row["role_code"]: row for row in map(json.loads, out.splitlines())}
    assert code == 0
    assert states["journal"]["status_code"] == "succeeded"
    assert states["journal"]["live_count"] == 40
    assert registry.exists()


def test_the_status_says_in_full_what_went_wrong(
    registry: Path, server: KoboServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = json.dumps({"host": server.url, "password": "0" * 40})
    monkeypatch.setenv("AIRFLOW_CONN_KOBO_TEST", value)
    _, _, said = run("land", "--form", "journal")

    _, out, _ = run("status")

    sentence = said.strip().removeprefix("journal: ")
    assert registry.exists()
    assert sentence.endswith(".")
    assert f"journal: {sentence}" in out.splitlines()


def test_a_check_lands_nothing(registry: Path, rows: Rows) -> None:
    code, out, _ = run("check")

    assert code == 0
    assert f"account 'owner' sees every submission of {UID}" in out
    assert rows("select 1 from ops.sync_runs") == []
    assert registry.exists()


def test_a_wrong_token_is_one_sentence(
    registry: Path, server: KoboServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = json.dumps({"host": server.url, "password": "0" * 40})
    monkeypatch.setenv("AIRFLOW_CONN_KOBO_TEST", value)

    code, out, err = run("land", "--form", "journal")

    assert (code, out) == (1, "")
    assert err.strip() == (
        f"journal: Kobo server 'kobo_test' at {server.url} does not accept the API "
        "token of connection 'kobo_test': put a valid one into AIRFLOW_CONN_KOBO_TEST."
    )
    assert registry.exists()


def test_a_form_uid_that_does_not_exist_is_one_sentence(
    registry: Path, rows: Rows
) -> None:
    registry.write_text(REGISTRY.replace(UID, "aDoesNotExist000000000"))

    code, _, err = run("land", "--form", "journal")

    assert code == 1
    assert "no form aDoesNotExist000000000: check the uid in the registry" in err
    assert len(err.strip().splitlines()) == 1
    assert rows("select 1 from raw.forms__journals") == []


def test_a_stopped_server_is_one_sentence(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = json.dumps({"host": "http://127.0.0.1:9", "password": "0" * 40})
    monkeypatch.setenv("AIRFLOW_CONN_KOBO_TEST", value)

    code, _, err = run("land", "--form", "journal")

    assert code == 1
    assert "at http://127.0.0.1:9 cannot be reached, tried 4 times" in err
    assert len(err.strip().splitlines()) == 1
    assert registry.exists()


def test_one_form_that_fails_does_not_keep_the_others_from_landing(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_KOBO_TEST")

    code, out, err = run("land")

    assert code == 1
    assert "journal: Connection 'kobo_test' is not configured" in err
    assert "corrections: 1 new" in out
    assert registry.exists()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "WAREHOUSE_URL is not set"),
        ("mysql://x/y", "is not a Postgres address"),
        ("postgresql://me:secret@127.0.0.1:9/w", "127.0.0.1:9/w could not be reached"),
    ],
)
def test_a_warehouse_that_is_not_there_is_one_sentence(
    registry: Path, monkeypatch: pytest.MonkeyPatch, url: str, reason: str
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", url)

    code, _, err = run("land")

    assert code == 1
    assert reason in err
    assert "secret" not in err
    assert len(err.strip().splitlines()) == 1
    assert registry.exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--form", "diary"], "has no form 'diary': it has journal, corrections"),
        (["--site", "MX-09"], "has no site 'MX-09'"),
        (["--approve-deletions"], "needs --form"),
    ],
)
def test_a_wrong_choice_is_one_sentence(
    registry: Path, arguments: list[str], reason: str
) -> None:
    code, _, err = run("land", *arguments)

    assert code == 1
    assert reason in err
    assert registry.exists()
