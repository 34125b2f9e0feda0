"""How the demo's tasks, and a command line beside them, reach what it runs."""

import os
from collections.abc import Mapping

from sandbox.demo.metabase import metabase_settings
from sandbox.errors import SandboxError
from sandbox.feeds.registry import PILOT
from sandbox.feeds.servers import form_servers, registry_of, task_settings
from sandbox.machine.home import Home
from sandbox.postgres import Postgres
from sandbox.postgres.database import WAREHOUSE, running_warehouse

REGISTRY_VARIABLE = "JOURNAL_SITES"


def users_registry(home: Home) -> str | None:
    """Return the registry that the user has asked for.

    The sandbox's own, which a shell still has from `running_settings`, is none.
    """
    registry = os.environ.get(REGISTRY_VARIABLE)
    return None if registry == str(registry_of(home)) else registry or None


def work_settings(
    home: Home, server: Postgres, urls: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment variables that ingestion and warehouse read.

    Args:
        home: The sandbox.
        server: Its Postgres.
        urls: Where each form server is, by its package.
    """
    registry = users_registry(home)
    own = {REGISTRY_VARIABLE: registry} if registry else {}
    return own | {
        "WAREHOUSE_URL": server.url(WAREHOUSE),
        "JOURNAL_FILES_ROOT": str(home.pilot),
        "WAREHOUSE_BACKUPS": str(home.backups),
        "DASHBOARDS_OUT": str(home.site),
        "REPORTS_OUT": str(home.reports),
        **metabase_settings(home),
        **task_settings(home, urls),
    }


def running_settings(home: Home) -> dict[str, str]:
    """Return the same for what is running now.

    Raises:
        SandboxError: The warehouse or the form server of every demo is not running.
    """
    server = running_warehouse(home)
    running = {one.package: one.find_running() for one in form_servers(home)}
    urls = {package: url for package, url in running.items() if url}
    if "kobo" not in urls:
        raise SandboxError("No form server is running: start one with `make demo`.")
    # Named even where it is the default: a shell may have that of an earlier demo.
    return {REGISTRY_VARIABLE: str(PILOT), **work_settings(home, server, urls)}
