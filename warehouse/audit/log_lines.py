"""What a line of Postgres' JSON log says of a statement.

Source: https://www.postgresql.org/docs/18/runtime-config-logging.html, the keys of the
JSON log. With `log_statement = all` a statement has a line when it begins, or when its
parameters are there; with `log_duration` one when it has ended; and one when it fails.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

STATEMENT = re.compile(r"(?:statement|execute [^:]+): (?P<statement>.*)", re.DOTALL)
DURATION = re.compile(
    r"duration: (?P<milliseconds>[\d.]+) ms\s*(?P<rest>.*)", re.DOTALL
)
TIME_FORMAT = "%Y-%m-%d %H:%M:%S.%f"


@dataclass(slots=True)
class Asked:
    """One statement of a reader.

    Attributes:
        session_id: Of the session.
        line_number: Of the line in the session's log.
        role_name: Who logged in.
        database_name: What was asked.
        logged_at: When.
        statement: As it was sent, literals and all: never to be kept so.
        milliseconds: How long it took; None where it has not ended.
        error_code: The SQLSTATE where it failed.
    """

    session_id: str
    line_number: int
    role_name: str
    database_name: str
    logged_at: datetime
    statement: str
    milliseconds: float | None = None
    error_code: str | None = None


def asked_in(lines: Iterable[str], roles: Collection[str]) -> Iterator[Asked]:
    """Yield what these roles asked, each once it has ended or the lines have.

    A line that is no JSON, such as one that is being written, waits for the next time.
    """
    open_ones: dict[str, Asked] = {}
    for line in lines:
        entry = _entry(line)
        if entry is None or entry.get("user") not in roles:
            continue
        yield from _heard(entry, open_ones)
    yield from open_ones.values()


def _entry(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and "session_id" in found else None


def _heard(entry: dict[str, Any], open_ones: dict[str, Asked]) -> Iterator[Asked]:
    before = open_ones.pop(entry["session_id"], None)
    message = str(entry.get("message", ""))
    if entry.get("error_severity") in {"ERROR", "FATAL"}:
        yield from _failed(entry, before)
    elif duration := DURATION.fullmatch(message):
        if said := STATEMENT.fullmatch(duration["rest"]):
            before = _asked(entry, said["statement"])
        if before:
            before.milliseconds = float(duration["milliseconds"])
            yield before
    elif said := STATEMENT.fullmatch(message):
        open_ones[entry["session_id"]] = _asked(entry, said["statement"])
        yield from [before] if before else []
    elif before:
        open_ones[entry["session_id"]] = before


def _failed(entry: dict[str, Any], before: Asked | None) -> Iterator[Asked]:
    """Yield what failed: what had begun, or else what never did."""
    statement = entry.get("statement", "")
    if before and before.statement == statement:
        failed = before
    else:
        yield from [before] if before else []
        failed = _asked(entry, statement)
    failed.error_code = entry.get("state_code")
    if failed.statement:
        yield failed


def _asked(entry: dict[str, Any], statement: str) -> Asked:
    return Asked(
        session_id=entry["session_id"],
        line_number=int(entry["line_num"]),
        role_name=entry["user"],
        database_name=entry.get("dbname", ""),
        logged_at=_instant(entry["timestamp"]),
        statement=statement,
    )


def _instant(written: str) -> datetime:
    moment, _, zone = written.rpartition(" ")
    if zone not in {"UTC", "GMT"}:
        raise ValueError(f"the log's times are in {zone}")
    return datetime.strptime(moment, TIME_FORMAT).replace(tzinfo=UTC)
