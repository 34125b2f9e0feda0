"""What the Kobo adapter asks for and how it reads the answers; no network."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from ingestion.errors import SourceIncompleteError, SourceRejectedError
from ingestion.sources.base import Mark, Rejected, Submission
from ingestion.sources.http import Patience, PatientClient
from ingestion.sources.kobo import KoboSource

Answer = Callable[[httpx.Request], httpx.Response]
NO_PATIENCE = Patience(attempts=1, attempts_unreached=1, attempts_after_error=1)
RECORD = {
    "_id": 7,
    "_uuid": "after-the-edit",
    "meta/rootUuid": "uuid:the-first",
    "__version__": "v1",
    "_submission_time": "2026-03-30T20:00:00",
    "_validation_status": {"uid": "validation_status_on_hold", "timestamp": 1780387200},
    "_attachments": [
        {"download_url": "http://a.example/1", "media_file_basename": "x.png"}
    ],
    "income/total": "12",
}


def source(answer: Answer) -> KoboSource:
    client = httpx.Client(
        base_url="https://kobo.example", transport=httpx.MockTransport(answer)
    )
    return KoboSource(PatientClient("Kobo", client, NO_PATIENCE), "aUID", "kobo_main")


def page(records: list[Any], count: int | None = None) -> httpx.Response:
    found = {"count": len(records) if count is None else count, "results": records}
    return httpx.Response(200, json={"next": "https://evil.example/", **found})


def serving(records: list[dict[str, Any]], asked: list[dict[str, Any]]) -> Answer:
    """Return a server that pages by `_id`, capping pages at two rows as it likes."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        assert request.url.host == "kobo.example"
        bounds = json.loads(request.url.params.get("query", "{}")).get("_id", {})
        found = [
            record
            for record in records
            if bounds.get("$gt", 0) < record["_id"] <= bounds.get("$lte", 10**9)
        ]
        return page(found[:2], len(found))

    return answer


def marks(*ids: int) -> list[dict[str, Any]]:
    return [{"_id": i, "_uuid": f"u{i}", "_validation_status": {}} for i in ids]


def test_a_sweep_follows_the_ids_even_when_pages_are_shorter_than_asked_for() -> None:
    asked: list[dict[str, Any]] = []
    kobo = source(serving(marks(3, 5, 9, 12, 40), asked))

    found = [mark for some in kobo.sweep() for mark in some]

    assert found == [Mark(str(i), f"u{i}") for i in (3, 5, 9, 12, 40)]
    assert [json.loads(one["query"])["_id"]["$gt"] for one in asked] == [0, 5, 12]
    assert "_validation_status" in json.loads(asked[0]["fields"])
    assert kobo.count() == 5


def test_the_count_asked_for_stops_at_the_last_id_listed() -> None:
    records = marks(1, 2, 3)
    kobo = source(serving(records, []))
    list(kobo.sweep())
    records.append(marks(99)[0])  # arrives while we look

    assert kobo.count() == 3


def test_a_list_out_of_order_is_not_believed() -> None:
    kobo = source(lambda _: page(marks(5, 3), 2))

    with pytest.raises(SourceIncompleteError, match="in the order of their ids"):
        list(kobo.sweep())


def test_an_empty_page_of_a_list_that_should_go_on_is_not_believed() -> None:
    kobo = source(lambda _: page([], 4))

    with pytest.raises(SourceIncompleteError):
        list(kobo.sweep())


def test_a_form_without_submissions_is_swept() -> None:
    kobo = source(lambda _: page([]))

    assert list(kobo.sweep()) == []
    assert kobo.count() == 0


def test_a_submission_is_read_with_its_lasting_identity_and_utc_times() -> None:
    kobo = source(lambda _: page([RECORD]))

    ((found,),) = kobo.everything()

    assert isinstance(found, Submission)
    assert found.root_id == "the-first"
    assert found.received_at == datetime(2026, 3, 30, 20, tzinfo=UTC)
    assert found.reviewed_at == datetime(2026, 6, 2, 8, tzinfo=UTC)
    assert (found.review_state, found.form_version_id) == ("on_hold", "v1")
    assert found.payload == RECORD


def test_what_the_server_changes_by_itself_is_not_content() -> None:
    moved = {
        **RECORD,
        "_uuid": "other",
        "_tags": [],
        "_validation_status": {},
        "_attachments": [
            {"download_url": "http://b.example/1", "media_file_basename": "x.png"}
        ],
    }
    kobo = source(lambda _: page([RECORD, {**moved, "_id": 8}]))

    ((one, other),) = kobo.everything()

    assert isinstance(one, Submission)
    assert isinstance(other, Submission)
    assert {**one.content, "_id": 8} == other.content


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"_uuid": "u"}, "it has no id"),
        ("text", "it has no id"),
        ({**RECORD, "_id": "7"}, "it has no id"),
        ({**RECORD, "_submission_time": "soon"}, "soon"),
        ({"_id": 8, "_submission_time": "2026-03-30T20:00:00"}, "_uuid"),
    ],
)
def test_a_record_that_cannot_be_read_is_rejected_and_the_others_are_not(
    record: Any,  # noqa: ANN401 - anything a server may send
    reason: str,
) -> None:
    kobo = source(lambda _: page([record, {**RECORD, "_id": 9}]))

    ((bad, good),) = kobo.submissions(iter(["7", "9"]))

    assert isinstance(bad, Rejected)
    assert reason in bad.reason
    assert isinstance(good, Submission)


def test_ids_are_asked_for_in_lines_that_servers_accept() -> None:
    lengths: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        lengths.append(len(str(request.url)))
        return page([])

    list(source(answer).submissions(str(10**8 + i) for i in range(2_000)))

    assert len(lengths) > 2
    assert max(lengths) < 8_000


def account(
    permissions: list[str], me: dict[str, Any] | None = None, **asset: object
) -> Answer:
    granted = [{"codename": name} for name in permissions]
    bodies = {
        "/me/": {"username": "loader", "server_time": "2026-07-03T09:30:00Z"}
        if me is None
        else me,
        "/api/v2/assets/aUID/": {"effective_permissions": granted, **asset},
    }
    return lambda request: httpx.Response(200, json=bodies[request.url.path])


def without_form(request: httpx.Request) -> httpx.Response:
    if request.url.path != "/me/":
        return httpx.Response(404, html="<h1>no</h1>")
    return account(["view_submissions"])(request)


def test_a_check_tells_the_servers_own_time() -> None:
    status = source(account(["view_submissions"])).check()

    assert status.server_time == datetime(2026, 7, 3, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (account(["view_asset", "partial_submissions"]), "share the project"),
        (account(["view_submissions"], me={}), "AIRFLOW_CONN_KOBO_MAIN"),
        (account(["view_submissions"], has_deployment=False), "deploy the project"),
        (lambda _: httpx.Response(401), "AIRFLOW_CONN_KOBO_MAIN"),
        (without_form, "check the uid"),
        (
            lambda _: httpx.Response(404, html="<h1>no</h1>"),
            "check the host in AIRFLOW_CONN_KOBO_MAIN",
        ),
        (
            lambda _: httpx.Response(400, json={"detail": "It broke."}),
            r"\(400: It broke\)",
        ),
    ],
    ids=["partial", "anonymous", "draft", "token", "uid", "address", "other"],
)
def test_a_refusal_says_what_to_do(answer: Answer, advice: str) -> None:
    with pytest.raises(SourceRejectedError, match=advice):
        source(answer).check()


def test_a_history_that_is_refused_leaves_the_times_unknown() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/history/"):
            return httpx.Response(403)
        return account(["view_submissions", "manage_asset"])(request)

    kobo = source(answer)
    kobo.check()

    assert not kobo.changes({"the-first"}, None).edited
