"""Landing, as a person at the command line meets it."""

import json
from pathlib import Path

import pytest

from ingestion.registry import load_registry
from sandbox.kobo import KoboServer
from tests.ingestion.command_line.commands import SetConnection, objects, run
from tests.ingestion.conftest import REGISTRY, Rows
from tests.ingestion.small_forms import UID, day


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


def test_a_wrong_token_is_one_sentence(
    registry: Path, server: KoboServer, connect_with: SetConnection
) -> None:
    connect_with(token="0" * 40)

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
    registry: Path, connect_with: SetConnection
) -> None:
    connect_with(host="http://127.0.0.1:9")

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


def test_failures_are_objects_too(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_KOBO_TEST")

    code, out, err = run("land", "--json")

    failed, landed = objects(out)
    assert (code, err) == (1, "")
    assert failed["form"] == "journal"
    assert failed["error"]["kind"] == "connection_missing"
    assert "'kobo_test' is not configured" in failed["error"]["message"]
    assert (landed["form"], landed["new"]) == ("corrections", 1)
    assert registry.exists()


def test_what_stops_every_form_is_an_object_without_a_form(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", "postgresql://me:secret@127.0.0.1:9/w")

    code, out, err = run("land", "--json")

    (failed,) = objects(out)
    assert (code, err, failed["form"]) == (1, "", None)
    assert failed["error"]["kind"] == "warehouse_unavailable"
    assert registry.exists()


def test_an_unmapped_question_is_named_with_what_to_do(
    registry: Path, server: KoboServer
) -> None:
    server.set_clock(day(60))

    code, _, err = run("land", "--form", "journal")

    assert code == 0
    assert "no field map names mood: draft their names with" in " ".join(err.split())
    assert "propose-map --form journal" in err
    assert registry.exists()


def test_an_unmapped_column_of_a_file_is_to_be_written_into_the_map(
    registry: Path,
) -> None:
    file = registry.parent / "finance" / "corrections.csv"
    known = load_registry(registry).forms[-1].field_map.known_paths(None)
    columns = ["correction_ref", *sorted(known - {"correction_ref"}), "mood"]
    file.write_text(f"{','.join(columns)}\nC-1{',' * len(known)}good\n")

    code, _, err = run("land", "--form", "corrections", columns=300)

    assert code == 0
    assert "no field map names mood: write their names into " in err
    assert "corrections.yml (see ops.unmapped_questions)" in err
    assert "propose-map" not in err
