"""What is closed though nobody has mended it: by a person, with a reason."""

from datetime import datetime

from sqlalchemy import Engine

from alerts import book
from alerts.errors import AlertError
from ingestion.landing.ready_warehouse import ready_warehouse
from warehouse.account import account_here

LONGEST_REASON = 200


def close(
    alert_id: int,
    reason: str,
    now: datetime,
    *,
    closed_by: str | None = None,
    engine: Engine | None = None,
) -> str:
    """Close an open alert; return what it was of. The next delivery tells of it.

    Args:
        alert_id: Its number, as `python -m alerts open` shows it.
        reason: Why, in words that name no family: receivers are told it.
        now: UTC.
        closed_by: Who; None is the account that runs the command.
        engine: None takes `WAREHOUSE_URL`.

    Raises:
        AlertError: No such alert is open, or the reason is none.
        WarehouseUnavailableError: The database cannot be reached.
    """
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        raise AlertError(
            f"Give a reason of at most {LONGEST_REASON} letters: it is kept, and told "
            "to whoever heard of the alert."
        )
    with ready_warehouse(engine) as warehouse, warehouse.begin() as connection:
        summary = book.close_by_hand(
            connection, alert_id, closed_by or account_here(), words, now
        )
    if summary is None:
        raise AlertError(
            f"No alert {alert_id} is open: `python -m alerts open` shows which are."
        )
    return summary
