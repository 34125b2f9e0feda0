"""The queries of the runbooks, asked as they stand."""

import re
from pathlib import Path

import psycopg
import pytest

from tests.warehouse.conftest import Warehouse

RUNBOOKS = Path(__file__).parents[3] / "warehouse_docs" / "runbooks"
A_QUERY = re.compile(r"^ *```sql\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
# Where there are tables of a release only once it is frozen.
OF_A_RELEASE = "release_2021_07"
WHAT_WAS_NOT_WELL = "from ops.dbt_results"
QUERIES = [
    pytest.param(query, id=f"{page.stem}-{number}")
    for page in sorted(RUNBOOKS.glob("*.md"))
    for number, query in enumerate(A_QUERY.findall(page.read_text()), start=1)
    if OF_A_RELEASE not in query
]


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_of_a_runbook_runs_as_it_stands(
    query: str, built_pilot: Warehouse
) -> None:
    with psycopg.connect(built_pilot.url) as connection:
        found = connection.execute(query.encode())

        assert found.description


def test_the_query_of_what_was_not_well_shows_nothing_of_a_good_build(
    built_pilot: Warehouse,
) -> None:
    page = (RUNBOOKS / "transform_warehouse.md").read_text()
    (query,) = (one for one in A_QUERY.findall(page) if WHAT_WAS_NOT_WELL in one)

    with psycopg.connect(built_pilot.url) as connection:
        assert connection.execute(query.encode()).fetchall() == []
