from datetime import UTC, datetime

import pytest

from sandbox.odk import OdkServer
from sandbox.odk.for_tests.samples import OdkClient, Serve, root, sample_form
from sandbox.pilot.model import Event

THIRD = "2021-02-01T00:00:03.000Z"
LATER = datetime(2021, 2, 10, tzinfo=UTC)
REVIEWED = datetime(2021, 2, 20, tzinfo=UTC)


@pytest.fixture
def server(serve: Serve) -> OdkServer:
    """Serve twelve rows: 2 is deleted, 3 approved, 4 rejected."""
    return serve(
        sample_form(
            Event(LATER, "delete", 2),
            Event(REVIEWED, "review", 3, review="approved"),
            Event(REVIEWED, "review", 4, review="not_approved"),
        )
    )


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        (f"__id eq '{root(5)}' or __id eq '{root(7)}'", [7, 5]),
        (f"__system/submissionDate eq {THIRD}", [3]),
        (f"__system/submissionDate le {THIRD}", [3, 1]),
        ("__system/submissionDate lt 2021-02-01T01:00:04+01:00", [3, 1]),
        ("__system/submissionDate gt now()", []),
        ("second(__system/submissionDate) ge 11", [12, 11]),
        ("year(__system/updatedAt) eq 2021", [4, 3]),
        ("__system/updatedAt gt 2021-02-19", [4, 3]),
        ("__system/deletedAt ne null", [2]),
        (
            "__system/deletedAt ge 2021-02-10 or __system/updatedAt ge 2021-02-10",
            [4, 3, 2],
        ),
        ("__system/reviewState eq 'approved'", [3]),
        (
            "__system/reviewState eq null and second(__system/submissionDate) lt 6",
            [5, 1],
        ),
        ("__system/reviewState ne 'approved' and __system/updatedAt ne null", [4]),
        ("not __system/updatedAt gt 2000-01-01", []),
        ("not (__system/reviewState eq null)", [4, 3]),
        ("__system/submitterId eq null", [1]),
    ],
)
def test_a_filter_finds_what_postgres_would(
    odk: OdkClient, expression: str, numbers: list[int]
) -> None:
    assert odk.numbers(filter=expression) == numbers


@pytest.mark.parametrize(
    ("expression", "status", "code"),
    [
        ("home/size gt 3", 501, 501.5),
        ("__system/edits gt 0", 501, 501.5),
        ("$root/Submissions/__id eq 'x'", 501, 501.5),
        ("startswith(__id,'u')", 501, 501.4),
        ("__system/submitterId add 1 eq 2", 501, 501.4),
        ("__id eq", 400, 400.18),
        ("__system/submissionDate gt 'yesterday'", 500, None),
        ("__system/submissionDate gt 2021-13-01", 500, None),
        ("__system/submitterId eq 'liaison'", 500, None),
        ("__system/submissionDate eq __id", 500, None),
        ("year(__id) eq 2021", 500, None),
        ("__id", 500, None),
    ],
)
def test_what_cannot_be_filtered_is_refused_and_not_always_said_why(
    odk: OdkClient, expression: str, status: int, code: float | None
) -> None:
    answer = odk.ask(filter=expression)

    assert (answer.status_code, answer.json().get("code")) == (status, code)


def test_any_mention_of_the_trash_shows_it(odk: OdkClient) -> None:
    both = "__system/deletedAt eq null or __system/deletedAt ne null"

    assert 2 not in odk.numbers()
    assert odk.numbers(filter=both) == list(range(12, 0, -1))
    trashed = odk.rows(filter="__system/deletedAt ne null")[0]
    assert trashed["home"]["size"] == 2
    assert trashed["__system"]["deletedAt"] == "2021-02-10T00:00:00.000Z"


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        ("__system/submissionDate asc", [1, 3, 4, 5]),
        ("__system/submissionDate", [1, 3, 4, 5]),
        ("__system/updatedAt desc", [4, 3, 12, 11]),
        ("__system/updatedAt", [1, 5, 6, 7]),
        ("__system/reviewState desc,__system/submissionDate asc", [4, 3, 1, 5]),
    ],
)
def test_rows_come_in_the_order_asked_for(
    odk: OdkClient, expression: str, numbers: list[int]
) -> None:
    assert odk.numbers(orderby=expression, top=4) == numbers


@pytest.mark.parametrize(
    ("expression", "code"), [("home/size", 501.5), ("__id up", 501.5), (",", 501.5)]
)
def test_an_order_that_is_none_is_refused(
    odk: OdkClient, expression: str, code: float
) -> None:
    assert odk.ask(orderby=expression).json()["code"] == code


def test_the_items_of_a_repeat_are_filtered_by_their_submission(odk: OdkClient) -> None:
    moment = f"$root/Submissions/__system/submissionDate eq {THIRD}"

    rows = odk.page(".money.source", filter=moment)["value"]

    assert [row["__Submissions-id"] for row in rows] == [root(3)] * 2
    plain = odk.ask(".money.source", filter=moment.removeprefix("$root/Submissions/"))
    assert plain.json()["code"] == 501.5
