"""Whatever a record holds, it lands or is set aside, and its neighbours land."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from tests.ingestion.examples import MANY, SAME
from tests.ingestion.landing.histories.disturbed import empty
from tests.ingestion.landing.histories.hand_written import (
    HandWritten,
    good_record,
    id_of,
)

REPAIRED = "unstorable characters replaced"
SYSTEM_KEYS = (
    "_id",
    "_uuid",
    "meta/rootUuid",
    "meta/instanceID",
    "meta/deprecatedID",
    "_submission_time",
    "_validation_status",
    "_attachments",
    "_tags",
    "__version__",
    "formhub/uuid",
)
ANSWER_KEYS = ("family_code", "ref_month", "phone", "fuentes", "income/sources")
LARGEST = 2**63

_letters = st.text(
    st.one_of(
        st.characters(),  # surrogates among them
        st.sampled_from("\x00\ud83d\udc00\\u\u2028\"'{}[]"),
    ),
    max_size=12,
)
_numbers = st.one_of(
    st.integers(-(2**80), 2**80),
    st.integers(-LARGEST, LARGEST - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from((-0.0, 1e308, 5e-324, 2**64, 10**400)),
)
_words = st.sampled_from(
    (
        "",
        "2021-01-01",
        "2021-01-01T00:00:00+23:59",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "validation_status_approved",
        "uuid:",
        "1e999",
        "x" * 4_000_000,
    )
)
_json = st.recursive(
    st.one_of(st.none(), st.booleans(), _numbers, _letters, _words),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(_letters, inner, max_size=3)
    ),
    max_leaves=6,
)
_deep = st.builds(
    lambda depth, kind: json.loads(
        '{"a":' * depth + "1" + "}" * depth if kind else "[" * depth + "]" * depth
    ),
    st.sampled_from((20, 253, 254, 255, 400)),
    st.booleans(),
)
_reviews = st.fixed_dictionaries(
    {}, optional={"uid": st.one_of(_words, _json), "timestamp": _json}
)
_values = st.one_of(_json, _json, _deep)


@st.composite
def _records(draw: st.DrawFn) -> str:
    """Draw a record that differs from a good one in a few places, as JSON."""
    record: dict[str, Any] = json.loads(good_record(5))
    keys = st.one_of(st.sampled_from(SYSTEM_KEYS + ANSWER_KEYS), _letters)
    for key in draw(st.lists(keys, max_size=3)):
        if draw(st.integers(0, 4)) == 0:
            record.pop(key, None)
        elif key == "_id":
            record[key] = draw(st.one_of(_values, st.integers(5, 2**70)))
        else:
            record[key] = draw(_reviews if key == "_validation_status" else _values)
    written = json.dumps(record, ensure_ascii=draw(st.booleans()) or _has_half(record))
    if draw(st.integers(0, 3)) == 0:  # the same key twice: the second one counts
        twice = json.dumps({draw(keys): draw(_json)})
        written = f"{written[:-1]}, {twice[1:]}" if len(twice) > 2 else written
    return written


def _has_half(record: dict[str, Any]) -> bool:
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


_strangers = st.one_of(_records(), _records(), _records(), _json.map(json.dumps))


def landed_or_rejected(engine: Engine, record: str, *, is_known: bool) -> None:
    """Land a record between two good ones, and judge what became of the three."""
    empty(engine)
    number = id_of(record)
    if number is not None and not (number > 0 and number not in (1, 10)):
        return  # no server gives such ids
    if is_known:  # and was edited since
        earlier = good_record(5).replace("good", "earlier")
        HandWritten([good_record(1), earlier, good_record(10)]).land(engine)
    ordered = sorted([good_record(1), record, good_record(10)], key=_place)

    report = HandWritten(ordered).land(engine, approve_deletions=True)

    rows = _latest(engine)
    assert {"1", "10"} <= rows.keys(), "its neighbours land"
    rejected = _rejected(engine)
    assert report.difference == 0
    if rejected:
        assert len(rejected) == 1
        assert rejected[0]["reason"]
        assert json.loads(rejected[0]["record"]) == json.loads(record)
        kept = is_known and number == 5
        assert rows.keys() == {"1", "10"} | ({"5"} if kept else set())
    else:
        assert number is not None
        row = rows[str(number)]
        read = json.loads(record)
        assert _comparable(row["payload"]) == _comparable(_repaired(read))
        is_repaired = any(one["reason"] == REPAIRED for one in row["answer_problems"])
        assert is_repaired == (_repaired(read) != read)
    assert HandWritten(ordered).land(engine).changed == 0, "it settles"


def _place(record: str) -> int:
    return id_of(record) or 0


def _latest(engine: Engine) -> dict[str, dict[str, Any]]:
    query = """
    select distinct on (submission_id) * from raw.forms__journals
    order by submission_id, version_number desc
    """
    with engine.connect() as connection:
        found = connection.execute(text(query)).mappings()
        return {
            row["submission_id"]: dict(row)
            for row in found
            if row["change_code"] != "deleted"
        }


def _rejected(engine: Engine) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        query = text("select * from ops.rejected_records")
        return [dict(row) for row in connection.execute(query).mappings()]


def _repaired(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what the documented repair makes of a value: no NUL, no half pairs."""
    if isinstance(value, dict):
        return {_repaired(key): _repaired(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_repaired(inner) for inner in value]
    if isinstance(value, str):
        whole = value.replace("\x00", "").encode("utf-16-le", "surrogatepass")
        return whole.decode("utf-16-le", "replace")
    return value


def _comparable(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a value whose numbers compare as the database's do, by their amount."""
    if isinstance(value, dict):
        return {key: _comparable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_comparable(inner) for inner in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return value if abs(value) < 2**53 else float(value)
        except OverflowError:  # larger than any double: it comes back as it went
            return value
    return value


@settings(SAME, max_examples=60)
@given(record=_strangers, is_known=st.booleans())
def test_a_rare_record_lands_or_is_set_aside(
    warehouse: Engine, record: str, *, is_known: bool
) -> None:
    landed_or_rejected(warehouse, record, is_known=is_known)


@pytest.mark.long
@settings(MANY, max_examples=3_000)
@given(record=_strangers, is_known=st.booleans())
def test_very_many_rare_records_land_or_are_set_aside(
    warehouse: Engine, record: str, *, is_known: bool
) -> None:
    landed_or_rejected(warehouse, record, is_known=is_known)
