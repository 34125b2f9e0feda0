import threading
from datetime import UTC, datetime

import pytest

from sandbox.kobo import KoboServer
from sandbox.kobo.for_tests.samples import Connect, SampleClient, sample_form


def test_the_clock_moves_on_over_http(kobo: SampleClient) -> None:
    answer = kobo.post("/sandbox/clock", json={"now": "2021-02-01T01:00:03+01:00"})

    assert answer.json() == {"now": "2021-02-01T00:00:03Z"}
    assert kobo.ids() == [1, 2, 3]
    assert kobo.get("/me/").json()["server_time"] == "2021-02-01T00:00:03Z"
    assert kobo.get("/me/").headers["date"] == "Mon, 01 Feb 2021 00:00:03 GMT"


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("clock", {"now": "2021-02-01T00:00:03"}, "now"),
        ("clock", {"then": "2021-02-01T00:00:03Z"}, "now"),
        ("faults", [{"kind": "earthquake"}], "0.kind"),
        ("faults", [{"kind": "slow", "path": "("}], "0.path"),
        ("faults", [{"kind": "slow", "times": 3}], "0.times"),
        ("faults", {"kind": "slow"}, "body"),
    ],
)
def test_a_wrong_order_is_refused_with_the_place_in_it(
    kobo: SampleClient, path: str, body: object, named: str
) -> None:
    answer = kobo.post(f"/sandbox/{path}", json=body)

    assert answer.status_code == 400
    assert f" {named}:" in answer.json()["detail"]


def test_faults_are_set_and_taken_back_over_http(kobo: SampleClient) -> None:
    kobo.post("/sandbox/faults", json=[{"kind": "server_error", "count": None}])
    assert kobo.get(kobo.data).status_code == 500

    kobo.post("/sandbox/faults", json=[])
    assert kobo.get(kobo.data).status_code == 200


def test_requests_served_are_listed_without_tokens(
    server: KoboServer, kobo: SampleClient
) -> None:
    server.set_faults({"kind": "bad_gateway", "path": "/data/"})
    kobo.get("/me/")
    kobo.get(kobo.data, params={"limit": 5})

    answer = kobo.get("/sandbox/requests")

    assert answer.json() == [
        {"method": "GET", "path": "/me/", "status": 200, "faults": []},
        {
            "method": "GET",
            "path": f"{kobo.data}?limit=5",
            "status": 502,
            "faults": ["bad_gateway"],
        },
    ]
    assert server.token not in answer.text
    assert kobo.delete("/sandbox/requests").status_code == 204
    assert server.requests == []


def test_a_connection_is_kept_for_the_next_request(kobo: SampleClient) -> None:
    kobo.get("/me/")
    streams = [kobo.get(kobo.data).extensions["network_stream"] for _ in range(3)]

    ports = {stream.get_extra_info("client_addr")[1] for stream in streams}

    assert len(ports) == 1


def test_requests_of_several_clients_are_served_at_the_same_time(
    server: KoboServer, connect: Connect
) -> None:
    server.set_faults({"kind": "slow", "seconds": 0.5, "count": 1})
    slow, quick = connect(server), connect(server)
    waiting = threading.Thread(target=slow.get, args=("/me/",))
    waiting.start()

    while not server.requests:
        waiting.join(0.01)
    quick.get("/me/")

    assert waiting.is_alive(), "the quick request waited for the slow one"
    waiting.join()


def test_stopping_does_not_wait_for_clients_that_keep_a_connection(
    connect: Connect,
) -> None:
    server = KoboServer((sample_form(),), clock=datetime(2021, 3, 1, tzinfo=UTC))
    before = threading.active_count()
    with server:
        connect(server).get("/me/")

    assert threading.active_count() == before


def test_the_server_listens_on_loopback_only(server: KoboServer) -> None:
    assert server.url.startswith("http://127.0.0.1:")
