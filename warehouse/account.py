"""Who runs a command here, for what is put on record."""

import getpass
import socket


def account_here() -> str:
    """Return the account and the machine, such as `ana@office`.

    Nobody is asked for a name that could be another's.
    """
    return f"{_account()}@{socket.gethostname()}"


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        return "unknown"
