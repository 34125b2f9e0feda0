"""Processes are killed in the middle of a run, at moments drawn from a seed.

Twenty times, by turns: the scheduler alone, so that what it had begun goes on without
it; the scheduler with its tasks, as when a container dies; Postgres, with the warehouse
and with Airflow's own tables on it; all of them at once, as when a machine loses its
power. Two to four minutes each, on a machine that has nothing else to do.
"""

import random
import time

import psutil
import pytest

from sandbox.machine.processes import Daemon, kill, with_children
from tests.dags.scheduler.stage import (
    SECOND_PULL,
    TRANSFORM,
    CleanEnd,
    Stage,
    wait_until,
)

pytestmark = pytest.mark.long

SEED = 20_200_703
FEWEST_REQUESTS = 6  # of a landing of three forms
SHORTEST_BUILD = 15  # seconds, on a machine that has nothing else to do
ROUNDS = 20
VICTIMS = ("scheduler alone", "scheduler", "postgres", "all")
MOMENTS = ("landing", "build", "build")  # a build takes longer


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_killed_run_ends_by_itself_with_the_marts_of_a_clean_one(
    number: int, stage: Stage, clean_end: CleanEnd
) -> None:
    dice = random.Random(f"{SEED} {number}")  # noqa: S311 - no secret
    killed = VICTIMS[number % len(VICTIMS)]
    during = MOMENTS[number // len(VICTIMS) % len(MOMENTS)]
    stage.kobo.set_clock(SECOND_PULL)
    stage.kobo.clear_requests()
    run = stage.trigger()
    wait_for_a_moment(stage, during, dice)
    assert not stage.is_at_rest()
    kill(victims(stage, killed))

    stage.start()
    landed = stage.ended(run)
    built = stage.caused(landed, TRANSFORM)

    assert (landed.state, built.state) == ("success", "success")
    assert stage.raw_rows() == clean_end.raw_rows
    assert stage.marts() == clean_end.marts


def wait_for_a_moment(stage: Stage, during: str, dice: random.Random) -> None:
    """Wait until as much has happened as the dice say."""
    if during == "landing":
        count = dice.randint(1, FEWEST_REQUESTS)
        wait_until("the forms are read", lambda: len(stage.kobo.requests) >= count)
        return
    wait_until("the build has begun", lambda: stage.is_running("build_models"))
    time.sleep(dice.uniform(0, SHORTEST_BUILD))  # how far it gets is left to chance


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
