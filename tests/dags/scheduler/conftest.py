"""One Airflow with its scheduler, form server and Postgres, for all tests here."""

from collections.abc import Iterator

import pytest

from sandbox.kobo import KoboServer
from sandbox.pilot import build_pilot
from sandbox.pilot.model import Form
from sandbox.pilot.sites import split_by_sites
from tests.alerts.receivers import WebServer, serving
from tests.dags.scheduler.stage import (
    AFTER_FIRST,
    FIRST_PULL,
    SITE,
    CleanEnd,
    Stage,
    clean_second_pull,
    own_home,
)


@pytest.fixture(scope="session")
def forms_of_one_site() -> tuple[Form, ...]:
    forms, _ = split_by_sites(build_pilot().forms, [SITE])
    return forms


@pytest.fixture(scope="session")
def whole_stage(forms_of_one_site: tuple[Form, ...]) -> Iterator[Stage]:
    """Start everything, pull once, and keep a copy of the warehouse."""
    with (
        own_home() as home,
        KoboServer(forms_of_one_site, clock=FIRST_PULL) as kobo,
        serving(WebServer()) as web,
    ):
        stage = Stage(home, kobo, web)
        try:
            stage.set_up()
            landed, built = stage.pull()
            assert (landed.state, built.state) == ("success", "success")
            stage.keep_copy(AFTER_FIRST)
            yield stage
        finally:
            stage.stop()


@pytest.fixture
def stage(whole_stage: Stage) -> Stage:
    whole_stage.as_after_first_pull()
    return whole_stage


@pytest.fixture(scope="session")
def clean_end(whole_stage: Stage) -> CleanEnd:
    whole_stage.as_after_first_pull()
    return clean_second_pull(whole_stage)
