from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.errors import SandboxError
from sandbox.feeds.form_server import FormServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FormServer]:
    server = FormServer("KoboToolbox", "kobo", tmp_path / "kobo", None, dict)
    yield server
    server.stop()


def test_a_server_is_replaced_when_what_it_is_started_with_has_changed(
    server: FormServer,
) -> None:
    first = _started(server)
    assert _started(server) == first

    of_newer_code = replace(server, settings=lambda: {"SANDBOX_SOURCE": "newer"})
    second = _started(of_newer_code)
    assert second != first

    of_fewer_sites = replace(of_newer_code, options=("--without-site", "PH-01"))
    assert _started(of_fewer_sites) != second


def test_a_server_that_ends_at_once_is_one_sentence_with_its_log(
    server: FormServer,
) -> None:
    broken = replace(server, options=("--no-such-option",))
    url = broken.start()
    with pytest.raises(SandboxError, match="The stand-in of KoboToolbox has ended"):
        broken.wait_until_ready(url)


def _started(server: FormServer) -> str:
    server.start()
    return (server.folder / "kobo.json").read_text()
