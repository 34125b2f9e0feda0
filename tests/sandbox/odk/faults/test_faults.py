import httpx
import pytest

from sandbox.odk import OdkServer
from sandbox.odk.for_tests.samples import Connect, OdkClient, log_in, number_of, root


@pytest.mark.parametrize(
    ("kind", "status", "is_json"),
    [
        ("rate_limited", 429, False),
        ("server_error", 500, True),
        ("bad_gateway", 502, False),
        ("unavailable", 503, False),
        ("gateway_timeout", 504, False),
        ("html_page", 200, False),
        ("redirected", 302, False),
    ],
)
def test_a_request_is_answered_with_something_else(
    server: OdkServer,
    odk: OdkClient,
    kind: str,
    status: int,
    is_json: bool,  # noqa: FBT001 - part of the case
) -> None:
    server.set_faults({"kind": kind, "path": "Submissions"})

    answer = odk.ask(top=1)

    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/json") == is_json
    assert odk.ask(top=1).status_code == 200, "one request was to fail"


def test_a_500_has_no_code(server: OdkServer, odk: OdkClient) -> None:
    server.set_faults({"kind": "server_error"})

    assert odk.ask().json() == {"message": "Internal Server Error"}


@pytest.mark.parametrize("kind", ["rate_limited", "unavailable"])
def test_it_says_when_to_come_again(
    server: OdkServer, odk: OdkClient, kind: str
) -> None:
    server.set_faults({"kind": kind, "seconds": 7})

    assert odk.ask().headers["Retry-After"] == "7"


def test_a_stream_that_breaks_off_is_a_200_and_no_json(
    server: OdkServer, odk: OdkClient
) -> None:
    server.set_faults({"kind": "truncated_json"})

    answer = odk.ask()

    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()


def test_a_connection_is_cut_in_the_middle(server: OdkServer, odk: OdkClient) -> None:
    server.set_faults({"kind": "cut_connection"})

    with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
        odk.ask()


def test_a_slow_answer_comes_late(server: OdkServer, odk: OdkClient) -> None:
    server.set_faults({"kind": "slow", "seconds": 30})

    with pytest.raises(httpx.ReadTimeout):
        odk.get(odk.table, timeout=0.05)


def test_a_page_lacks_rows_and_nothing_says_so(
    server: OdkServer, odk: OdkClient
) -> None:
    server.set_faults({"kind": "short_page", "difference": 2})

    pages = list(odk.followed(top=5))

    numbers = [number_of(row["__id"]) for page in pages for row in page["value"]]
    assert numbers == [12, 11, 10, 7, 6, 5, 4, 3, 2, 1]


def test_a_page_loses_the_link_to_the_next(server: OdkServer, odk: OdkClient) -> None:
    server.set_faults({"kind": "next_link_lost"})

    page = odk.page(top=5, count="true")

    assert (len(page["value"]), page["@odata.count"]) == (5, 12)
    assert "@odata.nextLink" not in page


def test_a_count_is_wrong(server: OdkServer, odk: OdkClient) -> None:
    server.set_faults({"kind": "wrong_count", "difference": -3})

    assert odk.page(count="true")["@odata.count"] == 9


def test_a_row_purged_between_two_pages_ends_the_reading(
    server: OdkServer, odk: OdkClient
) -> None:
    rule = {"kind": "rows_purged", "path": "skiptoken", "ids": [root(8)]}
    server.set_faults(rule)

    pages = list(odk.followed(top=5, count="true"))

    assert [len(page["value"]) for page in pages] == [5, 0]
    assert pages[0]["@odata.count"] == 12
    server.set_faults()
    assert len(odk.numbers()) == 12, "new rules heal what the old ones did"


def test_the_newest_row_is_purged_where_none_is_named(
    server: OdkServer, odk: OdkClient
) -> None:
    server.set_faults({"kind": "rows_purged", "path": "Submissions"})

    assert odk.numbers(top=1) == [11]


def test_a_role_is_taken_away(
    server: OdkServer, odk: OdkClient, connect: Connect
) -> None:
    admin = connect(server, "admin")
    server.set_faults({"kind": "permission_withdrawn", "after": 1})

    statuses = [odk.ask(top=1).status_code for _ in range(3)]

    assert statuses == [200, 403, 403]
    assert admin.ask(top=1).status_code == 200
    server.set_faults()
    assert odk.ask(top=1).status_code == 200


def test_sessions_end_and_a_new_one_can_be_opened(
    server: OdkServer, odk: OdkClient
) -> None:
    server.set_faults({"kind": "sessions_ended", "path": "Submissions"})

    assert odk.ask(top=1).json()["code"] == 401.2
    log_in(odk, server, "viewer")
    assert odk.ask(top=1).status_code == 200
