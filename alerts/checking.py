"""One check: look at everything, write down what is wrong, tell who should know."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text

from alerts import book
from alerts.delivery import deliver
from alerts.watching import WATCHES
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.registry import Registry, load_registry

COUNT_OPEN = text("select count(*) from ops.alerts where closed_at is null")


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found.

    Attributes:
        found: Things that are wrong.
        closed: Alerts whose cause is mended.
        open: Alerts that are open now, those of failed tasks among them.
        sent: Messages that receivers' servers took.
    """

    found: int
    closed: int
    open: int
    sent: int

    def as_dict(self) -> dict[str, Any]:
        """Return the report as values that JSON knows."""
        return asdict(self)


def check(
    now: datetime, *, registry: Registry | None = None, engine: Engine | None = None
) -> CheckReport:
    """Open an alert for what is wrong, close what is mended, tell of both once.

    Args:
        now: UTC.
        registry: Forms, limits, receivers. None loads the registry.
        engine: None takes `WAREHOUSE_URL`.

    Raises:
        DeliveryError: Some receivers were not reached; all is written down.
        IngestionError: The registry is wrong.
        WarehouseUnavailableError: The database cannot be reached.
    """
    registry = registry or load_registry()
    with ready_warehouse(engine) as warehouse:
        found = closed = 0
        with warehouse.begin() as connection:
            for look, kinds in WATCHES.items():
                findings = look(connection, registry, now)
                book.open_alerts(connection, findings, now)
                closed += book.close_mended(connection, kinds, findings, now)
                found += len(findings)
            count_open = connection.execute(COUNT_OPEN).scalar_one()
        sent = deliver(warehouse, registry, now)
    return CheckReport(found, closed, count_open, sent)
