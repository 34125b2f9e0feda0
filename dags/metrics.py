"""Figures of our runs, as metrics beside Airflow's own.

They go where Airflow's settings send its metrics: to StatsD by
`AIRFLOW__METRICS__STATSD_ON`, to OpenTelemetry by `AIRFLOW__METRICS__OTEL_ON`, and
nowhere where neither is true. A metric is a count or a duration and is named after a
form of the registry; nothing of any family is in it.
"""

import logging
from collections.abc import Mapping, Sized
from typing import Any

from airflow.sdk.observability import stats
from opentelemetry.metrics import get_meter_provider
from opentelemetry.sdk.metrics import MeterProvider

PREFIX = "journal"
LONGEST_FLUSH = 5_000  # milliseconds, where the exporter obeys it
_log = logging.getLogger(__name__)
# What is told of each kind of work: a figure of its report -> its metric.
FIGURES: Mapping[str, Mapping[str, str]] = {
    "landing": {
        "new": "rows_new",
        "edited": "rows_edited",
        "reviewed": "rows_reviewed",
        "deleted": "rows_deleted",
        "restored": "rows_restored",
        "rejected": "rows_rejected",
        "live": "rows_live",
        "server_count": "rows_on_server",
        "seconds": "seconds",
    },
    "build": {
        "passed": "nodes_passed",
        "skipped": "nodes_skipped",
        "warned": "warnings",
        "seconds": "seconds",
    },
    "check": {
        "found": "problems_found",
        "open": "alerts_open",
        "issues": "issues_open",
    },
    "media": {"sent": "lists_sent", "unchanged": "lists_unchanged"},
}


def measured(
    work: str, report: dict[str, Any], form: str | None = None
) -> dict[str, Any]:
    """Tell the figures of a report where metrics go; return the report.

    Args:
        work: One of `FIGURES`.
        report: As the task returns it; a figure that it lacks is not told.
        form: The form it is of, if it is of one. It is a part of the metric's name, as
            plain StatsD knows no tags, and a tag besides.
    """
    of_form = [stats.normalize_name_for_stats(form, log_warning=False)] if form else []
    for figure, metric in FIGURES[work].items():
        value = report.get(figure)
        if isinstance(value, Sized):
            value = len(value)
        if isinstance(value, int | float):
            name = ".".join([PREFIX, work, *of_form, metric])
            stats.gauge(name, value, tags={"form": form} if form else None)
    _flush()
    return report


def _flush() -> None:
    """Send what OpenTelemetry gathers: a task's process ends before it would by itself.

    StatsD has it already, and without metrics there is no provider that could be asked.
    What is measured has been done: a collector that is away or silent fails no task,
    and holds it up for `OTEL_EXPORTER_OTLP_TIMEOUT` at most, ten seconds by itself.
    """
    provider = get_meter_provider()
    if not isinstance(provider, MeterProvider):
        return
    try:
        provider.force_flush(LONGEST_FLUSH)
    except Exception:  # noqa: BLE001 - of whichever exporter is set up
        _log.warning("The figures of this task could not be sent to the collector.")
