"""Python looks for garbage by itself again once a form has landed, or has not."""

import gc

import pytest

from tests.ingestion.landing.stage import Stage
from tests.ingestion.small_forms import Life


@pytest.mark.parametrize("is_refused", [False, True])
def test_python_looks_for_garbage_by_itself_before_and_after(
    stage: Stage, *, is_refused: bool
) -> None:
    life = Life()
    life.add(1, 1)
    looks: list[bool] = []

    def note(step: str, done: int, total: int | None = None) -> None:
        del done, total
        if step == "fetched":
            looks.append(gc.isenabled())
            if is_refused:
                raise InterruptedError

    try:
        stage.land(stage.serve(life, 2), progress=note)
    except InterruptedError:
        assert is_refused

    assert looks == [False]
    assert gc.isenabled()
