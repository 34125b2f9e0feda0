"""Which stand-ins serve the pilot, and how the warehouse's tasks reach them."""

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from sandbox.feeds.form_server import FormServer
from sandbox.feeds.registry import write_registry
from sandbox.feeds.source_hash import KOBO, ODK, PILOT, source_hash
from sandbox.machine.home import Home
from sandbox.odk.access.accounts import standard_accounts

TOKEN_VARIABLE = "SANDBOX_KOBO_TOKEN"  # noqa: S105 - a variable's name
SECRET_VARIABLE = "SANDBOX_ODK_SECRET"  # noqa: S105 - the same
# Nobody reads it: a server of older code has another one, and is replaced.
SOURCE_VARIABLE = "SANDBOX_SOURCE"
CENTRAL_SITES = ("PH-01", "PH-02")


class Servers(StrEnum):
    """Where the pilot's forms are."""

    KOBO = "kobo"
    BOTH = "both"  # those of CENTRAL_SITES on ODK Central, all others on KoboToolbox


def form_servers(home: Home, servers: Servers = Servers.BOTH) -> list[FormServer]:
    """Return the stand-ins that serve the pilot, running or not; KoboToolbox first."""
    is_parted = servers is Servers.BOTH
    kobo = FormServer(
        name="KoboToolbox",
        package="kobo",
        folder=home.kobo,
        port=home.kobo_port,
        settings=lambda: {
            TOKEN_VARIABLE: home.kobo_token(),
            SOURCE_VARIABLE: source_hash(*PILOT, *KOBO),
        },
        options=_for_each_site("--without-site") if is_parted else (),
    )
    central = FormServer(
        name="ODK Central",
        package="odk",
        folder=home.odk,
        port=home.odk_port,
        settings=lambda: {
            SECRET_VARIABLE: home.odk_secret(),
            SOURCE_VARIABLE: source_hash(*PILOT, *ODK),
        },
        options=_for_each_site("--site"),
    )
    return [kobo, central] if is_parted else [kobo]


def start_form_servers(home: Home, wanted: Iterable[FormServer]) -> dict[str, str]:
    """Start these, end the others of an earlier demo; return URLs by package.

    Raises:
        SandboxError: A port is taken.
    """
    urls = {one.package: one.start() for one in wanted}
    for one in form_servers(home):
        if one.package not in urls:
            one.stop()
    return urls


def registry_of(home: Home) -> Path:
    """Return where the registry of both servers is written."""
    return home.root / "sites.yml"


def task_settings(home: Home, urls: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables by which tasks reach the servers.

    Args:
        home: The sandbox; a registry of both servers is written there.
        urls: Where each server is, by its package.
    """
    kobo = {"conn_type": "http", "host": urls["kobo"], "password": home.kobo_token()}
    settings = {"AIRFLOW_CONN_KOBO_MAIN": json.dumps(kobo)}
    if "odk" not in urls:
        return settings
    accounts = standard_accounts(home.odk_secret())
    viewer = next(account for account in accounts if account.role == "viewer")
    central = {
        "conn_type": "http",
        "host": urls["odk"],
        "login": viewer.email,
        "password": viewer.password,
    }
    registry = write_registry(registry_of(home), CENTRAL_SITES)
    return settings | {
        "AIRFLOW_CONN_CENTRAL": json.dumps(central),
        "JOURNAL_SITES": str(registry),
    }


def _for_each_site(option: str) -> tuple[str, ...]:
    return tuple(word for site in CENTRAL_SITES for word in (option, site))
