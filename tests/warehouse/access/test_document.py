from sqlalchemy import text

from tests.warehouse.access.conftest import LOGINS, Guarded
from warehouse.access import document
from warehouse.connection import open_engine


def test_who_can_read_what_is_as_the_database_grants_it(guarded: Guarded) -> None:
    engine = open_engine(guarded.url)
    with engine.connect() as connection:  # nothing of it is committed
        connection.execute(
            text("delete from access.readers where role_name = any(:roles)"),
            {"roles": list(LOGINS)},
        )
        made = document.page(connection)
    engine.dispose()

    assert "| `lead_mexico` | MX-01, MX-02 | share |" in made
    assert document.PAGE.read_text() == made, (
        "run `python -m warehouse access document --write`"
    )
