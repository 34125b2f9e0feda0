"""Logging in: versions, first set-up, keys, and what is said when it fails."""

import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboards.__main__ import app
from dashboards.errors import (
    DashboardError,
    MetabaseRejectedError,
    MetabaseSettingError,
)
from dashboards.metabase import run
from dashboards.metabase.access import load_readers
from dashboards.metabase.settings import read_settings
from sandbox.metabase.behaviour import VERSIONS
from sandbox.metabase.stored import ALL_USERS
from tests.dashboards.d1_alone import d1_specs
from tests.dashboards.metabase.conftest import Applied, Bench

runner = CliRunner()


@pytest.mark.parametrize("version", [57, 59, 66])
def test_another_version_is_refused_with_a_reason_and_left_alone(
    applied: Applied, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = applied()
    monkeypatch.setitem(VERSIONS, 58, f"v0.{version}.2")

    with pytest.raises(MetabaseRejectedError) as caught:
        run.apply(bench.work())

    assert f"v0.{version}.2" in str(caught.value)
    assert {one.method for one in bench.sent} == {"GET"}


def test_a_plan_never_sets_up_a_metabase(applied: Applied) -> None:
    bench = applied()
    bench.server.stored.users.clear()

    with pytest.raises(MetabaseSettingError, match="apply"):
        run.plan(bench.work())

    assert bench.server.stored.users == {}


def test_a_wrong_password_is_told_by_the_names_of_the_variables(
    applied: Applied,
) -> None:
    work = applied().work(METABASE_ADMIN_PASSWORD="wrong and long")  # noqa: S106 - of a test

    with pytest.raises(
        MetabaseRejectedError, match="METABASE_ADMIN_PASSWORD"
    ) as caught:
        run.plan(work)

    assert "wrong and long" not in str(caught.value)


def test_a_key_of_somebody_else_is_refused(applied: Applied) -> None:
    bench = applied()
    key = bench.server.add_api_key(ALL_USERS)

    with pytest.raises(MetabaseRejectedError, match="no administrator's") as caught:
        run.plan(bench.work(METABASE_API_KEY=key))

    assert key not in str(caught.value)


def test_an_administrators_key_is_enough(applied: Applied) -> None:
    bench = applied()
    bench.environment = {
        name: value
        for name, value in bench.environment.items()
        if "ADMIN" not in name and "SETUP" not in name
    }

    outcome = run.apply(bench.work(METABASE_API_KEY=bench.server.add_api_key()))

    assert outcome.changes == ()
    assert not [one for one in bench.sent if one.path == "/api/session"]


def test_a_key_is_written_to_a_file_that_only_its_owner_reads(
    applied: Applied, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = _configured(applied(), monkeypatch)
    file = tmp_path / "key"
    # The first answer is lost, and with it the only sight of the key.
    bench.server.set_faults({"kind": "bad_gateway_after", "path": "POST /api/api-key"})

    done = runner.invoke(app, ["api-key", "--file", str(file)])

    assert done.exit_code == 0, done.output
    key = file.read_text().strip()
    assert key not in done.output
    assert list(bench.server.stored.keys) == [key]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    outcome = run.plan(bench.work(METABASE_API_KEY_FILE=str(file)))
    assert outcome.changes == ()


def test_a_missing_password_of_a_role_names_its_variable(applied: Applied) -> None:
    bench = applied()
    del bench.environment["WAREHOUSE_PASSWORD_METABASE_MEXICO"]

    with pytest.raises(MetabaseSettingError) as caught:
        run.plan(bench.work())

    assert "WAREHOUSE_PASSWORD_METABASE_MEXICO_FILE" in str(caught.value)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "METABASE_URL"),
        ({"METABASE_URL": "metabase.example.org"}, "METABASE_URL"),
        ({"METABASE_URL": "https://example.org"}, "METABASE_API_KEY"),
        (
            {"METABASE_URL": "https://example.org", "METABASE_API_KEY_FILE": "/none"},
            "METABASE_API_KEY_FILE",
        ),
    ],
)
def test_missing_settings_are_named(environment: dict[str, str], said: str) -> None:
    with pytest.raises(MetabaseSettingError, match=said):
        read_settings(environment)


def test_a_registry_without_readers_says_what_to_add(tmp_path: Path) -> None:
    file = tmp_path / "sites.yml"
    file.write_text("sites: {}\naccess:\n  lead_mexico: {sites: []}\n")

    with pytest.raises(MetabaseSettingError, match="metabase_programme"):
        load_readers(file)


def test_the_projects_own_registry_has_readers() -> None:
    readers = {reader.role: reader for reader in load_readers()}

    assert "metabase_programme" in readers
    assert readers["metabase_new_york"].title == "New York"
    assert readers["metabase_mexico"].country_codes == ("MEX",)


def test_commands_say_what_they_found_and_end_with_a_code(
    applied: Applied, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = _configured(applied(), monkeypatch)
    url = ["--url", bench.warehouse, "--specs", str(d1_specs())]

    first = runner.invoke(app, ["apply", *url])
    planned = runner.invoke(app, ["plan", *url])
    card = bench.card("metabase_mexico/en/d1_multi_site_overview/sites_now")
    bench.server.edit("card", card["id"], name="Mine")
    drift = runner.invoke(app, ["drift", *url])
    again = runner.invoke(app, ["plan", *url])
    pruned = runner.invoke(app, ["prune", *url])
    checked = runner.invoke(app, ["check", *url])

    assert first.exit_code == 0, first.output
    assert planned.exit_code == 0, planned.output
    assert "0 to write, 0 edited by hand, 16 without a spec" in planned.output
    assert drift.exit_code == 2
    assert "1 edited by hand" in drift.output
    assert "sites_now (Mine): name" not in drift.output  # the name is the spec's
    assert again.exit_code == 0
    assert "1 edited by hand" in again.output
    assert "16 archived" in pruned.output
    assert checked.exit_code == 0, checked.output
    assert "all cards run" in checked.output


def test_a_command_without_settings_ends_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("METABASE_URL", raising=False)

    done = runner.invoke(app, ["plan"])

    assert done.exit_code == 1
    assert "METABASE_URL is not set" in done.output
    assert "Traceback" not in done.output


def _configured(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    for name, value in bench.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("JOURNAL_SITES", str(bench.registry))
    return bench


def test_errors_of_metabase_are_errors_of_dashboards() -> None:
    assert issubclass(MetabaseRejectedError, DashboardError)
