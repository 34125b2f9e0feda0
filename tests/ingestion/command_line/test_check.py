"""What `check` finds: each problem in a sentence of its own, with what to do."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from ingestion.checks import unmapped
from sandbox.kobo import KoboServer
from tests.ingestion.command_line.commands import SetConnection, objects, run
from tests.ingestion.conftest import NO_COHORT, REGISTRY, Rows
from tests.ingestion.small_forms import UID, day

SECOND = """\
  - {role: exit, server: kobo_test, form: aSecondFormForTests001, sites: [MX-01],
     field_map: maps/exit.yml}
"""


class _WebPage(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<h1>Welcome</h1>")

    def log_message(self, *_: object) -> None:
        """Print nothing."""


class _MissingPage(_WebPage):
    status = 404


@pytest.fixture(params=[_WebPage, _MissingPage], ids=["page", "missing page"])
def web_server(request: pytest.FixtureRequest) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), request.param)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def problems(form: str = "journal") -> list[tuple[str, str]]:
    """Return kind and message of each problem of a form."""
    _, out, _ = run("check", "--form", form, "--json")
    (found,) = objects(out)
    return [(one["kind"], one["message"]) for one in found["problems"]]


def test_a_check_lands_nothing(registry: Path, rows: Rows) -> None:
    code, out, err = run("check")

    assert (code, err) == (0, "")
    assert f"account 'owner' sees every submission of {UID}" in out
    assert rows("select 1 from ops.sync_runs") == []
    assert registry.exists()


def test_a_form_that_is_ready_is_an_object(registry: Path) -> None:
    code, out, _ = run("check", "--json")

    journal, corrections = objects(out)
    assert code == 0
    assert (journal["form"], journal["is_ready"]) == ("journal", True)
    assert (journal["version_count"], journal["problems"]) == (1, [])
    assert corrections["is_ready"] is True
    assert registry.exists()


def test_a_site_without_a_cohort_is_told_and_keeps_no_form_from_being_checked(
    registry: Path,
) -> None:
    registry.write_text(NO_COHORT)

    code, out, err = run("check")

    assert code == 1
    assert f"account 'owner' sees every submission of {UID}" in out
    assert err.startswith(f"No cohort of {registry} has MX-01, so")
    assert err.count("\n") == 1


def test_a_host_that_has_no_such_name(
    registry: Path, connect_with: SetConnection
) -> None:
    connect_with(host="http://no-such-host.invalid")

    ((kind, message),) = problems()

    assert kind == "source_unavailable"
    assert "no computer is known by that name" in message
    assert "check the connection's host" in message
    assert registry.exists()


def test_a_host_that_refuses(registry: Path, connect_with: SetConnection) -> None:
    connect_with(host="http://127.0.0.1:9")

    ((kind, message),) = problems()

    assert kind == "source_unavailable"
    assert "cannot be reached" in message
    assert "check the connection's host" in message
    assert message.endswith("Its address is in AIRFLOW_CONN_KOBO_TEST.")
    assert registry.exists()


def test_a_host_that_is_a_web_page(
    registry: Path, connect_with: SetConnection, web_server: str
) -> None:
    connect_with(host=web_server)

    ((kind, message),) = problems()

    assert kind == "wrong_address"
    assert "AIRFLOW_CONN_KOBO_TEST" in message
    assert "host" in message
    assert registry.exists()


def test_a_wrong_token(registry: Path, connect_with: SetConnection) -> None:
    connect_with(token="0" * 40)

    ((kind, message),) = problems()

    assert kind == "wrong_token"
    assert "put a valid one into AIRFLOW_CONN_KOBO_TEST" in message
    assert "0000" not in message
    assert registry.exists()


def test_an_account_that_sees_only_some_rows(
    registry: Path, server: KoboServer, connect_with: SetConnection
) -> None:
    connect_with(token=server.accounts["partial"].token)

    ((kind, message),) = problems()

    assert kind == "missing_permission"
    assert "'View submissions', without limiting it to some rows" in message
    assert registry.exists()


def test_an_account_that_sees_nothing(
    registry: Path, server: KoboServer, connect_with: SetConnection
) -> None:
    connect_with(token=server.accounts["outsider"].token)

    ((kind, message),) = problems()

    assert kind == "missing_permission"
    assert "share the project with the account" in message
    assert "sees no form at all" in message
    assert registry.exists()


def test_a_missing_form_comes_with_the_closest_that_is_there(registry: Path) -> None:
    registry.write_text(REGISTRY.replace(UID, "aSmallJournalForTests2"))

    ((kind, message),) = problems()

    assert kind == "missing_form"
    assert "no form aSmallJournalForTests2" in message
    assert f"the closest is 'Small journal' ({UID})" in message


def test_a_missing_file_is_no_matter_of_permissions(registry: Path) -> None:
    (registry.parent / "finance" / "corrections.csv").unlink()

    ((kind, message),) = problems("corrections")

    assert kind == "missing_form"
    assert "corrections.csv is not there" in message
    assert message.endswith(
        "; the folder holds no file of another form either, so JOURNAL_FILES_ROOT may "
        "be unset or wrong."
    )
    assert "account" not in message


def test_a_missing_file_comes_with_those_that_are_there(registry: Path) -> None:
    file = registry.parent / "finance" / "corrections.csv"
    file.rename(file.with_name("payments.csv"))

    ((kind, message),) = problems("corrections")

    assert kind == "missing_form"
    assert message.endswith("; the folder holds 'payments.csv' (payments).")


def test_a_file_of_another_kind_is_not_called_missing(registry: Path) -> None:
    file = registry.parent / "finance" / "corrections.csv"
    file.rename(file.with_suffix(".xls"))

    ((kind, message),) = problems("corrections")

    assert kind == "source_rejected"
    assert "the folder holds" not in message


def test_a_version_with_questions_that_no_map_knows(
    registry: Path, server: KoboServer
) -> None:
    server.set_clock(day(60))

    code, _, err = run("check", "--form", "journal")

    ((kind, message),) = problems()
    assert (code, kind) == (1, "unmapped_questions")
    assert "Version 2021010401 of form 'journal' asks mood, which" in message
    assert "`python -m ingestion propose-map --form journal`" in message
    assert message in err
    assert registry.exists()


def test_a_problem_of_the_server_is_said_once_and_asked_once(
    registry: Path, server: KoboServer, connect_with: SetConnection
) -> None:
    registry.write_text(REGISTRY + SECOND)
    connect_with(token="0" * 40)

    code, out, err = run("check")

    assert code == 1
    assert err.count("does not accept the API token") == 1
    assert err.startswith("journal, exit: ")
    assert "corrections" in out
    assert len(server.requests) == 1


def test_a_problem_of_one_form_does_not_hide_those_of_another(
    registry: Path, server: KoboServer
) -> None:
    registry.write_text(REGISTRY + SECOND)
    server.set_clock(day(60))

    code, out, err = run("check")

    assert code == 1
    assert "journal: Version 2021010401" in err
    assert "exit: " in err
    assert "aSecondFormForTests001" in err
    assert "corrections: " in out


def test_a_warehouse_that_is_away_is_a_problem_of_its_own(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", "postgresql://me:secret@127.0.0.1:9/w")

    code, out, err = run("check", "--form", "journal")
    code_for_programs, lines, _ = run("check", "--form", "journal", "--json")

    warehouse, journal = objects(lines)
    assert (code, code_for_programs) == (1, 1)
    assert err.startswith("The warehouse at 127.0.0.1:9/w")
    assert "sees every submission" in out
    assert journal["is_ready"] is True
    assert warehouse["form"] is None
    ((kind, message),) = [one.values() for one in warehouse["problems"]]
    assert (kind, message) == ("warehouse_unavailable", err.strip())
    assert "secret" not in err
    assert registry.exists()


def test_a_registry_that_is_wrong_is_one_sentence(registry: Path) -> None:
    registry.write_text(REGISTRY.replace("role: journal", "role: diary"))

    code, out, err = run("check")

    assert (code, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    assert f"{registry}, line " in err


def test_questions_without_a_class_are_hidden_and_said(registry: Path) -> None:
    field_map = registry.parent / "small_journal.yml"
    written = field_map.read_text()
    field_map.write_text(written.replace(", cast: month, class: open}", "}"))

    found = dict(problems())

    assert found.keys() == {"unclassified_questions"}
    assert (
        "gives ref_month no class, so their answers are hidden"
        in (found["unclassified_questions"])
    )


def test_a_map_that_lets_through_where_somebody_is_is_refused(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unmapped, "TELLING_TYPES", frozenset({"date", "text"}))

    found = dict(problems())

    # The phone is text too, and goes to pii.
    assert found.keys() == {"exposed_questions"}
    assert (
        "classes family_code, ref_month as if nobody could be found"
        in (found["exposed_questions"])
    )
    assert registry.exists()
