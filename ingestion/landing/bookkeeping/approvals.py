"""What a person agreed to, on record with who it was."""

import getpass
import socket
from uuid import UUID

from sqlalchemy import Connection, insert

from warehouse.tables import approvals


def record_deletions(
    connection: Connection, form: str, gone: int, run_id: UUID
) -> None:
    """Note that more deletions were agreed to than a run believes by itself.

    Who it was is the account that runs the command: nobody is asked for a name that
    could be another's.
    """
    connection.execute(
        insert(approvals).values(
            approval_code="deletions",
            subject=f"{gone} deletions of form {form}",
            approved_by=f"{_account()}@{socket.gethostname()}",
            run_id=run_id,
        )
    )


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        return "unknown"
