"""Journals in files, encoded once: serving a page is joining bytes.

A folder holds `rows` and `marks` (the objects of a full page and of a sweep, one after
the other), for each of them where every object ends, and `form.json`.
"""

import json
import mmap
import random
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from benchmarks.journals.make import FIRST_ID, JournalMaker, edited, scalar_count
from sandbox.pilot import Form

MARK_FIELDS = ("_id", "_uuid", "_validation_status")
SIZE_OF_SAMPLE = 1_000


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        journals: How many.
        mean_bytes: Of one journal as JSON.
        mean_scalars: Answers of one journal beside its repeats.
    """

    journals: int
    mean_bytes: int
    mean_scalars: float


def write_journals(folder: Path, maker: JournalMaker, count: int) -> Written:
    """Write `count` journals and their form into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    ends: dict[str, array[int]] = {"rows": array("Q"), "marks": array("Q")}
    scalars = 0
    with (folder / "rows").open("wb") as rows, (folder / "marks").open("wb") as marks:
        for place, journal in enumerate(maker.journals(count)):
            rows.write(orjson.dumps(journal))
            marks.write(as_mark(journal))
            ends["rows"].append(rows.tell())
            ends["marks"].append(marks.tell())
            if place < SIZE_OF_SAMPLE:
                scalars += scalar_count(journal)
    for name, places in ends.items():
        (folder / f"{name}.ends").write_bytes(places.tobytes())
    (folder / "form.json").write_text(json.dumps(_form(maker.form)))
    return Written(
        count, ends["rows"][-1] // count, scalars / min(count, SIZE_OF_SAMPLE)
    )


def as_mark(journal: dict[str, Any]) -> bytes:
    """Return what a sweep is told of a journal."""
    return orjson.dumps({name: journal[name] for name in MARK_FIELDS})


class Objects:
    """JSON objects in one file, some of them replaced since it was written.

    Args:
        path: The file; beside it lies `<name>.ends`.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._ends: array[int] = array("Q")
        self._ends.frombytes(path.with_name(f"{path.name}.ends").read_bytes())
        self.replaced: dict[int, bytes] = {}

    def __len__(self) -> int:
        return len(self._ends)

    def joined(self, places: Iterable[int]) -> bytes:
        """Return the objects at `places` with commas between them."""
        return b",".join([self.at(place) for place in places])

    def at(self, place: int) -> bytes:
        """Return the object at `place`, which counts from 0."""
        if place in self.replaced:
            return self.replaced[place]
        return self._bytes[self._ends[place - 1] if place else 0 : self._ends[place]]


class JournalFiles:
    """The journals of one folder, and what was edited since they were written.

    Attributes:
        rows: The journals in full.
        marks: What a sweep is told of them.
        form: The form's uid and its versions, newest last.
    """

    def __init__(self, folder: Path) -> None:
        self.rows = Objects(folder / "rows")
        self.marks = Objects(folder / "marks")
        self.form: dict[str, Any] = json.loads((folder / "form.json").read_text())

    def place_of(self, journal_id: int) -> int:
        """Return where a journal stands; one past the end or before it is none."""
        return journal_id - FIRST_ID

    def edit(self, share: float, seed: int) -> Sequence[str]:
        """Edit that share of the journals; return the root ids of those edited."""
        dice = random.Random(seed)
        roots = []
        for place in dice.sample(range(len(self.rows)), round(share * len(self.rows))):
            journal = edited(orjson.loads(self.rows.at(place)), dice)
            self.rows.replaced[place] = orjson.dumps(journal)
            self.marks.replaced[place] = as_mark(journal)
            roots.append(journal["meta/rootUuid"].removeprefix("uuid:"))
        return roots

    def restore(self) -> None:
        """Take every edit back."""
        self.rows.replaced.clear()
        self.marks.replaced.clear()


def _form(form: Form) -> dict[str, Any]:
    return {
        "uid": form.uid,
        "versions": [
            {
                "uid": version.uid,
                "date_deployed": version.deployed_at.isoformat(),
                "content": version.content,
            }
            for version in form.versions
        ],
    }
