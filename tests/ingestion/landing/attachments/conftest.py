"""What tests of attachments may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.ingestion.landing.attachments.small_photos import Album
from tests.ingestion.landing.stage import Stage


@pytest.fixture
def album(engine: Engine, tmp_path: Path) -> Iterator[Album]:
    album = Album(Stage(engine), tmp_path / "attachments")
    yield album
    album.stage.stop()
