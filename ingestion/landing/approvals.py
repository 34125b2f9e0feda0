"""Deletions that wait for a person: what there is to decide."""

from sqlalchemy import Engine

from ingestion.clock import Clock, utc_now
from ingestion.errors import NothingWaitsError
from ingestion.landing.bookkeeping.last_runs import last_runs
from ingestion.landing.land_form import find_form
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.registry import Registry


def waiting_deletions(
    name: str,
    *,
    registry: Registry | None = None,
    engine: Engine | None = None,
    clock: Clock = utc_now,
) -> str:
    """Return what the last landing of a form said when it stopped before deletions.

    Args:
        name: The form's name or role.
        registry: None loads it.
        engine: On the warehouse. None takes `WAREHOUSE_URL`.
        clock: Tells the time.

    Raises:
        NothingWaitsError: It did not stop for that.
        RegistryError: There is no such form.
        WarehouseUnavailableError: The database cannot be reached.
    """
    form = find_form(name, registry)
    with ready_warehouse(engine) as warehouse:
        rows = last_runs(warehouse, {form.form_id: form.name}, clock())
    for row in rows:
        if row["form_id"] == form.form_id and row["is_waiting_for_approval"]:
            return str(row["message"])
    raise NothingWaitsError(
        f"No deletions of the form {form.name!r} wait for a person: "
        "`python -m ingestion status` shows which forms' do."
    )
