"""The values for Airflow's chart, as far as no chart is needed to know them right."""

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conventions.test_services import ASK_AIRFLOW, OURS, compose

ROOT = Path(__file__).parents[2]
VALUES = ROOT / "deploy" / "helm-values.yaml"
PAGE = ROOT / "warehouse_docs" / "recipes" / "kubernetes.md"
WATCHED = ("scheduler", "dagProcessor", "triggerer", "apiServer")
SERVICES = {
    "scheduler": "scheduler",
    "dagProcessor": "dag-processor",
    "triggerer": "triggerer",
}
SECRET = re.compile(r"(?i)password|secret|token|fernet|jwt|^pass$")
# They name where a secret is.
NAMES = {
    "apiSecretKeySecretName",
    "fernetKeySecretName",
    "jwtSecretName",
    "metadataSecretName",
    "secretKey",
    "secretName",
    "simple_auth_manager_passwords_file",
}


@cache
def values() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(VALUES.read_text())
    return found


@cache
def locked() -> dict[str, str]:
    lock = (ROOT / "requirements.txt").read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", lock, re.MULTILINE))


def settings() -> list[str]:
    """Return every setting of Airflow that the file makes, as variables."""
    of_config = [
        f"AIRFLOW__{section.upper()}__{key.upper()}"
        for section, keys in values()["config"].items()
        for key in keys
    ]
    names = [one["name"] for one in values()["env"]]
    return of_config + [name for name in names if name.startswith("AIRFLOW__")]


def given() -> dict[str, str]:
    """Return the variables of ours that pods get, with value or the secret's key."""
    plain = {one["name"]: one["value"] for one in values()["env"]}
    secret = {one["envName"]: one["secretKey"] for one in values()["secret"]}
    return {
        name: value for name, value in (plain | secret).items() if OURS.fullmatch(name)
    }


def every_text(node: object, path: str = "") -> list[tuple[str, str]]:
    if isinstance(node, dict):
        pairs = [(f"{path}.{key}", value) for key, value in node.items()]
        return [found for place, value in pairs for found in every_text(value, place)]
    if isinstance(node, list):
        return [found for value in node for found in every_text(value, path)]
    return [(path, str(node))]


def test_every_image_is_ours_of_the_version_of_the_composed_services() -> None:
    image = compose()["services"]["scheduler"]["image"]
    name, _, tag = image.partition(":")
    (copying,) = values()["apiServer"]["extraInitContainers"]

    assert values()["defaultAirflowTag"] == tag
    project = (ROOT / "pyproject.toml").read_text()
    assert [tag] == re.findall(r'^version = "(.+)"', project, re.MULTILINE)
    assert values()["defaultAirflowRepository"].rpartition("/")[2] == name
    assert copying["image"].rpartition("/")[2] == image


def test_the_chart_is_told_the_airflow_of_the_lock() -> None:
    assert values()["airflowVersion"] == locked()["apache-airflow"]


def test_the_image_has_what_runs_a_task_in_a_pod() -> None:
    assert values()["executor"] == "KubernetesExecutor"
    assert "apache-airflow-providers-cncf-kubernetes" in locked()
    assert not any(values()[name]["enabled"] for name in ("redis", "postgresql"))


def test_dags_are_those_of_the_image() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    folder = next(
        one["value"]
        for one in values()["env"]
        if one["name"] == "AIRFLOW__CORE__DAGS_FOLDER"
    )

    assert f"AIRFLOW__CORE__DAGS_FOLDER={folder}" in dockerfile
    assert values()["dags"] == {
        "persistence": {"enabled": False},
        "gitSync": {"enabled": False},
    }


def test_airflow_knows_every_setting(tmp_path: Path) -> None:
    asked = json.dumps({"settings": settings(), "commands": []})
    done = subprocess.run(
        [sys.executable, "-c", ASK_AIRFLOW, asked],
        env={**os.environ, "AIRFLOW_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("ANSWER "))

    assert len(settings()) > 8
    assert json.loads(line.removeprefix("ANSWER "))["unknown"] == []


def test_pods_are_told_what_the_composed_services_are() -> None:
    composed = compose()["services"]["scheduler"]["environment"]
    of_ours = {name for name in composed if OURS.fullmatch(name)}

    assert set(given()) == of_ours
    for name, value in given().items():
        if str(composed[name]).startswith("/"):
            assert value == composed[name], name


@pytest.mark.parametrize("name", sorted(given()))
def test_a_variable_is_explained(name: str) -> None:
    example = (ROOT / ".env.example").read_text()
    stands_as = {
        "JOURNAL_SITES": "JOURNAL_REGISTRY",
        "JOURNAL_FILES_ROOT": "JOURNAL_FILES",
    }
    fixed = {
        "DASHBOARDS_OUT",
        "REPORTS_OUT",
        "WAREHOUSE_BACKUPS",
    }  # folders of the image

    assert (
        re.search(rf"\b{stands_as.get(name, name)}\b", example)
        or name in PAGE.read_text()
        or name in fixed
    )


def test_no_secret_stands_in_the_file() -> None:
    found = [
        (place, text)
        for place, text in every_text(values())
        if SECRET.search(place.rpartition(".")[2])
        and place.rpartition(".")[2] not in NAMES
    ]
    addresses = [
        text for _, text in every_text(values()) if re.search(r"://\S*@", text)
    ]

    assert found == []
    assert addresses == []


def test_every_secret_that_is_named_is_on_the_page() -> None:
    file, page = VALUES.read_text(), PAGE.read_text()
    named = set(re.findall(r"\bjournal-(?!data)[a-z]+\b", file)) | {"journal-data"}

    assert len(named) >= 6
    assert [name for name in named if f"`{name}`" not in page] == []
    for key in ("connection", "fernet-key", "api-secret-key", "jwt-secret"):
        assert f"`{key}`" in page
    assert {one["secretKey"] for one in values()["secret"]} <= set(
        re.findall(r"`(\w+)`", page)
    )


@pytest.mark.parametrize("part", WATCHED)
def test_what_runs_on_is_watched_and_has_a_limit(part: str) -> None:
    found = values()[part]

    assert found["livenessProbe"]["failureThreshold"] > 1
    assert found["livenessProbe"]["timeoutSeconds"] >= 20
    assert found["resources"]["limits"]["memory"]


@pytest.mark.parametrize(("part", "service"), SERVICES.items())
def test_nothing_calls_a_script_that_only_apaches_image_has(
    part: str, service: str
) -> None:
    found = values()[part]
    probes = [found[name] for name in found if name.endswith("Probe")]
    asked = compose()["services"][service]["healthcheck"]["test"]
    groomer = found["logGroomerSidecar"]

    assert {tuple(probe["command"]) for probe in probes} == {tuple(asked[1:])}
    assert groomer.get("enabled") is False or "/clean-logs" not in str(groomer["args"])


def test_logs_are_cleaned_by_one_and_what_runs_has_a_limit() -> None:
    groomers = [values()[part]["logGroomerSidecar"] for part in SERVICES]

    assert len([one for one in groomers if one.get("enabled", True)]) == 1
    assert values()["workers"]["kubernetes"]["resources"]["limits"]["memory"]


def test_the_warehouse_has_its_tables_before_a_task_runs() -> None:
    (wanted,) = [
        service["command"]
        for service in compose()["services"].values()
        if service.get("command", [])[-1:] == ["tables"]
    ]

    said = values()["migrateDatabaseJob"]["args"][-1]
    # What else the chart starts waits for Airflow's tables.
    assert said.startswith(" ".join(wanted))
    assert said.endswith("airflow db migrate")


def test_pods_run_as_the_account_of_the_image_and_may_become_no_other() -> None:
    account = re.findall(
        r"^USER (\d+):(\d+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE
    )
    contexts = values()["securityContexts"]

    pod = contexts["pod"]
    assert [(str(pod["runAsUser"]), str(pod["runAsGroup"]))] == account
    assert contexts["pod"]["runAsNonRoot"] is True
    assert contexts["containers"]["allowPrivilegeEscalation"] is False


def test_what_is_mounted_is_a_volume_and_where_the_settings_look() -> None:
    volumes = {one["name"] for one in values()["volumes"]}
    mounts = {one["name"]: one["mountPath"] for one in values()["volumeMounts"]}

    assert set(mounts) == volumes
    folders = [value for value in given().values() if value.startswith("/")]
    assert len(folders) >= 4
    for folder in folders:
        assert any(folder.startswith(f"{mount}/") for mount in mounts.values()), folder
    passwords = values()["config"]["core"]["simple_auth_manager_passwords_file"]
    assert passwords == values()["apiServer"]["extraInitContainers"][0]["command"][-1]
