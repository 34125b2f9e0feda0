"""Forms: the last landing, how long ago a good one was, and whether it counts up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from alerts.causes import failed_form, failed_server
from alerts.finding import Finding
from ingestion.landing.bookkeeping.last_runs import last_runs
from ingestion.registry import Form, Registry

HOUR = 3_600
DIFFERENCES = text("""
select distinct on (counts.form_id) counts.form_id, counts.difference_count
from ops.reconciliations as counts
inner join ops.sync_runs as runs on counts.run_id = runs.run_id
where runs.kind_code = 'land' and runs.status_code = 'succeeded'
order by counts.form_id, runs.run_number desc
""")


def look(connection: Connection, registry: Registry, now: datetime) -> list[Finding]:
    """Return what is wrong with the registered forms."""
    names = {form.form_id: form.name for form in registry.forms}
    rows = {row["form_id"]: row for row in last_runs(connection.engine, names, now)}
    differences: dict[str, int] = {
        row.form_id: row.difference_count for row in connection.execute(DIFFERENCES)
    }
    if not rows:
        return []  # nothing was ever landed: nobody waits for it
    found: dict[str, Finding] = {}
    on_server: dict[str, list[str]] = {}
    for form in registry.forms:
        row = rows.get(form.form_id)
        finding = _failed(form, row, on_server) or _stale(
            form, row, registry.alerts.stale_after_hours
        )
        counted = _differing(form, differences.get(form.form_id, 0))
        found.update({one.cause_id: one for one in (finding, counted) if one})
    return list(found.values())


def _failed(
    form: Form, row: Mapping[str, Any] | None, on_server: dict[str, list[str]]
) -> Finding | None:
    """Return why a form has failed.

    Of a server that is away, all its forms seen so far, kept in `on_server`, are named.
    """
    if row is None or row["kind_code"] != "land":
        return None
    if row["status_code"] not in {"failed", "died"}:
        return None
    finding = failed_form(
        form.name, form.server_name, row["failure_code"], row["message"]
    )
    if finding is None or finding.kind != "server_failed":
        return finding
    names = on_server.setdefault(form.server_name, [])
    names.append(form.name)
    return failed_server(names, form.server_name, row["message"])


def _stale(form: Form, row: Mapping[str, Any] | None, hours: int) -> Finding | None:
    seconds = row["last_good_age_seconds"] if row else None
    if seconds is not None and seconds <= hours * HOUR:
        return None
    since = "never" if seconds is None else f"for {seconds // HOUR} hours not"
    return Finding(
        kind="form_stale",
        place=form.name,
        severity="error",
        summary=f"The form {form.name} has {since} been landed",
        what_to_do="See that the DAG ingest_forms is not paused and its scheduler runs",
    )


def _differing(form: Form, count: int) -> Finding | None:
    if not count:
        return None
    return Finding(
        kind="count_differs",
        place=form.name,
        severity="error",
        summary=(
            f"Of the form {form.name} the server counts {abs(count):,} submissions "
            f"{'more' if count > 0 else 'fewer'} than were landed or rejected"
        ),
        what_to_do=(
            "Look at ops.rejected_records, then fetch everything: "
            f"`python -m ingestion land --form {form.name} --full`"
        ),
    )
