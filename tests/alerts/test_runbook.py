import re
from pathlib import Path
from typing import get_args

from alerts.finding import Kind
from alerts.watching import WATCHES

PAGE = Path(__file__).parents[2] / "warehouse_docs" / "runbooks" / "alerts.md"
# Told when they happen; no look at the warehouse finds them again.
WHEN_THEY_HAPPEN = {"task_failed", "deadline_missed", "address_refused"}


def test_every_kind_of_alert_has_a_section_and_every_section_a_kind() -> None:
    sections = re.findall(r"^## (\w+)$", PAGE.read_text(), re.MULTILINE)

    assert sorted(sections) == sorted(get_args(Kind))


def test_every_kind_is_closed_by_who_looks_for_it() -> None:
    looked_for = [kind for kinds in WATCHES.values() for kind in kinds]

    assert sorted([*looked_for, *WHEN_THEY_HAPPEN]) == sorted(get_args(Kind))
