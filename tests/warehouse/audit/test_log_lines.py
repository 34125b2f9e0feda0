import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from warehouse.audit.log_lines import Asked, asked_in

READERS = {"lead_x"}


def lines(*entries: dict[str, Any]) -> Iterator[str]:
    """Write a log: each entry a line of one session, unless it says otherwise."""
    for number, entry in enumerate(entries, start=1):
        common = {
            "timestamp": f"2026-01-31 10:00:00.{number:03} UTC",
            "user": "lead_x",
            "dbname": "warehouse",
            "session_id": "s1",
            "line_num": number,
            "error_severity": "LOG",
        }
        yield json.dumps(common | entry)


def heard(*entries: dict[str, Any]) -> list[tuple[str, float | None, str | None]]:
    return [
        (one.statement, one.milliseconds, one.error_code)
        for one in asked_in(lines(*entries), READERS)
    ]


def test_a_statement_has_the_time_that_its_session_says_next() -> None:
    found = list(
        asked_in(
            lines(
                {"message": "statement: select 1"},
                {"message": "statement: select 2", "session_id": "s2"},
                {"message": "duration: 1.250 ms"},
                {"message": "duration: 7.000 ms", "session_id": "s2"},
            ),
            READERS,
        )
    )

    assert found[0] == Asked(
        "s1",
        1,
        "lead_x",
        "warehouse",
        datetime(2026, 1, 31, 10, 0, 0, 1000, tzinfo=UTC),
        "select 1",
        1.25,
    )
    assert (found[1].statement, found[1].milliseconds) == ("select 2", 7.0)


def test_a_prepared_statement_has_the_time_of_its_execution() -> None:
    assert heard(
        {"message": "duration: 0.1 ms"},
        {"message": "duration: 0.2 ms"},
        {"message": "execute <unnamed>: select $1", "detail": "Parameters: $1 = 'M'"},
        {"message": "duration: 3.000 ms"},
    ) == [("select $1", 3.0, None)]


def test_a_time_that_comes_with_its_statement_counts() -> None:
    assert heard({"message": "duration: 2.5 ms  statement: select\n 1"}) == [
        ("select\n 1", 2.5, None)
    ]


def test_what_failed_has_the_code_of_the_error_also_where_it_never_began() -> None:
    assert heard(
        {"message": "statement: select 1/0"},
        {
            "message": "division by zero",
            "error_severity": "ERROR",
            "state_code": "22012",
            "statement": "select 1/0",
        },
        {
            "message": "syntax error",
            "error_severity": "ERROR",
            "state_code": "42601",
            "statement": "selekt",
        },
    ) == [("select 1/0", None, "22012"), ("selekt", None, "42601")]


def test_what_has_not_ended_is_heard_of_all_the_same() -> None:
    assert heard(
        {"message": "statement: select 1"}, {"message": "statement: select 2"}
    ) == [("select 1", None, None), ("select 2", None, None)]


def test_others_and_lines_that_are_no_json_are_passed_over() -> None:
    written = [
        '{"broken": ',
        "[]",
        *lines({"message": "statement: select 1", "user": "transformer"}),
    ]

    assert list(asked_in(written, READERS)) == []
