"""Processes are killed in the middle of a run, at moments drawn from a seed.

Four times: the scheduler alone, so that what it had begun goes on without it; the
scheduler with its tasks, as when a container dies; Postgres, with the warehouse and
with Airflow's own tables on it; all of them at once, as when a machine loses its power.
About three minutes each.
"""

import random
import time

import psutil
import pytest

from sandbox.machine.processes import Daemon, kill, with_children
from tests.dags.scheduler.stage import SECOND_PULL, TRANSFORM, CleanEnd, Stage

pytestmark = pytest.mark.long

SEED = 20_200_703


@pytest.mark.parametrize(
    ("number", "killed"),
    list(enumerate(["scheduler alone", "scheduler", "postgres", "all"])),
)
def test_a_killed_run_ends_by_itself_with_the_marts_of_a_clean_one(
    number: int, killed: str, stage: Stage, clean_end: CleanEnd
) -> None:
    moment = random.Random(SEED + number).uniform(0.1, 0.9) * clean_end.seconds  # noqa: S311 - no secret
    stage.kobo.set_clock(SECOND_PULL)
    run = stage.trigger()
    time.sleep(moment)  # not until anything has happened: the moment is the point
    kill(victims(stage, killed))

    stage.start()
    landed = stage.ended(run)
    built = stage.caused(landed, TRANSFORM)

    assert (landed.state, built.state) == ("success", "success")
    assert stage.raw_rows() == clean_end.raw_rows
    assert stage.marts() == clean_end.marts


def victims(stage: Stage, names: str) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    if names != "postgres":
        scheduler = Daemon("scheduler", stage.home.airflow / "logs").find()
        assert scheduler
        found += [scheduler] if names == "scheduler alone" else with_children(scheduler)
    if names in {"postgres", "all"}:
        pid = (stage.home.postgres / "postmaster.pid").read_text().splitlines()[0]
        found += with_children(psutil.Process(int(pid)))
    return found
