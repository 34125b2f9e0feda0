"""Whatever a submission holds, reading it gives answers and problems, no error."""

import json
from typing import Any, get_args

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingestion.answers.casts import CastName, Value, cast_answer
from ingestion.answers.field_maps import load_field_map
from ingestion.answers.reading import AnswerReader
from tests.ingestion.conftest import MAPS, PRODUCT_MAPS
from tests.ingestion.examples import SAME

CASTS = get_args(CastName)
READERS = {
    path.stem: AnswerReader(load_field_map(path))
    for path in (*PRODUCT_MAPS.glob("*.yml"), MAPS / "small_journal.yml")
}

_texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.from_regex(r"[-+]?[0-9_]{0,18}(\.[0-9]{0,6})?([eE][-+]?[0-9]{1,12})?"),
    st.from_regex(r"[0-9]{4}-[0-9]{2}(-[0-9]{2}(T[0-9:.]{0,12}([-+]..:..|Z)?)?)?"),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.sampled_from(("yes", "NO", " true ", "NaN", "-Infinity", "sNaN", "0e-99999")),
)
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    _texts,
)
_flat = st.one_of(
    _scalars,
    st.lists(_scalars, max_size=3),
    st.dictionaries(_texts, _scalars, max_size=3),
)
_json = st.one_of(
    _scalars, st.lists(_flat, max_size=3), st.dictionaries(_texts, _flat, max_size=3)
)


def is_json(value: object) -> bool:
    return bool(json.loads(orjson.dumps(value)) == value)


@pytest.mark.parametrize("cast", CASTS)
@settings(SAME, max_examples=150)
@given(value=_json)
@example(value="0001-01-01T00:00:00+01:00")  # an hour before there are dates
@example(value="9999-12-31T23:00:00-01:00")
def test_what_a_cast_gives_is_json_and_reads_as_itself(
    cast: CastName, value: object
) -> None:
    try:
        read = cast_answer(value, cast)
    except ValueError:
        return
    assert is_json(read)
    assert cast_answer(_written(read), cast) == read


def _written(read: Value) -> object:
    return " ".join(read) if isinstance(read, list) else read


def _paths(reader: AnswerReader) -> list[str]:
    found: list[str] = []
    for version in (None, "2020070101", "2020101501", "2021010401"):
        found += sorted(reader._map.known_paths(version))  # noqa: SLF001 - to hit them
    return found


@st.composite
def _payloads(draw: st.DrawFn, reader: AnswerReader) -> dict[str, Any]:
    """Draw a submission of which most keys are ones that the map knows."""
    keys = st.one_of(st.sampled_from(_paths(reader)), _texts)
    items = st.dictionaries(keys, _json, max_size=4)
    values = st.one_of(_json, items, st.lists(st.one_of(items, _json), max_size=3))
    return draw(st.dictionaries(keys, values, max_size=8))


@pytest.mark.parametrize("name", READERS)
@settings(SAME, max_examples=30)
@given(data=st.data())
def test_reading_never_fails_and_gives_json_twice_the_same(
    name: str, data: st.DataObject
) -> None:
    reader = READERS[name]
    payload = data.draw(_payloads(reader))
    version = data.draw(st.sampled_from((None, "2020070101", "2021010401", "x")))

    read = reader.read(payload, version)

    assert is_json(read.answers)
    assert is_json(read.problems)
    assert all(isinstance(value, str) for value in read.contact.values())
    assert not set(read.contact) & set(read.answers), "who it is stays out of answers"
    assert reader.read(json.loads(orjson.dumps(payload)), version) == read
