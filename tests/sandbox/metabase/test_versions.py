"""What each version does otherwise, and what all of them refuse."""

from typing import Any

import pytest

from sandbox.metabase.stored import ALL_USERS
from tests.sandbox.metabase.conftest import Client, Serve

VERSIONS = (58, 60, 62, 65)
TAG = {
    "id": "7f4b1f0e-3f0e-5a0e-9d53-0f1f2f3a7c11",
    "name": "site",
    "display-name": "Site",
    "type": "text",
}
SQL = "select * from share.open_figures where true [[and site_code = {{site}}]]"


def query(database: int, sql: str = SQL, **tags: object) -> dict[str, Any]:
    stage: dict[str, Any] = {"lib/type": "mbql.stage/native", "native": sql}
    if tags:
        stage["template-tags"] = tags
    return {"lib/type": "mbql/query", "database": database, "stages": [stage]}


def card_body(database: int, sql: str = SQL, **tags: object) -> dict[str, Any]:
    return {
        "name": "Figures",
        "display": "table",
        "visualization_settings": {"any.key": 1},
        "dataset_query": query(database, sql, **tags),
    }


def connect(client: Client, details: dict[str, Any]) -> int:
    made = client.made("/api/database", name="W", engine="postgres", details=details)
    return int(made["id"])


@pytest.mark.parametrize("version", VERSIONS)
def test_template_tags_come_back_as_a_list_from_63_on(
    serve: Serve,
    details: dict[str, Any],
    version: int,
) -> None:
    _, client = serve(version)
    database = connect(client, details)
    made = client.made("/api/card", **card_body(database, site=TAG))

    stage = client.get(f"/api/card/{made['id']}").json()["dataset_query"]["stages"][0]

    assert stage["template-tags"] == ([TAG] if version >= 63 else {"site": TAG})
    assert made["visualization_settings"] == {"any.key": 1}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_missing_is_told_in_text_before_59_and_in_json_after(
    serve: Serve,
    version: int,
) -> None:
    _, client = serve(version)

    missing = client.get("/api/card/4711")
    unknown = client.get("/api/nothing")

    assert missing.status_code == unknown.status_code == 404
    assert missing.text == (
        "Not found." if version == 58 else '{"message":"Not found."}'
    )
    assert unknown.text == "API endpoint does not exist."


@pytest.mark.parametrize("version", VERSIONS)
def test_what_the_schema_of_a_filter_does_not_know_is_dropped_from_64_on(
    serve: Serve,
    version: int,
) -> None:
    _, client = serve(version)
    sent = {"id": "site", "type": "string/=", "name": "Site", "isMultiSelect": False}

    made = client.made("/api/dashboard", name="B", parameters=[sent])

    assert ("isMultiSelect" in made["parameters"][0]) == (version < 64)


@pytest.mark.parametrize("version", VERSIONS)
def test_graphs_leave_out_what_a_version_leaves_out(
    serve: Serve,
    details: dict[str, Any],
    version: int,
) -> None:
    _, client = serve(version)
    database = connect(client, details)
    number = client.made("/api/collection", name="C")["id"]
    graph = client.get("/api/collection/graph").json()
    levels = {str(ALL_USERS): {str(number): "none"}}
    client.put(
        "/api/collection/graph",
        json={"revision": graph["revision"], "groups": levels},
    )

    edge = client.get("/api/permissions/graph").json()["groups"]["1"][str(database)]
    after = client.get("/api/collection/graph").json()["groups"]["1"]

    assert edge["create-queries"] == "query-builder-and-native"
    assert ("view-data" in edge) == (version < 61)
    assert str(number) not in after
    assert after["root"] == "write"


def test_a_graph_of_before_is_refused(serve: Serve) -> None:
    _, client = serve()
    revision = client.get("/api/collection/graph").json()["revision"]
    body = {"revision": revision, "groups": {"1": {"root": "none"}}}

    first = client.put("/api/collection/graph", json=body)
    second = client.put("/api/collection/graph", json=body)

    assert (first.status_code, second.status_code) == (200, 409)


def test_a_question_is_asked_with_the_login_of_its_connection(
    serve: Serve,
    details: dict[str, Any],
) -> None:
    _, client = serve()
    database = connect(client, details)
    opened = client.made("/api/card", **card_body(database, site=TAG))
    body = card_body(database, "select * from share.closed_figures")
    closed = client.made("/api/card", **body)

    good = client.post(f"/api/card/{opened['id']}/query", json={})
    bad = client.post(f"/api/card/{closed['id']}/query", json={})

    assert good.status_code == bad.status_code == 202
    assert good.json()["data"]["rows"] == [["MX-01", 1.5, True], ["CO-01", 2.0, None]]
    names = [(one["name"], one["base_type"]) for one in good.json()["data"]["cols"]]
    assert names == [
        ("site_code", "type/Text"),
        ("value", "type/Decimal"),
        ("is_new", "type/Boolean"),
    ]
    assert bad.json()["status"] == "failed"
    assert "permission denied" in bad.json()["error"]


def test_tables_that_the_role_may_not_read_are_not_there(
    serve: Serve,
    details: dict[str, Any],
) -> None:
    _, client = serve()
    database = connect(client, details)

    tables = client.get(f"/api/database/{database}/metadata").json()["tables"]

    assert [table["name"] for table in tables] == ["open_figures"]
    assert len(tables[0]["fields"]) == 3


def test_a_value_narrows_the_rows_and_is_bound_as_text(
    serve: Serve,
    details: dict[str, Any],
) -> None:
    _, client = serve()
    database = connect(client, details)
    number_sql = "select * from share.open_figures where value = {{site}}"
    made = client.made("/api/card", **card_body(database, site=TAG))
    strict = client.made("/api/card", **card_body(database, number_sql, site=TAG))
    given = {
        "parameters": [
            {
                "type": "string/=",
                "target": ["variable", ["template-tag", "site"]],
                "value": ["x' or '1'='1"],
            }
        ]
    }

    none = client.post(f"/api/card/{made['id']}/query", json=given).json()
    given["parameters"][0]["value"] = ["MX-01"]
    one = client.post(f"/api/card/{made['id']}/query", json=given).json()
    failed = client.post(f"/api/card/{strict['id']}/query", json=given).json()
    without = client.post(f"/api/card/{strict['id']}/query", json={}).json()

    assert none["row_count"] == 0
    assert one["data"]["rows"] == [["MX-01", 1.5, True]]
    assert "operator does not exist" in failed["error"]
    assert "pick a value for 'Site'" in without["error"]


LISTED = query(1, "select {{site}}")
LISTED["stages"][0]["template-tags"] = [TAG]


@pytest.mark.parametrize(
    "changed",
    [
        {"dataset_query": {}},
        {"dataset_query": query(1, "select {{site}}", site=[TAG])},
        {"dataset_query": LISTED},
        {"dataset_query": query(1, "select {{site}}")},
        {"dataset_query": query(1, "select 1", site=TAG)},
        {"name": ""},
        {"description": ""},
        {"no_such_key": 1},
    ],
)
def test_a_card_that_no_version_understands_is_refused(
    serve: Serve,
    changed: dict[str, Any],
) -> None:
    server, client = serve()

    answer = client.post("/api/card", json={**card_body(1), **changed})

    assert answer.status_code == 400
    assert answer.json()["errors"]
    assert server.stored.cards == {}


def test_the_older_way_to_write_a_query_is_taken_too(
    serve: Serve,
    details: dict[str, Any],
) -> None:
    _, client = serve()
    database = connect(client, details)
    native = {"query": SQL, "template-tags": {"site": TAG}}
    older = {"type": "native", "database": database, "native": native}

    made = client.made("/api/card", **{**card_body(database), "dataset_query": older})

    assert made["dataset_query"]["stages"][0]["native"] == SQL


def test_a_password_is_never_shown_and_stays_when_it_comes_back_masked(
    serve: Serve,
    details: dict[str, Any],
) -> None:
    _, client = serve()
    database = connect(client, details)
    shown = client.get(f"/api/database/{database}").json()["details"]

    client.put(f"/api/database/{database}", json={"details": shown})

    assert shown["password"] == "**MetabasePass**"  # noqa: S105 - a mask
    health = client.get(f"/api/database/{database}/healthcheck").json()
    assert health == {"status": "ok"}


def test_only_one_first_administrator_is_set_up(serve: Serve) -> None:
    server, client = serve()
    user = {"email": "a@example.org", "password": "long enough"}
    body = {"token": "wrong", "user": user, "prefs": {"site_name": "S"}}

    wrong = client.post("/api/setup", json=body)
    right = client.post("/api/setup", json={**body, "token": server.setup_token})
    again = client.post("/api/setup", json={**body, "token": server.setup_token})

    assert [wrong.status_code, right.status_code, again.status_code] == [400, 200, 403]
    assert client.get("/api/session/properties").json()["setup-token"] is None
