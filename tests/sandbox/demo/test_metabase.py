"""What the demo's tasks are told of a Metabase."""

from pathlib import Path

from sandbox.demo.metabase import metabase_settings
from sandbox.machine.home import Home

NAMED = {"METABASE_URL": "https://example.org", "METABASE_API_KEY": "mb_key"}


def home(folder: Path) -> Home:
    return Home.from_environment({"SANDBOX_HOME": str(folder)})


def test_without_a_metabase_the_tasks_hear_of_none(tmp_path: Path) -> None:
    assert metabase_settings(home(tmp_path), {"METABASE_API_KEY": "mb_key"}) == {}


def test_every_reader_has_a_password_of_its_own_that_stays(tmp_path: Path) -> None:
    first = metabase_settings(home(tmp_path), NAMED)
    again = metabase_settings(home(tmp_path), NAMED)

    passwords = {
        name: value for name, value in first.items() if name.startswith("WAREHOUSE_")
    }
    assert "WAREHOUSE_PASSWORD_METABASE_MEXICO" in passwords
    assert len(set(passwords.values())) == len(passwords) > 1
    assert all(len(password) >= 12 for password in passwords.values())
    assert first == again
    assert first["METABASE_API_KEY"] == "mb_key"


def test_a_password_that_is_given_is_used(tmp_path: Path) -> None:
    given = {"WAREHOUSE_PASSWORD_METABASE_MEXICO_FILE": "/run/secrets/mexico"}

    found = metabase_settings(home(tmp_path), {**NAMED, **given})

    assert "WAREHOUSE_PASSWORD_METABASE_MEXICO" not in found
    assert found | given == found
