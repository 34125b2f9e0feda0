"""`status`: how every form stands."""

from collections.abc import Mapping
from datetime import datetime
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
    """Show every form's last landing, its last good one, what waits for a person."""
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
        runs = _runs(row)
        ages = [_age((now - started_at).total_seconds()) for _, started_at in runs]
        table.add_row(
            row["form"],
            "\n".join(state for state, _ in runs),
            "\n".join(ages),
            _age(row["last_good_age_seconds"]),
            *("" if row[name] is None else f"{row[name]:,}" for name in COUNTS),
            "waiting" if row["is_waiting_for_approval"] else "",
        )
    console.print(table)
    # A sentence that says what to do is cut by no column of a narrow terminal.
    for row in rows:
        for message in (row["message"], row["remap_message"]):
            if message:
                say(f"{row['form']}: {message}")


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


def _runs(row: Mapping[str, Any]) -> list[tuple[str, datetime]]:
    """Return state and beginning of the last landing, and of a remap since."""
    is_remap = row["kind_code"] == "remap"
    state = _remapped(row["status_code"]) if is_remap else row["status_code"]
    runs = [(state, row["started_at"])]
    if row["remap_status_code"]:
        runs.append((_remapped(row["remap_status_code"]), row["remap_started_at"]))
    return runs


def _remapped(status_code: str) -> str:
    return "remapped" if status_code == "succeeded" else f"remap {status_code}"


def _age(seconds: float | None) -> str:
    if seconds is None:
        return "never"
    for length, unit in AGES:
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
