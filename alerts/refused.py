"""Addresses that a mail server refused while others of the same receiver took it.

The message counts as sent, as it would otherwise come to the others again and again.
What was refused is an alert of its own, to whoever keeps the registry.
"""

from datetime import datetime

from sqlalchemy import Connection

from alerts import book
from alerts.channels import Refused
from alerts.finding import Finding, Kind
from ingestion.registry import Receiver

KIND: Kind = "address_refused"
FOR_GOOD = 500  # from this code of SMTP on


def note_refused(
    connection: Connection,
    name: str,
    receiver: Receiver,
    refused: Refused,
    now: datetime,
) -> str | None:
    """Open the alert of a receiver's refused addresses, or close it where all took it.

    Returns:
        What was refused, in one sentence without any address; None where nothing was.
    """
    if not refused:
        book.close_causes(connection, [f"{KIND}/{name}"], now)
        return None
    count = len(receiver.email or ())
    places = ", ".join(f"{place} ({code})" for place, code in refused.items())
    finding = Finding(
        kind=KIND,
        place=name,
        severity="warning",
        summary=(
            f"Of the {count} addresses of {name} the mail server refused number "
            f"{places}"
        ),
        what_to_do=f"{_mend(refused)}; the others were told",
    )
    book.open_alerts(connection, [finding], now)
    return f"{finding.summary}."


def _mend(refused: Refused) -> str:
    if max(refused.values()) < FOR_GOOD:
        return (
            "Forward the last message there: the mail server refused it for now, as of "
            "a mailbox that is full"
        )
    return "Correct it in the registry, at alerts: receivers:"
