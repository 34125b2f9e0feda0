"""Dashboards are replaced as a whole, by number, as the real one does."""

from typing import Any

import httpx
import pytest

from sandbox.metabase import MetabaseServer
from tests.sandbox.metabase.conftest import Client, Serve
from tests.sandbox.metabase.test_versions import card_body, connect

Board = tuple[MetabaseServer, Client, int, int]


@pytest.fixture
def board(serve: Serve, details: dict[str, Any]) -> Board:
    """Return server, client, an empty dashboard and a card."""
    server, client = serve()
    database = connect(client, details)
    card = client.made("/api/card", **card_body(database, "select 1 as one"))
    made = client.made("/api/dashboard", name="Board")
    return server, client, made["id"], card["id"]


def placed(number: int, card: int | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    place = {"row": 0, "col": 0, "size_x": 4, "size_y": 3}
    return {"id": number, "card_id": card, **place, **more}


def test_a_number_below_zero_makes_one_and_a_number_left_out_deletes(
    board: Board,
) -> None:
    _, client, number, card = board
    path = f"/api/dashboard/{number}"
    first = client.put(path, json={"dashcards": [placed(-1, card), placed(-2, card)]})
    kept = first.json()["dashcards"][1]["id"]

    second = client.put(path, json={"dashcards": [placed(kept, card, row=5)]}).json()

    assert [one["id"] for one in second["dashcards"]] == [kept]
    assert second["dashcards"][0]["row"] == 5
    assert second["dashcards"][0]["card"]["id"] == card


def test_a_dashboard_without_cards_sent_keeps_them(
    board: Board,
) -> None:
    _, client, number, card = board
    path = f"/api/dashboard/{number}"
    client.put(path, json={"dashcards": [placed(-1, card)]})

    renamed = client.put(path, json={"name": "Other"}).json()

    assert renamed["name"] == "Other"
    assert len(renamed["dashcards"]) == 1


def test_with_several_tabs_every_card_needs_one(
    board: Board,
) -> None:
    _, client, number, card = board
    tabs = [{"id": -1, "name": "A"}, {"id": -2, "name": "B"}]
    path = f"/api/dashboard/{number}"

    without = client.put(path, json={"tabs": tabs, "dashcards": [placed(-1, card)]})
    dashcards = [placed(-1, card, dashboard_tab_id=-2)]
    given = client.put(path, json={"tabs": tabs, "dashcards": dashcards}).json()

    assert without.status_code == 400
    by_name = {tab["name"]: tab["id"] for tab in given["tabs"]}
    assert given["dashcards"][0]["dashboard_tab_id"] == by_name["B"]


def test_a_filter_that_goes_archives_the_subscriptions_that_used_it(
    board: Board,
) -> None:
    server, client, number, card = board
    path = f"/api/dashboard/{number}"
    site = {"id": "site", "type": "string/="}
    client.put(path, json={"parameters": [site]})
    channel = {"channel_type": "email", "enabled": True, "schedule_type": "daily"}
    client.made(
        "/api/pulse",
        name="P",
        dashboard_id=number,
        cards=[{"id": card, "include_csv": False, "include_xls": False}],
        channels=[channel],
        parameters=[{"id": "site", "value": ["MX-01"]}],
    )

    client.put(path, json={"parameters": [{**site, "id": "place"}]})

    assert client.get("/api/pulse").json() == []
    assert [one["archived"] for one in server.stored.pulses.values()] == [True]


def test_an_archived_card_is_on_no_dashboard_until_it_is_restored(
    board: Board,
) -> None:
    _, client, number, card = board
    path = f"/api/dashboard/{number}"
    client.put(path, json={"dashcards": [placed(-1, card)]})

    client.put(f"/api/card/{card}", json={"archived": True})
    hidden = client.get(path).json()["dashcards"]
    client.put(f"/api/card/{card}", json={"archived": False})

    assert hidden == []
    assert len(client.get(path).json()["dashcards"]) == 1


def test_faults_do_what_they_say(board: Board) -> None:
    server, client, number, card = board
    rules = [
        {"kind": "bad_gateway", "path": "PUT /api/card/"},
        {"kind": "bad_gateway_after", "path": "PUT /api/dashboard/"},
        {"kind": "changed", "path": "GET /api/card/"},
    ]
    told = client.post("/sandbox/faults", json=rules)

    before = client.put(f"/api/card/{card}", json={"name": "Renamed"})
    after = client.put(f"/api/dashboard/{number}", json={"name": "Renamed"})
    first = client.get(f"/api/card/{card}").json()["name"]

    assert told.status_code == 200
    assert before.status_code == after.status_code == 502
    assert server.stored.dashboards[number]["name"] == "Renamed"
    assert first == "Figures"
    assert client.get(f"/api/card/{card}").json()["name"] == "Figures (edited)"


def test_whoever_has_no_login_is_told_so(board: Board) -> None:
    server, _, number, card = board
    with httpx.Client(base_url=server.url) as nobody:
        assert nobody.get(f"/api/dashboard/{number}").status_code == 401
        assert nobody.post(f"/api/card/{card}/query", json={}).status_code == 401
        assert nobody.get("/api/permissions/graph").status_code == 401
        assert nobody.get("/api/health").json() == {"status": "ok"}
