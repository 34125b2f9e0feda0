"""`python -m warehouse review-texts`, as a person calls it."""

import subprocess
import sys

import pytest

from tests.warehouse.conftest import Warehouse


def run(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "warehouse", "review-texts", *arguments],
        env={"WAREHOUSE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments", [("list",), ("approve", "some-record", "story_text", "--by", "Ana")]
)
def test_a_warehouse_that_was_never_built_has_no_queue(
    empty_warehouse: str, arguments: tuple[str, ...]
) -> None:
    refused = run(empty_warehouse, *arguments)

    assert refused.returncode == 1
    assert "The warehouse was never built, so no text waits" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_queue_says_what_a_text_may_hold(built_pilot: Warehouse) -> None:
    shown = run(built_pilot.url, "list", "--limit", "100000")
    lines = shown.stdout.splitlines()

    assert shown.returncode == 0, shown.stderr
    assert lines[-1].endswith("texts wait.")
    # Four stories with canaries; some of them may be for nobody to see.
    assert [line for line in lines if "may hold: e_mail" in line]
    assert not [line for line in lines if "for none)" in line or "for group)" in line]
