import pytest

from tests.warehouse.access.conftest import Guarded
from warehouse.access import applying, document
from warehouse.access.registry import load_access
from warehouse.connection import open_engine


@pytest.fixture
def pages(guarded: Guarded) -> tuple[str, str]:
    """Return the page that is committed, and that of the registry as applied."""
    engine = open_engine(guarded.url)
    applying.apply(guarded.url, load_access())
    with engine.connect() as connection:
        made = document.page(connection)
    applying.apply(guarded.url, guarded.registry)
    engine.dispose()
    return document.PAGE.read_text(), made


def test_who_can_read_what_is_as_the_database_grants_it(
    pages: tuple[str, str],
) -> None:
    committed, made = pages

    assert committed == made, "run `python -m warehouse access document --write`"
    assert "| `lead_mexico` | MX-01, MX-02 | share |" in made
