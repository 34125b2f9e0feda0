import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from sandbox.kobo import KoboServer
from sandbox.kobo.for_tests.samples import REDEPLOYED, Connect, SampleClient


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


def test_an_answer_that_counts_nothing_cannot_lie(
    server: KoboServer, kobo: SampleClient
) -> None:
    server.set_faults({"kind": "wrong_count", "count": None})

    assert kobo.get(f"{kobo.data}1/").json()["_id"] == 1
    assert kobo.delete(f"{kobo.data}1/").status_code == 204


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


def actions(kobo: SampleClient) -> list[str]:
    params = {"q": "NOT action:view-data AND NOT action:redeploy"}
    rows = kobo.get(f"{kobo.asset}history/", params=params).json()["results"]
    return [row["action"] for row in rows if row["action"] != "deploy"]


def test_the_history_loses_what_happens_from_then_on(
    server: KoboServer, kobo: SampleClient
) -> None:
    server.set_faults({"kind": "history_lost", "ids": [1]})
    before = actions(kobo)
    server.set_clock(REDEPLOYED + timedelta(days=1))

    for number in (1, 2):
        kobo.delete(f"{kobo.data}{number}/")

    assert kobo.ids() == list(range(3, 13))
    assert actions(kobo) == ["delete-submission", *before]
    server.set_faults({"kind": "history_lost"})
    kobo.get("/me/")
    server.set_clock(REDEPLOYED + timedelta(days=2))
    kobo.delete(f"{kobo.data}3/")
    assert actions(kobo) == ["delete-submission"] * 2 + before


def test_the_history_tells_of_deletions_that_failed(
    server: KoboServer, kobo: SampleClient
) -> None:
    before = actions(kobo)
    server.set_faults(
        {"kind": "false_deletions_logged", "ids": [2, 3]},
        {"kind": "false_deletions_logged", "path": "/data/"},
        {"kind": "history_lost"},
    )

    assert actions(kobo) == ["delete-submission"] * 2 + before
    assert len(kobo.ids()) == 12
    assert actions(kobo) == ["delete-submission"] * 3 + before


def test_the_history_can_be_shown_for_a_few_days_only(
    server: KoboServer, kobo: SampleClient
) -> None:
    server.set_clock(datetime(2021, 2, 8, 0, 0, 6, tzinfo=UTC))
    assert len(actions(kobo)) == 12

    server.set_faults({"kind": "history_shortened", "days": 7})

    assert len(actions(kobo)) == 7  # those of seconds 6 to 12 of 1 February


@pytest.mark.parametrize(("length", "status"), [(8192, 200), (8193, 414)])
def test_a_request_line_above_8_kb_is_refused_with_a_page(
    kobo: SampleClient, length: int, status: int
) -> None:
    line = f"GET {kobo.data}?fields=%5B%22_id%22%5D&padding= HTTP/1.1\r\n"
    padding = "x" * (length - len(line))

    answer = kobo.get(kobo.data, params={"fields": '["_id"]', "padding": padding})

    assert answer.status_code == status
    assert ("html" in answer.headers["content-type"]) == (status == 414)
    assert kobo.get("/me/").status_code == 200
