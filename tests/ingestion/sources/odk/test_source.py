"""What the ODK adapter asks for and how it reads the answers; no network."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from ingestion.errors import (
    SourceIncompleteError,
    SourceRejectedError,
    SourceUnavailableError,
)
from ingestion.sources.base import FormRef, Mark, Rejected, Submission
from ingestion.sources.odk import source as adapter
from tests.ingestion.sources.odk.pretend import FORM, FORM_PATH, Central, refused, row


def at(minute: int, second: int = 0) -> datetime:
    return datetime(2026, 1, 1, 0, minute, second, tzinfo=UTC)


def stamp(minute: int) -> str:
    return f"2026-01-01T00:{minute:02}:00.000Z"


def read(record: dict[str, Any]) -> Submission:
    ((found,),) = Central(record).source().everything()
    assert isinstance(found, Submission)
    return found


def test_a_sweep_follows_the_tokens_on_the_configured_host() -> None:
    central = Central(*[row(number) for number in (5, 4, 3, 2, 1)])
    central.most_on_a_page = 2
    source = central.source()

    found = [mark for some in source.sweep() for mark in some]

    assert source.listed_count == 5
    assert found[0] == Mark("5", "2026-01-01T00:05:00.000Z 0 0")
    assert [mark.submission_id for mark in found] == ["5", "4", "3", "2", "1"]
    tokens = [
        r.url.params.get("$skiptoken") for r in central.asked if r.method == "GET"
    ]
    assert tokens == [None, "uuid:4", "uuid:2"]
    assert source.count() == 5


def test_a_page_lost_to_a_purged_row_is_not_believed() -> None:
    central = Central(*[row(number) for number in (5, 4, 3, 2, 1)])
    central.most_on_a_page = 2
    pages = central.source().sweep()
    next(pages)
    del central.rows[1]  # the row that the next page begins after

    with pytest.raises(SourceIncompleteError, match=r"counts 5 .* but listed 2"):
        list(pages)


def test_what_arrives_during_a_sweep_is_not_counted() -> None:
    central = Central(*[row(number) for number in (3, 2, 1)])
    central.most_on_a_page = 2
    source = central.source()
    pages = source.sweep()
    next(pages)
    central.rows.insert(0, row(4))
    list(pages)

    assert source.count() == 3


def test_a_list_that_does_not_get_on_is_not_followed_forever() -> None:
    central = Central(row(1))
    page = {"value": [row(1)], "@odata.count": 9, "@odata.nextLink": "?%24skiptoken=a"}
    central.answers["Submissions"] = httpx.Response(200, json=page)

    with pytest.raises(SourceIncompleteError, match="does not get on"):
        list(central.source().sweep())


def test_how_long_a_list_is_is_not_known_before_it_begins() -> None:
    assert Central(row(1)).source().listed_count is None


def test_an_empty_form_is_swept() -> None:
    source = Central().source()

    assert [mark for some in source.sweep() for mark in some] == []
    assert source.count() == 0


def test_a_form_published_anew_while_it_is_read_is_read_again() -> None:
    central = Central(row(1))
    source = central.source()
    list(source.everything())
    newer = {**FORM, "version": "3", "publishedAt": "2026-03-01T00:00:00.000Z"}
    central.answers[f"{FORM_PATH}/versions"] = [newer, FORM]

    with pytest.raises(SourceIncompleteError, match="published anew"):
        source.count()


@pytest.mark.parametrize(
    "changed",
    [
        {"edits": 1},
        {"attachmentsPresent": 1},
        {"submissionDate": "2026-01-02T00:00:00.000Z"},
    ],
    ids=str,
)
def test_an_edit_and_a_late_attachment_change_the_mark(changed: dict[str, Any]) -> None:
    before, after = read(row(1)), read(row(1, **changed))

    assert before.mark.edit_mark != after.mark.edit_mark
    assert before.mark.review_mark == after.mark.review_mark


def test_a_review_changes_its_own_mark_and_no_content() -> None:
    before = read(row(1))
    after = read(row(1, reviewState="approved", updatedAt=stamp(9)))

    assert before.mark.edit_mark == after.mark.edit_mark
    assert before.mark.review_mark != after.mark.review_mark
    assert before.content == after.content


def test_a_row_that_only_looks_different_since_a_republish_has_the_same_content() -> (
    None
):
    before, after = row(1), {**row(1), "added": None}

    assert read(before).content == read(after).content
    edited = {**row(1), "meta": {"instanceID": "uuid:other"}}
    assert read(before).content != read(edited).content
    assert read(before).content != read(row(1, attachmentsPresent=1)).content


@pytest.mark.parametrize(
    ("state", "edits", "review", "reviewed", "edited"),
    [
        (None, 0, "none", None, None),
        ("approved", 0, "approved", at(9), None),
        ("rejected", 0, "not_approved", at(9), None),
        ("hasIssues", 2, "on_hold", at(9), None),
        ("edited", 1, "none", None, at(9)),
        (None, 1, "none", None, None),
    ],
)
def test_the_time_on_a_row_is_that_of_the_edit_or_of_the_review(
    state: str | None,
    edits: int,
    review: str,
    reviewed: datetime | None,
    edited: datetime | None,
) -> None:
    found = read(row(1, reviewState=state, edits=edits, updatedAt=stamp(9)))

    assert (found.review_state, found.reviewed_at) == (review, reviewed)
    assert (found.was_edited, found.edited_at) == (edits > 0, edited)
    assert found.received_at == at(1)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("not an object", "it has no id"),
        ({"__system": {}}, "it has no id"),
        ({**row(1), "__id": "uuid:\x00"}, "it has no id"),
        ({"__id": "uuid:1"}, "'__system'"),
        (row(1, submissionDate="soon"), "no date"),
        (row(1, status="notDecrypted"), "encrypted"),
        (row(1, formVersion="a\x00b"), "cannot be stored"),
    ],
    ids=str,
)
def test_a_record_that_cannot_be_read_is_rejected_with_its_reason(
    record: Any,  # noqa: ANN401 - as JSON is
    reason: str,
) -> None:
    central = Central()
    page = {"value": [record], "@odata.count": 1}
    central.answers["Submissions"] = httpx.Response(200, json=page)

    ((found,),) = central.source().everything()

    assert isinstance(found, Rejected)
    assert reason in found.reason


def test_many_ids_are_asked_for_in_addresses_of_bearable_length() -> None:
    central = Central(*[row(number) for number in range(59, 0, -1)])
    source = central.source()
    ids = [f"{number}" for number in range(1, 60)]
    unknown = [f"00000000-0000-4000-8000-{number:012}" for number in range(200)]

    found = [one for some in source.submissions(iter([*ids, *unknown])) for one in some]

    assert sorted(int(one.mark.submission_id) for one in found) == list(range(1, 60))  # type: ignore[union-attr]  # none is rejected
    addresses = [request.url.raw_path for request in central.asked]
    assert max(map(len, addresses)) < 6_000
    assert len(addresses) < 10


def test_an_id_without_the_usual_prefix_is_asked_for_as_it_is() -> None:
    central = Central({**row(1), "__id": "it's bare"})
    source = central.source()
    ((mark,),) = source.sweep()
    central.answers["Submissions"] = httpx.Response(200, json={"value": []})

    list(source.submissions(iter(["it's bare", "2"])))

    assert isinstance(mark, Mark)
    assert mark.submission_id == "it's bare"
    wanted = "__id eq 'it''s bare' or __id eq 'uuid:2'"
    assert central.asked[-1].url.params["$filter"] == wanted


@pytest.mark.parametrize(
    ("ids", "most_on_a_page"),
    [
        (["uuid:1", "1", "uuid:2"], 1_000),
        (["1", "uuid:1", "uuid:2"], 1_000),
        (["1", "uuid:2", "uuid:1"], 2),
    ],
    ids=["prefix first", "prefix second", "on another page"],
)
def test_of_ids_that_a_prefix_tells_apart_the_second_is_rejected(
    ids: list[str], most_on_a_page: int
) -> None:
    central = Central(*[{**row(1), "__id": one} for one in ids])
    central.most_on_a_page = most_on_a_page
    source = central.source()
    kept = next(one for one in ids if one.endswith("1"))

    swept = [one for some in source.sweep() for one in some]
    found = [one for some in source.everything() for one in some]
    asked = [one for some in source.submissions(iter(["1"])) for one in some]

    for listed in (swept, found):
        assert sorted(_id_of(one) for one in listed) == ["", "1", "2"]
    assert source.count() == 3
    assert [one.payload["__id"] for one in asked] == [kept]  # type: ignore[union-attr]  # none is rejected
    (rejected,) = [one for one in found if isinstance(one, Rejected)]
    assert "but for the prefix 'uuid:'" in rejected.reason


def _id_of(item: Mark | Submission | Rejected) -> str:
    if isinstance(item, Rejected):
        return item.submission_id or ""
    return item.submission_id if isinstance(item, Mark) else item.mark.submission_id


def test_what_changed_is_asked_for_with_an_overlap() -> None:
    central = Central(row(1))

    in_bogota = timezone(timedelta(hours=-5))
    list(central.source().changed_since(datetime(2026, 1, 1, 7, tzinfo=in_bogota)))

    found = next(r for r in central.asked if "$filter" in r.url.params).url.params
    cursor = "2026-01-01T11:50:00.000Z"
    assert found["$filter"] == (
        f"(__system/submissionDate ge {cursor} or __system/updatedAt ge {cursor})"
    )
    assert found["$expand"] == "*"


def test_forms_are_those_of_the_project() -> None:
    central = Central()
    draft = {"xmlFormId": "draft", "name": None, "publishedAt": None}
    central.answers["/v1/projects/1/forms"] = [FORM, draft]

    assert list(central.source().forms()) == [
        FormRef("journal", "Journal", is_deployed=True),
        FormRef("draft", "", is_deployed=False),
    ]


def test_a_good_account_learns_the_servers_time() -> None:
    central = Central(row(1))
    page = {"value": [], "@odata.count": 1}
    headers = {"Date": "Wed, 01 Jul 2026 09:00:00 GMT"}
    central.answers["Submissions"] = httpx.Response(200, json=page, headers=headers)

    status = central.source().check()

    assert status.server_time == datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert "sees every submission of form 'journal' of project 1" in status.summary


@pytest.mark.parametrize(
    ("answers", "kind", "reason"),
    [
        (
            {FORM_PATH: refused(403)},
            "missing_permission",
            "give it the role Project Viewer",
        ),
        (
            {"Submissions": refused(403)},
            "missing_permission",
            "give it the role Project Viewer",
        ),
        ({FORM_PATH: None}, "missing_form", "correct the form in the registry"),
        (
            {FORM_PATH: None, "/v1/projects/1/forms": refused(404)},
            "missing_form",
            "has no project 1: correct the server's project",
        ),
        (
            {FORM_PATH: None, "/v1/projects/1/forms": refused(403)},
            "missing_permission",
            "give it the role Project Viewer",
        ),
        (
            {FORM_PATH: {**FORM, "publishedAt": None}},
            "not_deployed",
            "never been published",
        ),
        ({FORM_PATH: {**FORM, "keyId": 1}}, "source_rejected", "is encrypted"),
        (
            {"Submissions": httpx.Response(200, json={"d": []})},
            "wrong_address",
            "not answer as ODK",
        ),
        ({FORM_PATH: refused(401)}, "wrong_token", "ends every session"),
        ({"login": refused(404)}, "wrong_token", "single sign-on only"),
        (
            {"login": refused(401)},
            "wrong_token",
            "does not accept the e-mail and password",
        ),
        (
            {"login": httpx.Response(200, html="<h1>Welcome</h1>")},
            "wrong_address",
            "correct the host in AIRFLOW_CONN_ODK_TEST",
        ),
    ],
)
def test_what_stands_in_the_way_is_said_with_what_to_do(
    answers: dict[str, Any], kind: str, reason: str
) -> None:
    central = Central()
    central.answers |= answers

    with pytest.raises(SourceRejectedError, match=reason) as error:
        central.source().check()
    assert error.value.kind == kind


TRASH_AND_VERSIONS = {
    f"{FORM_PATH}/submissions/uuid:1/versions": [
        {"createdAt": stamp(7)},
        {"createdAt": stamp(1)},
    ],
    f"{FORM_PATH}/submissions/uuid:2/versions": [{"createdAt": stamp(2)}],
}


def test_changes_are_dated_by_the_row_the_history_and_the_trash() -> None:
    central = Central(
        row(4, updatedAt=stamp(8)),  # its review was taken back
        row(3, edits=1, reviewState="edited", updatedAt=stamp(9)),  # tells by itself
        row(2, edits=1, reviewState="approved", updatedAt=stamp(9)),
        row(1, edits=1, reviewState="approved", updatedAt=stamp(9)),
    )
    central.answers |= TRASH_AND_VERSIONS
    source = central.source()
    list(source.everything())
    central.rows = [row(5, deletedAt=stamp(6)), row(6, deletedAt=stamp(6))]
    central.asked.clear()

    found = source.changes({"1", "2", "3", "4", "5"}, at(5))

    assert found.edited == {"1": at(7)}
    assert found.reviewed == {"4": at(8)}
    assert found.deleted == {"5": at(6)}
    assert central.asked_paths == [f"{FORM_PATH}.svc/Submissions", *TRASH_AND_VERSIONS]
    trash = central.asked[0].url.params
    assert trash["$filter"] == "__system/deletedAt ge 2026-01-01T00:05:00.000Z"


def test_nothing_is_asked_about_no_submissions() -> None:
    central = Central(row(1))

    central.source().changes(set(), None)

    assert central.asked == []


def test_a_refused_history_leaves_the_times_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    central = Central(row(1, edits=1, reviewState="approved", updatedAt=stamp(9)))
    source = central.source()
    list(source.everything())
    central.answers["Submissions"] = refused(501)

    assert source.changes({"1"}, None).edited == {}
    assert "changes are dated by this run" in caplog.text


def test_no_more_histories_are_asked_for_than_is_bearable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingestion.sources.odk.history.HISTORIES_AT_MOST", 3)
    edited = {"edits": 1, "reviewState": "approved", "updatedAt": stamp(9)}
    central = Central(*[row(number, **edited) for number in range(9, 0, -1)])
    source = central.source()
    list(source.everything())
    central.asked.clear()

    source.changes({str(number) for number in range(1, 10)}, None)

    assert len([p for p in central.asked_paths if "/submissions/" in p]) == 3


def test_an_error_of_the_server_itself_is_tried_once_more_only() -> None:
    assert adapter.PATIENCE.attempts_after_error == 2
    central = Central()
    central.answers["Submissions"] = httpx.Response(500)

    with pytest.raises(SourceUnavailableError):
        list(central.source().sweep())
