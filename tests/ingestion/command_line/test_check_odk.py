"""What `check` finds of a form on ODK Central, and what it says to do."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from sandbox.kobo import KoboServer
from sandbox.odk import OdkServer
from tests.ingestion.command_line.commands import objects, run
from tests.ingestion.conftest import ODK_REGISTRY, write_registry
from tests.ingestion.small_forms import UID, Life, day, forty

VARIABLE = "AIRFLOW_CONN_ODK_TEST"
SECOND = """\
  - {role: exit, server: odk_test, form: another_form, sites: [MX-01],
     field_map: maps/exit.yml}
"""


class Connect(Protocol):
    """Configures the connection; what is left out is right."""

    def __call__(
        self, account: str = "viewer", *, host: str = "", password: str = ""
    ) -> None: ...


@pytest.fixture
def central() -> Iterator[OdkServer]:
    with OdkServer([forty(Life()).form()], clock=day(15)) as server:
        yield server


@pytest.fixture
def connect(central: OdkServer, monkeypatch: pytest.MonkeyPatch) -> Connect:
    def configure(
        account: str = "viewer", *, host: str = "", password: str = ""
    ) -> None:
        who = central.accounts[account]
        value = {
            "host": host or central.url,
            "login": who.email,
            "password": password or who.password,
        }
        monkeypatch.setenv(VARIABLE, json.dumps(value))

    return configure


@pytest.fixture
def odk_registry(
    tmp_path: Path,
    connect: Connect,
    warehouse_with_tables: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    path = write_registry(tmp_path, ODK_REGISTRY)
    monkeypatch.setenv("JOURNAL_SITES", str(path))
    monkeypatch.setenv("WAREHOUSE_URL", warehouse_with_tables)
    connect()
    return path


@pytest.fixture
def checked(odk_registry: Path) -> "Checked":
    return Checked(odk_registry)


class Checked:
    """The journal, as `check` finds it."""

    def __init__(self, registry: Path) -> None:
        self.registry = registry

    def problems(self) -> list[tuple[str, str]]:
        """Return kind and message of each."""
        _, out, _ = run("check", "--form", "journal", "--json")
        (found,) = objects(out)
        return [(one["kind"], one["message"]) for one in found["problems"]]

    def problem(self) -> tuple[str, str]:
        """Return kind and message of the only one."""
        (found,) = self.problems()
        return found


def test_a_form_that_is_ready_has_no_problem(checked: Checked) -> None:
    assert checked.problems() == []


def test_an_address_of_another_kind_of_server(
    checked: Checked, connect: Connect
) -> None:
    with KoboServer([forty(Life()).form()], clock=day(15)) as other:
        connect(host=other.url)
        kind, message = checked.problem()

    assert kind == "wrong_address"
    assert f"correct the host in {VARIABLE}" in message


def test_an_address_of_a_web_page(checked: Checked, central: OdkServer) -> None:
    central.set_faults({"kind": "html_page", "count": None})

    kind, message = checked.problem()

    assert kind == "wrong_address"
    assert f"correct the host in {VARIABLE}" in message


def test_a_wrong_password(checked: Checked, connect: Connect) -> None:
    connect(password="not the password")  # noqa: S106 - it opens nothing

    kind, message = checked.problem()

    assert kind == "wrong_token"
    assert "does not accept the e-mail and password" in message
    assert VARIABLE in message
    assert "not the password" not in message


def test_an_account_without_a_role(checked: Checked, connect: Connect) -> None:
    connect("outsider")

    kind, message = checked.problem()

    assert kind == "missing_permission"
    assert "give it the role Project Viewer in that project" in message


def test_a_missing_form_comes_with_those_that_are_there(checked: Checked) -> None:
    checked.registry.write_text(ODK_REGISTRY.replace(UID, "aSmallJournalForTests2"))

    kind, message = checked.problem()

    assert kind == "missing_form"
    assert "no form 'aSmallJournalForTests2' of project 1" in message
    assert f"the closest is 'Small journal' ({UID})" in message


def test_a_missing_project_is_no_missing_form(checked: Checked) -> None:
    checked.registry.write_text(ODK_REGISTRY.replace("project: 1", "project: 9"))

    kind, message = checked.problem()

    assert kind == "missing_form"
    assert "has no project 9: correct the server's project in the registry" in message


def test_a_version_with_questions_that_no_map_knows(
    checked: Checked, central: OdkServer
) -> None:
    central.set_clock(day(60))

    kind, message = checked.problem()

    assert kind == "unmapped_questions"
    assert "Version 2021010401 of form 'journal' asks mood, which" in message
    assert "`python -m ingestion propose-map --form journal`" in message


def test_a_refused_password_is_tried_once_for_all_forms_of_the_server(
    checked: Checked, central: OdkServer, connect: Connect
) -> None:
    checked.registry.write_text(ODK_REGISTRY + SECOND)
    connect(password="not the password")  # noqa: S106 - it opens nothing

    _, _, err = run("check", "--form", "journal", "--form", "exit")

    assert err.startswith("journal, exit: ")
    assert [one["path"] for one in central.requests] == ["/v1/sessions"]
