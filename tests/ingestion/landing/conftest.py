"""What tests of landing may ask for."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.ingestion.landing.stage import Stage


@pytest.fixture
def stage(engine: Engine) -> Iterator[Stage]:
    stage = Stage(engine)
    yield stage
    stage.stop()
