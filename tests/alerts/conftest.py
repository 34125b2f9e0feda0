"""A warehouse in which things go wrong, and servers that take what is told of them."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from alerts import CheckReport, check
from ingestion.answers.field_maps import load_field_map
from ingestion.registry import Alerts, Form, Registry
from ingestion.registry.entries import KoboServer
from sandbox.postgres import Postgres
from tests.alerts.receivers import MailServer, WebServer, serving
from warehouse.connection import open_engine
from warehouse.tables import create_all

MAP = Path(__file__).parents[2] / "ingestion" / "maps" / "journal.yml"
NOW = datetime(2026, 3, 20, 6, tzinfo=UTC)
ENGINEER = "engineer@programme.example"
LEAD = "lead@programme.example"
SECRET = "B00/very-secret"  # noqa: S105 - of a server that this test starts


def form(name: str, server: str = "kobo_main") -> Form:
    return Form(
        name=name,
        role="journal",
        form_id=f"id-of-{name}",
        source_key=name,
        server_name=server,
        server=KoboServer(kind="kobo", connection=server),
        site_codes=("MX-01",),
        deletion_limit_share=0.05,
        field_map=load_field_map(MAP),
    )


def alerts(**receivers: dict[str, Any]) -> Alerts:
    return Alerts.model_validate({"receivers": receivers})


EMPTY = """
truncate
    ops.sync_runs, ops.reconciliations, ops.builds, ops.dbt_results, ops.alerts,
    ops.alert_deliveries, ops.alert_digests;
drop table if exists marts.fct_family_months, ops.data_issues, ops.issue_rules
"""
BY_MAIL = alerts(
    engineer={"email": [ENGINEER]}, lead_mexico={"email": [LEAD], "sites": ["MX-01"]}
)


@dataclass(slots=True)
class Stage:
    """A warehouse, its registry, and the servers of those who hear of alerts.

    Attributes:
        engine: On the warehouse.
        registry: Two forms on one server; who hears of what is changed by tests.
        mail: The mail server.
        web: Takes what is posted to Slack and to webhooks.
    """

    engine: Engine
    registry: Registry
    mail: MailServer
    web: WebServer

    def told(self, receivers: Alerts) -> None:
        self.registry = replace(self.registry, alerts=receivers)

    def check(self, now: datetime = NOW) -> CheckReport:
        return check(now, registry=self.registry, engine=self.engine)

    def run(self, statement: str, **values: Any) -> list[Any]:  # noqa: ANN401 - SQL
        with self.engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return list(result) if result.returns_rows else []

    def landed(  # noqa: PLR0913 - the columns of a run
        self,
        name: str,
        status: str = "succeeded",
        failure: str | None = None,
        message: str | None = None,
        *,
        hours_ago: float = 1,
        difference: int = 0,
    ) -> None:
        """Put a landing of a form on record."""
        run_id = uuid.uuid4()
        moment = NOW - timedelta(hours=hours_ago)
        self.run(
            "insert into ops.sync_runs (run_id, form_id, role_code, server_name,"
            " status_code, failure_code, message, is_full, started_at, ended_at)"
            " values (:run_id, :form, 'journal', 'kobo_main', :status, :failure,"
            " :message, false, :moment, :moment)",
            run_id=run_id,
            form=f"id-of-{name}",
            status=status,
            failure=failure,
            message=message,
            moment=moment,
        )
        self.run(
            "insert into ops.reconciliations (run_id, form_id, difference_count)"
            " values (:run_id, :form, :difference)",
            run_id=run_id,
            form=f"id-of-{name}",
            difference=difference,
        )

    def all_landed(self, *, hours_ago: float = 1) -> None:
        for entry in self.registry.forms:
            self.landed(entry.name, hours_ago=hours_ago)

    def built(self, **states: str) -> None:
        """Put a run of dbt on record: what became of each test."""
        run_id = uuid.uuid4()
        for test, status in states.items():
            self.run(
                "insert into ops.dbt_results (run_id, node, status_code, seconds,"
                " message, ended_at) values (:run_id, :node, :status, 1,"
                " 'Key (family_code)=(MX-0042) already exists', :moment)",
                run_id=run_id,
                node=f"test.family_journals.{test}.0a1b2c",
                status=status,
                moment=NOW,
            )

    def texts_to(self, address: str) -> list[str]:
        return [
            mail.get_content() for to, mail in self.mail.taken if list(to) == [address]
        ]

    def open_causes(self) -> list[str]:
        rows = self.run(
            "select cause_id from ops.alerts where closed_at is null order by cause_id"
        )
        return [row.cause_id for row in rows]


@pytest.fixture(scope="session")
def warehouse_of_alerts(postgres_server: Postgres) -> Iterator[Engine]:
    """Make one warehouse for all tests: each finds it empty."""
    postgres_server.ensure_database("alerts")
    engine = open_engine(postgres_server.url("alerts"))
    create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def stage(
    warehouse_of_alerts: Engine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    engine = warehouse_of_alerts
    with engine.begin() as connection:
        connection.execute(text(EMPTY))
    forms = (form("journal"), form("exit"))
    registry = Registry(Path("sites.yml"), {}, {}, forms, {}, alerts=BY_MAIL)
    with serving(MailServer()) as mail, serving(WebServer()) as web:
        smtp = {
            "conn_type": "smtp",
            "host": "127.0.0.1",
            "port": mail.port,
            "extra": {
                "from_email": "warehouse@programme.example",
                "disable_ssl": True,
                "disable_tls": True,
            },
        }
        posted = {"host": f"{web.url}/services", "password": SECRET}
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(smtp))
        monkeypatch.setenv("AIRFLOW_CONN_TEAM", json.dumps(posted))
        yield Stage(engine, registry, mail, web)
