"""`status`: how every form stands."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from ingestion.clock import utc_now
from ingestion.command_line.choosing import JsonOption
from ingestion.command_line.failures import one_object_if_it_fails
from ingestion.command_line.speaking import console, say, say_json
from ingestion.errors import RegistryError
from ingestion.landing.bookkeeping.last_runs import last_runs
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.registry import load_registry

COUNTS = ("live_count", "rejected_count", "unmapped_question_count")
AGES = ((86_400, "d"), (3_600, "h"), (60, "min"))


def status(as_json: JsonOption = False) -> None:  # noqa: FBT002 - typer makes a flag
    """Show every form's last run, its last good one, and what waits for a person."""
    now = utc_now()
    with one_object_if_it_fails(as_json=as_json), ready_warehouse() as engine:
        rows = last_runs(engine, _form_names(), now)
    if as_json:
        for row in rows:
            say_json(row)
        return
    if not rows:
        say("Nothing has been landed yet: run `python -m ingestion land`.")
        return
    table = _table()
    for row in rows:
        age = (now - row["started_at"]).total_seconds()
        table.add_row(
            row["form"],
            _state(row),
            _age(age),
            _age(row["last_good_age_seconds"]),
            *("" if row[name] is None else f"{row[name]:,}" for name in COUNTS),
            "waiting" if row["is_waiting_for_approval"] else "",
        )
    console.print(table)
    # A sentence that says what to do is cut by no column of a narrow terminal.
    for row in rows:
        if row["message"]:
            say(f"{row['form']}: {row['message']}")


def _form_names() -> Mapping[str, str]:
    try:
        return {form.form_id: form.name for form in load_registry().forms}
    except RegistryError:
        return {}  # what was landed can be shown all the same, by role


def _table() -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("form", overflow="fold")
    table.add_column("last run", no_wrap=True)
    for name in ("ago", "last\ngood", "live", "rejected", "unmapped"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("deletions", no_wrap=True)
    return table


def _state(row: Mapping[str, Any]) -> str:
    is_remap = row["kind_code"] == "remap" and row["status_code"] == "succeeded"
    return "remapped" if is_remap else str(row["status_code"])


def _age(seconds: float | None) -> str:
    if seconds is None:
        return "never"
    for length, unit in AGES:
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
