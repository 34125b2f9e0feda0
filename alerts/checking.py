"""One check: look at everything, write down what is wrong, tell who should know."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from alerts import book
from alerts.delivery import deliver
from alerts.gone import GONE, causes_gone
from alerts.watching import WATCHES
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.registry import Registry, load_registry

COUNT_OPEN = text("select count(*) from ops.alerts where closed_at is null")
HAS_ISSUES = text("select to_regclass('ops.data_issues') is not null")
COUNT_ISSUES = text(
    "select count(*) from ops.data_issues where issue_status_code = 'open'"
)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found.

    Attributes:
        found: Things that are wrong.
        closed: Alerts whose cause is mended.
        open: Alerts that are open now, those of failed tasks among them.
        sent: Messages that receivers' servers took.
        issues: Issues in the data that are open; 0 before the first build.
    """

    found: int
    closed: int
    open: int
    sent: int
    issues: int = 0

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
            gone = causes_gone(connection, registry)
            book.close_causes(connection, gone, now, GONE)
            closed += len(gone)
            count_open = connection.execute(COUNT_OPEN).scalar_one()
            issues = _count_issues(connection)
        sent = deliver(warehouse, registry, now)
    return CheckReport(found, closed, count_open, sent, issues)


def _count_issues(connection: Connection) -> int:
    if not connection.execute(HAS_ISSUES).scalar_one():
        return 0
    return int(connection.execute(COUNT_ISSUES).scalar_one())
