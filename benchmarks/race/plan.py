"""The contenders and the steps each of them goes through on one database."""

import sys
from dataclasses import dataclass

from sandbox.machine.home import REPOSITORY

BENCH_PYTHON = REPOSITORY / ".venv-bench" / "bin" / "python"
EDITED_SHARE = 0.01
# Names of steps, as results are found by them.
FIRST_LOAD = "first load"
NO_CHANGE = "sync, nothing changed"
SWEEP = "bare download of the sweep"
ONE_PERCENT = "sync, 1 % edited"


@dataclass(frozen=True, slots=True)
class Step:
    """One measured run of a contender.

    Attributes:
        name: What it shows.
        module: The contender's module, if it is not that of the first step.
        edits: Journals are edited before it.
    """

    name: str
    module: str | None = None
    edits: bool = False


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to ingest journals.

    Attributes:
        name: Short, for the command line.
        title: What it is and what it leaves behind.
        module: Of `benchmarks.contenders`.
        steps: In their order, on one database.
        count_sql: Counts what landed.
        python: The interpreter with its packages.
    """

    name: str
    title: str
    module: str
    steps: tuple[Step, ...]
    count_sql: str
    python: str = sys.executable


FLOOR = Contender(
    "floor",
    "requests + COPY: payload only",
    "floor",
    (Step(FIRST_LOAD),),
    "select count(*) from journals",
)
PANDAS = Contender(
    "pandas",
    "pandas + to_sql: flat, repeats as text",
    "frame",
    (Step(FIRST_LOAD),),
    "select count(*) from journals",
)
DLT = Contender(
    "dlt",
    "dlt merge: flat, repeats as tables",
    "dlt_pipeline",
    (Step(FIRST_LOAD), Step(NO_CHANGE)),
    "select count(*) from journals_of_dlt.journals",
    str(BENCH_PYTHON),
)
OURS = Contender(
    "ours",
    "ours: payload, answers, every version",
    "ours",
    (
        Step(FIRST_LOAD),
        Step(NO_CHANGE),
        Step(SWEEP, module="sweep"),
        Step(ONE_PERCENT, edits=True),
    ),
    "select count(*) from ops.submission_states where is_live",
)
CONTENDERS = {one.name: one for one in (FLOOR, PANDAS, DLT, OURS)}


@dataclass(frozen=True, slots=True)
class Round:
    """What runs at one size.

    Attributes:
        journals: How many there are.
        repetitions: How often each contender runs, by its name; each time anew.
    """

    journals: int
    repetitions: dict[str, int]
