import socket
import stat
from pathlib import Path

import pytest

from sandbox.errors import SandboxError
from sandbox.machine.home import Home
from sandbox.machine.ports import HOST, choose_port


def test_a_secret_is_made_once_and_only_we_may_read_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    token = home.kobo_token()
    assert home.kobo_token() == token
    assert len(token) == 40
    mode = stat.S_IMODE((tmp_path / "secrets" / "kobo_token").stat().st_mode)
    assert mode == 0o600


def test_everything_lies_under_the_folder_that_was_asked_for(tmp_path: Path) -> None:
    home = Home.from_environment({"SANDBOX_HOME": str(tmp_path)})
    services = (home.postgres, home.airflow, home.kobo, home.odk)
    places = (*services, home.pilot, home.site)
    assert all(place.is_relative_to(tmp_path) for place in places)


@pytest.mark.parametrize("value", ["many", "0", "65536", "-1", "80.5"])
def test_what_is_no_port_is_refused_by_its_name(value: str) -> None:
    with pytest.raises(SandboxError, match=f"AIRFLOW_PORT is '{value}'"):
        Home.from_environment({"AIRFLOW_PORT": value})


def test_a_port_left_empty_is_left_to_the_sandbox() -> None:
    assert Home.from_environment({"KOBO_PORT": ""}).kobo_port is None


def test_a_taken_port_is_one_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as other:
        port: int = other.getsockname()[1]
        with pytest.raises(SandboxError) as caught:
            choose_port(port, tmp_path / "port", "KOBO_PORT")
    assert f"Port {port} is taken by another program" in str(caught.value)
    assert "KOBO_PORT=<port>" in str(caught.value)
    assert not (tmp_path / "port").exists()


def test_the_port_of_last_time_is_taken_again_unless_someone_else_has_it(
    tmp_path: Path,
) -> None:
    file = tmp_path / "port"
    first = choose_port(None, file, "KOBO_PORT")
    assert choose_port(None, file, "KOBO_PORT") == first
    with socket.create_server((HOST, first)):
        assert choose_port(None, file, "KOBO_PORT") != first


def test_a_second_demo_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with home.alone():
        with (
            pytest.raises(SandboxError, match="Another `make demo` is running"),
            home.alone(),
        ):
            pass
        with Home(tmp_path / "other").alone():
            pass
    with home.alone():
        pass
