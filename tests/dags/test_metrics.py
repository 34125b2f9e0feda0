"""Figures of our runs, as somebody who listens on the network gets them."""

import gzip
import json
import os
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)

REPOSITORY = Path(__file__).parents[2]
# As the process of a task begins, then a task's report, then a word of our own: what
# comes before it is all that came. Then it ends as a task does, which runs no handlers.
TELL = """
import json, os, socket, sys
from airflow.sdk.configuration import conf
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics import stats_utils
from dags.metrics import measured

stats.initialize(
    factory=stats_utils.get_stats_factory(),
    export_legacy_names=conf.getboolean("metrics", "legacy_names_on"),
)
asked = json.loads(sys.argv[1])
report = measured(asked["work"], asked["report"], asked.get("form"))
assert report == asked["report"]
end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
if "port" in asked:
    end.sendto(b"end", ("127.0.0.1", asked["port"]))
os._exit(0)
"""
LANDED = {
    "form": "journal",
    "form_id": "aJournal",
    "new": 3,
    "edited": 2,
    "deleted": 1,
    "live": 240,
    "seconds": 1.5,
    "unmapped": ["mood"],
}


@pytest.fixture(scope="module")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("airflow")


def tell(home: Path, settings: dict[str, str], asked: dict[str, object]) -> None:
    """Tell a report as the process of a task does, to its end."""
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "PYTHONPATH": str(REPOSITORY),
        **settings,
    }
    done = subprocess.run(
        [sys.executable, "-c", TELL, json.dumps(asked)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def received(
    home: Path, *, work: str, report: dict[str, object], form: str | None, is_on: bool
) -> list[str]:
    """Return what a listener got of ours while a task told its report."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(30)
        port = listener.getsockname()[1]
        settings = {
            "AIRFLOW__METRICS__STATSD_ON": str(is_on),
            "AIRFLOW__METRICS__STATSD_HOST": "127.0.0.1",
            "AIRFLOW__METRICS__STATSD_PORT": str(port),
        }
        tell(
            home,
            settings,
            {"work": work, "report": report, "form": form, "port": port},
        )
        found = []
        while (packet := listener.recv(2_000).decode()) != "end":
            # Airflow tells of itself on the same way.
            found += [packet] if ".journal." in packet else []
        return found


class Collector(ThreadingHTTPServer):
    """Takes what OpenTelemetry sends: path, metric, value and form."""

    daemon_threads = True

    def __init__(self) -> None:
        self.taken: set[tuple[str, str, float, str]] = set()
        super().__init__(("127.0.0.1", 0), _Sent)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Sent(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        request = ExportMetricsServiceRequest.FromString(body)
        self.server.taken |= {
            (
                self.path,
                metric.name,
                point.as_double or point.as_int,
                tag.value.string_value,
            )
            for resource in request.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            for point in metric.gauge.data_points
            for tag in point.attributes
        }
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


def test_a_landing_is_told_by_its_form(airflow_home: Path) -> None:
    found = received(
        airflow_home, work="landing", report=LANDED, form="journal", is_on=True
    )

    assert set(found) == {
        "airflow.journal.landing.journal.rows_new:3|g",
        "airflow.journal.landing.journal.rows_edited:2|g",
        "airflow.journal.landing.journal.rows_deleted:1|g",
        "airflow.journal.landing.journal.rows_live:240|g",
        "airflow.journal.landing.journal.seconds:1.5|g",
    }


def test_a_list_is_told_by_its_length_and_by_nothing_in_it(airflow_home: Path) -> None:
    report: dict[str, object] = {"sent": {"families.csv": 9}, "unchanged": []}

    found = received(
        airflow_home, work="media", report=report, form="a form, á", is_on=True
    )

    assert found == [
        "airflow.journal.media.a_form___.lists_sent:1|g",
        "airflow.journal.media.a_form___.lists_unchanged:0|g",
    ]


def test_nothing_is_told_where_metrics_are_off(airflow_home: Path) -> None:
    assert (
        received(
            airflow_home, work="landing", report=LANDED, form="journal", is_on=False
        )
        == []
    )


def test_a_collector_has_it_before_the_task_ends(airflow_home: Path) -> None:
    with Collector() as collector:
        thread = Thread(target=collector.serve_forever, args=(0.02,))
        thread.start()
        tell(
            airflow_home,
            {
                "AIRFLOW__METRICS__OTEL_ON": "True",
                "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            },
            {"work": "landing", "report": LANDED, "form": "journal"},
        )
        collector.shutdown()
        thread.join()

    path, named = "/v1/metrics", "airflow.journal.landing.journal."
    assert collector.taken == {
        (path, f"{named}rows_new", 3, "journal"),
        (path, f"{named}rows_edited", 2, "journal"),
        (path, f"{named}rows_deleted", 1, "journal"),
        (path, f"{named}rows_live", 240, "journal"),
        (path, f"{named}seconds", 1.5, "journal"),
    }


def test_a_collector_that_takes_everything_and_says_nothing_fails_no_task(
    airflow_home: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        tell(
            airflow_home,
            {
                "AIRFLOW__METRICS__OTEL_ON": "True",
                "OTEL_EXPORTER_OTLP_ENDPOINT": (
                    f"http://127.0.0.1:{silent.getsockname()[1]}"
                ),
                "OTEL_EXPORTER_OTLP_TIMEOUT": "1",
            },
            {"work": "landing", "report": LANDED, "form": "journal"},
        )
