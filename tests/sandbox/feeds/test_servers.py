"""Both stand-ins as the demo starts them, read as its tasks read them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion.landing import find_form
from ingestion.landing.source_of_form import source_of_form
from ingestion.registry import load_registry
from ingestion.sources.base import Submission
from sandbox.feeds import servers
from sandbox.feeds.form_server import FormServer, set_clock
from sandbox.feeds.servers import (
    Servers,
    form_servers,
    start_form_servers,
    task_settings,
)
from sandbox.machine.home import Home

EARLY = datetime(2020, 8, 31, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def both(home: Home) -> Iterator[list[FormServer]]:
    both = form_servers(home, Servers.BOTH)
    yield both
    for one in both:
        one.stop()


def test_each_site_is_served_by_the_server_that_the_registry_names(
    home: Home, both: list[FormServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = start_form_servers(home, both)
    for name, value in task_settings(home, urls).items():
        monkeypatch.setenv(name, value)
    for one in both:
        one.wait_until_ready(urls[one.package])
        set_clock(urls[one.package], EARLY)

    registry = load_registry()
    found = {name: _sites(name) for name in ("enrolment", "enrolment_central")}

    assert len(registry.forms) == 5 + 5 + 2
    assert found == {
        form.name: set(form.site_codes) - {"US-01"}  # which joins later
        for form in registry.forms
        if form.role == "enrolment"
    }
    assert found["enrolment_central"] == set(servers.CENTRAL_SITES)
    assert found["enrolment"].isdisjoint(servers.CENTRAL_SITES)


def test_a_server_that_is_not_wanted_any_more_is_ended(
    home: Home, both: list[FormServer]
) -> None:
    start_form_servers(home, both)
    urls = start_form_servers(home, form_servers(home, Servers.KOBO))

    assert [one.find_running() for one in both] == [urls["kobo"], None]


def test_without_central_the_tasks_keep_the_registry_they_had(home: Home) -> None:
    assert [one.package for one in form_servers(home, Servers.KOBO)] == ["kobo"]
    assert set(task_settings(home, {"kobo": "http://kobo"})) == {
        "AIRFLOW_CONN_KOBO_MAIN"
    }


def test_a_server_is_started_anew_when_its_code_or_its_sites_have_changed(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "code"
    code.mkdir()
    monkeypatch.setattr(servers, "PILOT", (code,))

    def arguments(which: Servers) -> list[tuple[Mapping[str, str], tuple[str, ...]]]:
        return [(one.settings(), one.options) for one in form_servers(home, which)]

    kobo_of_all = arguments(Servers.KOBO)[0]
    kobo, central = arguments(Servers.BOTH)
    assert arguments(Servers.BOTH) == [kobo, central]
    assert kobo != kobo_of_all

    (code / "families.py").write_text("COUNT = 310")
    newer_kobo, newer_central = arguments(Servers.BOTH)
    assert newer_kobo != kobo
    assert newer_central != central


def _sites(name: str) -> set[str]:
    with source_of_form(find_form(name)) as source:
        return {
            submission.payload["site_code"]
            for page in source.everything()
            for submission in page
            if isinstance(submission, Submission)
        }
