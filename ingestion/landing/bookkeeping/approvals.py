"""What a person agreed to, on record with who it was."""

from uuid import UUID

from sqlalchemy import Connection, insert

from warehouse.account import account_here
from warehouse.tables import approvals


def record_deletions(
    connection: Connection,
    form: str,
    gone: int,
    run_id: UUID,
    approved_by: str | None = None,
) -> None:
    """Note that more deletions were agreed to than a run believes by itself.

    Args:
        connection: In the transaction that lands the form.
        form: Its name.
        gone: How many submissions.
        run_id: The landing.
        approved_by: Who pressed Approve. None is the account that runs the command.
    """
    connection.execute(
        insert(approvals).values(
            approval_code="deletions",
            subject=f"{gone} deletions of form {form}",
            approved_by=approved_by or account_here(),
            run_id=run_id,
        )
    )
