"""Who sees what: rights in Metabase, and rows that Postgres chooses."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from dashboards.errors import MetabaseChangedError
from dashboards.metabase import run
from dashboards.spec_file import SPECS
from sandbox.metabase.stored import ADMINISTRATORS, ALL_USERS
from tests.dashboards.metabase.conftest import Applied, Bench, MakeBench
from tests.dashboards.small_warehouse import LEAKED

LEAD = "lead@example.org"
LOGIN = {"username": LEAD, "password": "her own long password"}
ELSEWHERE = ("COL", "PHL", "Colombia", "Philippines", "Puente", "CO-01")
HERS = ("Mexico", "Loma Clara", "Ámbar")


@contextmanager
def log_in(bench: Bench, *groups: str) -> Iterator[httpx.Client]:
    """Yield requests of somebody in these groups."""
    bench.server.add_user(LEAD, LOGIN["password"], groups)
    with httpx.Client(base_url=bench.server.url) as client:
        session = client.post("/api/session", json=LOGIN).json()["id"]
        client.headers["X-Metabase-Session"] = session
        yield client


def test_all_users_may_open_nothing_and_write_no_query(bench: Bench) -> None:
    levels = bench.server.stored.collection_levels[ALL_USERS]
    data = bench.server.stored.data_levels[ALL_USERS]

    assert set(levels.values()) == {"none"}
    assert set(data.values()) == {"no"}
    assert "root" in levels
    assert len(levels) == 1 + 4
    assert len(data) == 2


def test_each_group_opens_its_own_collections_only(applied: Applied) -> None:
    bench = applied()
    stored = bench.server.stored
    numbers = {name: number for number, name in stored.groups.items()}
    mexico = stored.collection_levels[numbers["metabase_mexico"]]

    opened = {int(place) for place, level in mexico.items() if level == "read"}

    assert opened == {
        bench.collection(key)["id"] for key in ("metabase_mexico", "metabase_mexico/en")
    }
    assert "write" not in mexico.values()


def test_rights_that_somebody_widened_are_told_and_taken_back(
    applied: Applied,
) -> None:
    bench = applied(62)
    number = bench.collection("metabase_mexico/en")["id"]
    bench.server.open_to_all(number)

    planned = run.plan(bench.work())
    checked = run.check(bench.work())
    run.apply(bench.work())

    assert [change.kind for change in planned.changes] == ["permissions"]
    assert any("Permissions" in failure for failure in checked.failures)
    levels = bench.server.stored.collection_levels[ALL_USERS]
    assert levels[str(number)] == "none"


def test_a_reader_who_left_the_registry_loses_all_rights(
    applied: Applied, tmp_path: Path
) -> None:
    bench = applied()
    path = tmp_path / "sites.yml"
    lines = bench.registry.read_text().splitlines()
    path.write_text("\n".join(line for line in lines if "metabase_mexico" not in line))
    bench.registry = path

    outcome = run.apply(bench.work())

    stored = bench.server.stored
    numbers = {name: number for number, name in stored.groups.items()}
    levels = stored.collection_levels[numbers["metabase_mexico"]]
    assert set(levels.values()) == {"none"}
    assert not bench.collection("metabase_mexico/en")["archived"]  # until prune
    assert {change.kind for change in outcome.changes} == {"permissions"}


def test_permissions_changed_by_somebody_else_at_that_moment_stop_the_run(
    applied: Applied,
) -> None:
    bench = applied()
    bench.server.open_to_all(bench.collection("metabase_mexico/en")["id"])
    work = bench.work()
    put = work.transport.put

    def late(path: str, body: Any) -> Any:  # noqa: ANN401 - any JSON
        if path == "/api/collection/graph":
            bench.server.stored.collection_revision += 1
        return put(path, body)

    work.transport.put = late  # type: ignore[method-assign]

    with pytest.raises(MetabaseChangedError, match="Permissions were changed"):
        run.apply(work)


def test_a_lead_sees_her_own_rows_in_every_card_and_opens_nothing_else(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(65, specs=SPECS)
    work = bench.work()
    run.apply(work)
    refused, rows = 0, ""

    with log_in(bench, "metabase_mexico") as lead:
        for card in bench.server.stored.cards.values():
            answer = lead.post(f"/api/card/{card['id']}/query", json={})
            key = card["visualization_settings"]["journal.key"]
            if not key.startswith("metabase_mexico"):
                assert answer.status_code == 403
                refused += 1
                continue
            assert answer.status_code == 202
            assert answer.json()["status"] == "completed", answer.text
            rows += json.dumps(answer.json()["data"]["rows"], ensure_ascii=False)

    assert refused == len(bench.server.stored.cards) / 2 > 20
    assert not [place for place in ELSEWHERE if place in rows]
    assert all(place in rows for place in HERS)
    # And whoever reads all of it reads no figure that is held back.
    shown = ""
    for number in bench.server.stored.cards:
        answered = work.transport.ask(f"/api/card/{number}/query", {})
        assert answered["status"] == "completed", answered
        shown += json.dumps(answered["data"]["rows"])
    assert "Puente Nuevo" in shown
    assert str(int(LEAKED)) + "." not in shown
    assert "fewer than ten families" in shown


def test_a_lead_may_not_ask_what_no_card_asks(applied: Applied) -> None:
    bench = applied()
    query = {"query": "select * from share.site_months"}
    number = next(iter(bench.server.stored.databases))
    asked = {"type": "native", "database": number, "native": query}

    with log_in(bench, "metabase_mexico") as lead:
        answer = lead.post("/api/dataset", json=asked)

    assert answer.status_code == 403


def test_somebody_in_no_group_opens_nothing(applied: Applied) -> None:
    bench = applied()
    number = bench.collection("metabase_mexico/en")["id"]

    with log_in(bench) as nobody:
        listed = nobody.get("/api/collection").json()
        items = nobody.get(f"/api/collection/{number}/items")

    assert [one["id"] for one in listed] == ["root"]
    assert items.status_code == 403


def test_every_connection_logs_in_as_its_own_role(applied: Applied) -> None:
    bench = applied()
    users = {one["details"]["user"] for one in bench.server.stored.databases.values()}

    assert users == {"metabase_mexico", "metabase_programme"}
    assert ADMINISTRATORS in bench.server.stored.groups


def test_tables_and_columns_say_what_the_warehouse_says(applied: Applied) -> None:
    bench = applied()
    stored = bench.server.stored
    tables = [one for one in stored.tables.values() if one["name"] == "site_months"]
    numbers = {one["id"] for one in tables}
    columns = {
        one["name"]: one for one in stored.fields.values() if one["table_id"] in numbers
    }

    assert {one["description"] for one in tables} == {"One row per site and month."}
    assert columns["saver_share"]["description"] == "Families that save."
    assert columns["saver_share"]["semantic_type"] == "type/Percentage"
    assert columns["site_code"]["semantic_type"] == "type/Category"
    assert columns["journal_month"]["semantic_type"] is None
