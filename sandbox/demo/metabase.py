"""A Metabase of yours that the demo applies its dashboards to, where you name one.

The demo starts none: `METABASE_URL` and an API key, or an administrator's login, say
where one is. Its roles of the warehouse get passwords that this sandbox makes up.
"""

import hashlib
import os
from collections.abc import Mapping

from dashboards.errors import DashboardError
from dashboards.metabase.access import Reader, load_readers
from dashboards.metabase.settings import ROLE_PASSWORD_PREFIX, URL_VARIABLE
from sandbox.errors import SandboxError
from sandbox.machine.home import Home

PREFIX = "METABASE_"


def metabase_settings(
    home: Home, environment: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Return what the tasks need to apply dashboards; nothing without a Metabase.

    Args:
        home: The sandbox, which keeps what passwords are derived from.
        environment: Where Metabase is named.

    Raises:
        SandboxError: The registry lets nobody read through Metabase.
    """
    if not environment.get(URL_VARIABLE):
        return {}
    given = {
        name: value for name, value in environment.items() if name.startswith(PREFIX)
    }
    for reader in _readers():
        variable = ROLE_PASSWORD_PREFIX + reader.role.upper()
        named = {name for name in environment if name.startswith(variable)}
        given |= {name: environment[name] for name in named}
        if not named:
            given[variable] = _password(home, reader.role)
    return given


def _readers() -> tuple[Reader, ...]:
    try:
        return load_readers()
    except DashboardError as error:
        raise SandboxError(str(error)) from error


def _password(home: Home, role: str) -> str:
    """Return a password that stays the same from one demo to the next."""
    text = f"{home.metabase_secret()} {role}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
