import time

import httpx
import pytest

from sandbox.kobo import KoboServer
from sandbox.kobo.samples import Connect, SampleClient


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("rate_limited", 429),
        ("server_error", 500),
        ("bad_gateway", 502),
        ("unavailable", 503),
        ("gateway_timeout", 504),
    ],
)
def test_an_error_hits_as_often_as_told_and_heals(
    server: KoboServer, kobo: SampleClient, kind: str, status: int
) -> None:
    server.set_faults({"kind": kind, "path": "/data/", "after": 1, "count": 2})

    statuses = [kobo.get(kobo.data).status_code for _ in range(4)]

    assert statuses == [200, status, status, 200]
    assert kobo.get(kobo.asset).status_code == 200


def test_too_many_requests_says_when_to_come_back(
    server: KoboServer, kobo: SampleClient
) -> None:
    server.set_faults({"kind": "rate_limited", "seconds": 7})

    answer = kobo.get(kobo.data)

    assert answer.headers["retry-after"] == "7"
    assert answer.headers["content-type"].startswith("text/html")


def test_a_rule_sees_the_query_string(server: KoboServer, kobo: SampleClient) -> None:
    server.set_faults({"kind": "server_error", "path": "start=5", "count": None})

    assert kobo.get(kobo.data, params={"limit": 5}).status_code == 200
    assert kobo.get(kobo.data, params={"limit": 5, "start": 5}).status_code == 500


def test_a_connection_cut_in_the_body_is_noticed_by_the_client(
    server: KoboServer, kobo: SampleClient
) -> None:
    server.set_faults({"kind": "cut_connection"})

    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        kobo.get(kobo.data)

    assert kobo.get(kobo.data).status_code == 200


def test_json_can_end_in_the_middle_of_a_well_formed_answer(
    server: KoboServer, kobo: SampleClient
) -> None:
    server.set_faults({"kind": "truncated_json"})

    answer = kobo.get(kobo.data)

    assert answer.status_code == 200
    with pytest.raises(ValueError, match="Unterminated string"):
        answer.json()


def test_a_count_can_lie(server: KoboServer, kobo: SampleClient) -> None:
    server.set_faults({"kind": "wrong_count", "difference": -2})

    answer = kobo.get(kobo.data).json()

    assert (answer["count"], len(answer["results"])) == (10, 12)


def test_a_page_can_be_slow(server: KoboServer, kobo: SampleClient) -> None:
    server.set_faults({"kind": "slow", "seconds": 0.3})

    started = time.monotonic()
    kobo.get(kobo.data)

    assert time.monotonic() - started >= 0.3


def test_permission_can_be_withdrawn_between_two_pages(
    server: KoboServer, connect: Connect
) -> None:
    viewer, owner = connect(server, "viewer"), connect(server)
    server.set_faults(
        {"kind": "permission_withdrawn", "path": "/data/.*start=5"},
    )

    assert viewer.ids(limit=5) == [1, 2, 3, 4, 5]
    page = viewer.get(viewer.data, params={"limit": 5, "start": 5})
    assert (page.status_code, page.json()) == (404, {"detail": "Not found."})
    assert viewer.get("/api/v2/assets/").json()["count"] == 0
    assert owner.get(owner.data).status_code == 200

    server.set_faults()

    assert viewer.get(viewer.data).status_code == 200


def test_a_token_can_be_revoked(
    server: KoboServer, kobo: SampleClient, connect: Connect
) -> None:
    server.set_faults({"kind": "token_revoked", "after": 1})

    assert [kobo.get("/me/").status_code for _ in range(3)] == [200, 401, 401]
    assert connect(server, "viewer").get("/me/").status_code == 200


def test_rows_deleted_during_a_pull_make_later_pages_skip_rows(
    server: KoboServer, kobo: SampleClient
) -> None:
    server.set_faults({"kind": "rows_deleted", "path": "start=5", "ids": [1, 2]})

    first, second = kobo.ids(limit=5), kobo.ids(limit=5, start=5)

    assert first == [1, 2, 3, 4, 5]
    assert second == [8, 9, 10, 11, 12]
    assert kobo.get(kobo.data).json()["count"] == 10


def test_without_ids_the_first_row_goes(server: KoboServer, kobo: SampleClient) -> None:
    server.set_faults({"kind": "rows_deleted", "count": 2})

    assert kobo.ids() == list(range(2, 13))
    assert kobo.ids() == list(range(3, 13))
