"""A second empty database beside the first."""

import uuid
from collections.abc import Iterator

import pytest

from sandbox.postgres import Postgres


@pytest.fixture
def another_empty_warehouse(postgres_server: Postgres) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres_server.ensure_database(name)
    yield postgres_server.url(name)
    postgres_server.run_sql(f'drop database "{name}" with (force)')
