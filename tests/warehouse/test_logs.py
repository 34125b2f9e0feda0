import json
import logging
from collections.abc import Iterator

import pytest

from warehouse.logs import bound_contextvars, set_up_logs

LOG = logging.getLogger("ingestion.anything")


@pytest.fixture(autouse=True)
def requests_are_logged_as_before() -> Iterator[None]:
    """Let no test after these miss what httpx logs."""
    level = logging.getLogger("httpx").level
    yield
    logging.getLogger("httpx").setLevel(level)


def set_up(patch: pytest.MonkeyPatch, form: str | None, *, shown: bool = True) -> None:
    """Set logs up in a process that has none yet, as a command finds it."""
    root = logging.getLogger()
    patch.setattr(root, "handlers", [])
    patch.setattr(root, "level", logging.WARNING)
    if form is None:
        patch.delenv("WAREHOUSE_LOG_FORMAT", raising=False)
    else:
        patch.setenv("WAREHOUSE_LOG_FORMAT", form)
    set_up_logs(are_sentences_shown=shown)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_is_an_object_with_the_ids_of_what_it_is_about(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(monkeypatch, "json")

    with bound_contextvars(form="journal", landing_run_id="r1"):
        LOG.info("%d submissions.", 3)
    LOG.warning("Done.")

    inside, after = lines(capsys)
    assert inside["event"] == "3 submissions."
    assert (inside["form"], inside["landing_run_id"]) == ("journal", "r1")
    assert (inside["level"], inside["logger"]) == ("info", "ingestion.anything")
    assert inside["timestamp"].endswith("Z")
    assert "form" not in after


def test_an_error_is_named_and_what_it_says_is_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(monkeypatch, "json")

    error = ValueError("MX-01-0001 earned 5000")
    LOG.error("A row was refused.", exc_info=error)

    (line,) = lines(capsys)
    assert line["error"] == "ValueError"
    assert "MX-01" not in json.dumps(line)


def test_without_the_variable_lines_are_sentences(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(monkeypatch, None)

    LOG.info("Three submissions.")

    assert capsys.readouterr().err == "Three submissions.\n"


def test_a_command_that_draws_shows_no_sentences_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_up(monkeypatch, None, shown=False)

    assert logging.getLogger().handlers == []
