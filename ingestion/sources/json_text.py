"""JSON as form servers send it: read fast where it is sound, and kindly where not.

A page of a thousand submissions is not read as a whole: it is split into the texts of
its records, which are read one by one as they are landed. A record that is written
before the next one is read stays in the processor's cache on its way, and its text goes
to raw as the server wrote it.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import Any, Generic, TypeVar

import msgspec

from ingestion.sources.base import Json

Kind = TypeVar("Kind")
RecordText = msgspec.Raw


class _SplitPage(msgspec.Struct):
    count: int
    results: list[RecordText]


_SPLITTER = msgspec.json.Decoder(_SplitPage)


class OneByOne(Sized, Iterable[Kind], Generic[Kind]):
    """A page of which each record is read when its turn comes.

    Args:
        records: As they came.
        read: Makes of a record what the page yields.
    """

    def __init__(self, records: list[Any], read: Callable[[Any], Kind]) -> None:
        self._records = records
        self._read = read

    def __len__(self) -> int:
        """Return how many records the page has."""
        return len(self._records)

    def __iter__(self) -> Iterator[Kind]:
        """Yield what is read of each; going through twice reads twice."""
        return map(self._read, self._records)


def read_record_text(text: RecordText) -> tuple[Json, str | None]:
    """Return what the text of a record says, and the text where it can be kept.

    Raises:
        ValueError, RecursionError: As for `read_json`.
    """
    try:
        return msgspec.json.decode(text), str(text, "utf-8")
    except msgspec.MsgspecError:  # a number that is none
        return read_json(bytes(text)), None


def read_json(content: bytes) -> Json:
    """Return what `content` says.

    What is written like a number and is none that can be kept stays what was written;
    half a surrogate pair, which phones do send, is kept.

    Raises:
        ValueError: It is no JSON.
        RecursionError: It is nested too deeply to be read.
    """
    try:
        value: Json = msgspec.json.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        value = _KIND.decode(str(content, "utf-8", "surrogatepass"))
    return value


def split_page(content: bytes) -> Json:
    """Return a page with the texts of its records in place of its `results`.

    Where it is no page, or must be read kindly, it is as `read_json` returns it.

    Raises:
        ValueError, RecursionError: As for `read_json`.
    """
    try:
        content.decode()  # the splitter looks at no letter
        page = _SPLITTER.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return read_json(content)
    return {"count": page.count, "results": page.results}


def _float_or_text(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


def _int_or_text(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:  # thousands of digits
        return digits


_KIND = json.JSONDecoder(
    parse_float=_float_or_text, parse_int=_int_or_text, parse_constant=str
)
