"""The composed services, as far as no engine is needed to know that they are right."""

import json
import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SECRET = re.compile(r"PASSWORD|SECRET|_KEY$")
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(:?[-?][^}]*)?\}")
OF_CONNECTIONS = (
    "AIRFLOW_CONN_",
    "METABASE_URL",
    "METABASE_ADMIN_",
    "WAREHOUSE_PASSWORD_",
)
OURS = re.compile(r"(JOURNAL|WAREHOUSE|DASHBOARDS|REPORTS)_[A-Z_]+")
# In a process of its own, as Airflow reads its settings once and for all.
ASK_AIRFLOW = """
import json, sys
from airflow.cli.cli_parser import get_parser
from airflow.configuration import conf

asked = json.loads(sys.argv[1])
known = {
    (section.upper(), key.upper())
    for section, described in conf.configuration_description.items()
    for key in described["options"]
}
unknown = [
    name for name in asked["settings"]
    if tuple(name.split("__")[1:]) not in known
]
parser = get_parser()
refused = []
for command in asked["commands"]:
    try:
        parser.parse_args(command[1:])
    except SystemExit:
        refused.append(command)
print("ANSWER " + json.dumps({"unknown": unknown, "refused": refused}))
"""


FOLDERS = (
    "alerts",
    "dags",
    "dashboards",
    "dbt_project",
    "ingestion",
    "pages",
    "reports",
    "warehouse",
)


@cache
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return found


@cache
def variables() -> dict[str, set[str]]:
    """Return the variables of the file, each with how it says what a missing one is."""
    found: dict[str, set[str]] = {}
    for name, otherwise in VARIABLE.findall((ROOT / "docker-compose.yml").read_text()):
        found.setdefault(name, set()).add(otherwise[:2])
    return found


def documented() -> list[str]:
    page = (ROOT / ".env.example").read_text()
    # Some are lines of another file, which one of the variables names.
    return [
        name
        for name in re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", page, re.MULTILINE)
        if not name.startswith(OF_CONNECTIONS)
    ]


def is_one_off(service: dict[str, Any]) -> bool:
    return bool(service.get("restart", "no") == "no")


def test_every_variable_is_in_the_example_and_every_one_of_the_example_is_used() -> (
    None
):
    assert len(variables()) > 15
    assert sorted(documented()) == sorted(variables())


def test_a_secret_that_is_missing_is_refused_and_none_has_a_default() -> None:
    secrets = {name for name in variables() if SECRET.search(name)}
    page = (ROOT / ".env.example").read_text()

    assert len(secrets) >= 8
    for name in secrets:
        assert variables()[name] == {":?"}, name
        assert re.search(rf"^{name}=$", page, re.MULTILINE), name


def test_every_setting_of_ours_is_one_that_the_code_reads() -> None:
    code = "\n".join(
        path.read_text()
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".sql", ".yml"} and "target" not in path.parts
    )
    given = {
        name
        for service in compose()["services"].values()
        if service.get("image", "").startswith("family-journal-warehouse")
        for name in service.get("environment", {})
        if OURS.fullmatch(name)
    }

    assert "WAREHOUSE_URL" in given
    # A string of Python, or of dbt's Jinja.
    read = set(re.findall(r"[\"'](\w+)[\"']", code))
    assert given - read == set()


def test_what_runs_on_is_watched_and_what_runs_once_is_waited_for() -> None:
    services = compose()["services"]
    waited_for = {
        name
        for service in services.values()
        for name, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_completed_successfully"
    }
    for name, service in services.items():
        if is_one_off(service):
            assert name in waited_for, name
        else:
            assert "healthcheck" in service, name
            assert service["logging"]["options"]["max-size"], name


def test_what_is_published_listens_on_this_machine_alone_and_no_database_is() -> None:
    published = {
        name: service["ports"]
        for name, service in compose()["services"].items()
        if "ports" in service
    }

    assert set(published) == {"api-server", "site", "metabase"}
    for name, ports in published.items():
        assert all(port.startswith("127.0.0.1:") for port in ports), name


def test_every_volume_that_is_named_is_used_and_the_other_way_round() -> None:
    mounts = {
        str(mount["source"] if isinstance(mount, dict) else mount)
        for service in compose()["services"].values()
        for mount in service.get("volumes", [])
    }
    # `${FOLDER:-volume}:/place` or `volume:/place`
    named = {re.sub(r"^\$\{\w+:-([^}]+)\}", r"\1", mount) for mount in mounts}
    used = {name.partition(":")[0] for name in named}

    assert {name for name in used if re.fullmatch(r"\w+", name)} == set(
        compose()["volumes"]
    )


def test_the_image_runs_as_nobody_special_and_has_every_folder_of_ours() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    ignored = (ROOT / ".dockerignore").read_text().split()
    copied = re.findall(r"^COPY (?:--chown=\S+ )?(\S+)", dockerfile, re.MULTILINE)

    (account,) = re.findall(r"useradd --uid (\d+)", dockerfile)
    assert account != "0"
    assert re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE)[-1] == (
        f"{account}:{account}"
    )
    assert {"alerts", "dags", "dashboards", "ingestion", "warehouse"} <= set(copied)
    assert {f"!{name}" for name in copied} <= set(ignored)


def test_airflow_knows_every_setting_and_takes_every_command(tmp_path: Path) -> None:
    services = compose()["services"]
    commands = [
        command
        for service in services.values()
        for command in (service.get("command"), _health_command(service))
        if command and command[0] == "airflow"
    ]
    settings = {
        name
        for service in services.values()
        for name in service.get("environment", {})
        if name.startswith("AIRFLOW__")
    }
    # What the job of the metadata runs stands in its script.
    commands.append(["airflow", "db", "migrate"])
    assert len(commands) >= 8

    done = subprocess.run(
        [
            sys.executable,
            "-c",
            ASK_AIRFLOW,
            json.dumps({"settings": sorted(settings), "commands": commands}),
        ],
        env={
            **os.environ,
            "AIRFLOW_HOME": str(tmp_path),
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    answer = next(
        (line for line in done.stdout.splitlines() if line.startswith("ANSWER ")), ""
    )
    assert answer, done.stderr
    found = json.loads(answer.removeprefix("ANSWER "))
    assert found == {"unknown": [], "refused": []}, done.stderr


def _health_command(service: dict[str, Any]) -> list[str] | None:
    test = service.get("healthcheck", {}).get("test", [])
    return test[1:] if test[:1] == ["CMD"] else None


@pytest.mark.parametrize(
    "command",
    [
        service["command"]
        for service in compose()["services"].values()
        if service.get("command", [""])[0] == "python"
    ],
    ids=shlex.join,
)
def test_every_command_of_ours_is_one(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *command[1:], "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
