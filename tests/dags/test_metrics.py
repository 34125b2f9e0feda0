"""Figures of our runs, as somebody who listens on the network gets them."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
# As the process of a task begins, then a task's report, then a word of our own: what
# comes before it is all that came.
TELL = """
import json, socket, sys
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
end.sendto(b"end", ("127.0.0.1", asked["port"]))
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


def received(
    home: Path, *, work: str, report: dict[str, object], form: str | None, is_on: bool
) -> list[str]:
    """Return what a listener got of ours while a task told its report."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(30)
        port = listener.getsockname()[1]
        environment = {
            **os.environ,
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__METRICS__STATSD_ON": str(is_on),
            "AIRFLOW__METRICS__STATSD_HOST": "127.0.0.1",
            "AIRFLOW__METRICS__STATSD_PORT": str(port),
            "PYTHONPATH": str(REPOSITORY),
        }
        asked = {"work": work, "report": report, "form": form, "port": port}
        done = subprocess.run(
            [sys.executable, "-c", TELL, json.dumps(asked)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found = []
        while (packet := listener.recv(2_000).decode()) != "end":
            # Airflow tells of itself on the same way.
            found += [packet] if ".journal." in packet else []
        return found


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
