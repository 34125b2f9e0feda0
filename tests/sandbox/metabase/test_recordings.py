"""What the stand-in answers, beside recorded answers of real servers (57 and 58).

The recordings lie outside the repository; without them these tests are skipped.
"""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from tests.conftest import SHARED
from tests.sandbox.metabase.conftest import Client, Serve
from tests.sandbox.metabase.test_dashboards import placed
from tests.sandbox.metabase.test_versions import card_body, connect

Filled = tuple[Client, tuple[int, int, int, int]]
RECORDED = SHARED / "metabase" / "fixtures" / "dbt-metabase" / "mbql5"


def recorded(name: str) -> Any:  # noqa: ANN401 - any JSON
    file = RECORDED / name
    if not file.is_file():
        pytest.skip("no recordings (../shared/metabase/fixtures) beside this checkout")
    return json.loads(file.read_text(encoding="utf-8"))


def check_like(ours: dict[str, Any], real: Iterable[dict[str, Any]]) -> None:
    """Check that every key is a real one's, with a value of a type it has there."""
    types: dict[str, set[str]] = {}
    for one in real:
        for name, value in one.items():
            types.setdefault(name, set()).add(kind_of(value))
    unknown = ours.keys() - types.keys()
    assert not unknown, f"no real answer has {sorted(unknown)}"
    for name, value in ours.items():
        known = types[name] | {"null"}
        if known != {"null"}:
            assert kind_of(value) in known, f"{name} is {value!r}, should be {known}"


def kind_of(value: Any) -> str:  # noqa: ANN401 - any JSON
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return {int: "number", float: "number"}.get(type(value), type(value).__name__)


@pytest.fixture
def filled(serve: Serve, details: dict[str, Any]) -> Filled:
    """Return an administrator of a server with one of each thing."""
    _, client = serve(58)
    database = connect(client, details)
    collection = client.made("/api/collection", name="C", description="D")["id"]
    body = {**card_body(database, "select 1 as one"), "collection_id": collection}
    card = client.made("/api/card", **body)["id"]
    board = client.made("/api/dashboard", name="B", collection_id=collection)["id"]
    client.put(f"/api/dashboard/{board}", json={"dashcards": [placed(-1, card)]})
    return client, (database, collection, card, board)


def test_a_card_is_like_a_recorded_one(filled: Filled) -> None:
    admin, numbers = filled
    real = [recorded(f"card/{number}.json") for number in (27, 29, 30, 33)]
    ours = admin.get(f"/api/card/{numbers[2]}").json()

    check_like(ours, real)
    native = next(one for one in real if one["query_type"] == "native")
    stage = native["dataset_query"]["stages"][0]
    assert ours["dataset_query"].keys() == native["dataset_query"].keys()
    assert ours["dataset_query"]["stages"][0].keys() == stage.keys()


def test_a_dashboard_is_like_a_recorded_one(filled: Filled) -> None:
    admin, numbers = filled
    real = recorded("dashboard/2.json")
    ours = admin.get(f"/api/dashboard/{numbers[3]}").json()

    check_like(ours, [real])
    check_like(ours["dashcards"][0], real["dashcards"])


def test_a_connection_is_like_a_recorded_one(filled: Filled) -> None:
    admin, _ = filled
    ours = admin.get("/api/database").json()["data"][0]

    check_like(ours, recorded("database.json"))
    # The recorded one takes every schema, and so names none.
    ours["details"].pop("schema-filters-patterns")
    check_like(ours["details"], [one["details"] for one in recorded("database.json")])


def test_tables_and_columns_are_like_recorded_ones(filled: Filled) -> None:
    admin, numbers = filled
    real = recorded("database/2/metadata.json")
    ours = admin.get(f"/api/database/{numbers[0]}/metadata").json()

    check_like(ours, [real])
    check_like(ours["tables"][0], real["tables"])
    columns = [column for table in real["tables"] for column in table["fields"]]
    check_like(ours["tables"][0]["fields"][0], columns)


def test_collections_and_what_lies_in_them_are_like_recorded_ones(
    filled: Filled,
) -> None:
    admin, numbers = filled
    collections = admin.get("/api/collection").json()
    number = numbers[1]
    items = admin.get(f"/api/collection/{number}/items").json()["data"]
    real = [
        *recorded("collection/3/items.json"),
        *recorded("collection/root/items.json"),
    ]

    for one in collections:
        check_like(one, recorded("collection.json"))
    assert {one["model"] for one in items} == {"card", "dashboard"}
    for one in items:
        check_like(one, real)
