"""E-mail, through the server of an Airflow connection of type `smtp`."""

import smtplib
import ssl
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Any

from alerts.errors import ChannelError
from alerts.message import Message
from ingestion.errors import ConnectionMissingError
from ingestion.sources.connections import connection_parts, variable_of

TIMEOUT_SECONDS = 20
SSL_PORT, PLAIN_PORT = 465, 587
DOMAIN = "family-journal-warehouse"
# Its place among the addresses, from 1, and the server's answer, such as 550.
Refused = Mapping[int, int]
SWITCHED_ON = frozenset({"true", "1", "yes"})


def send_mail(message: Message, addresses: Sequence[str], connection: str) -> Refused:
    """Send a message to all addresses; return those that were refused.

    Taken by one of them, it is sent: to try it again would repeat it to that one.

    The connection's extras are those of Airflow's: `from_email`, `disable_ssl` (plain
    or STARTTLS instead of TLS from the start) and `disable_tls` (no STARTTLS either).

    Raises:
        ChannelError: The server did not answer, or refused login, sender or every
            address.
        ConnectionMissingError: The connection is not configured.
    """
    parts = _parts(connection)
    mail = EmailMessage()
    mail["From"] = _sender(connection, parts)
    mail["To"] = ", ".join(addresses)
    mail["Subject"] = " ".join(message.subject.split())
    mail["Message-ID"] = f"<{message.message_id}@{DOMAIN}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    try:
        with _connected(parts) as server:
            if parts["login"]:
                server.login(str(parts["login"]), str(parts["password"]))
            refused = server.send_message(mail, to_addrs=list(addresses))
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _ in error.recipients.values()})
        raise ChannelError(
            f"The mail server of connection {connection!r} refused every address "
            f"({', '.join(map(str, codes))}): correct them in the registry."
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        code = getattr(error, "smtp_code", None)
        told = f"answered {code}" if code else "could not be reached"
        raise ChannelError(
            f"The mail server of connection {connection!r} {told} "
            f"({type(error).__name__}): correct {variable_of(connection)}."
        ) from None
    return {
        place: refused[address][0]
        for place, address in enumerate(addresses, 1)
        if address in refused
    }


def _parts(connection: str) -> Mapping[str, Any]:
    variable = variable_of(connection)
    try:
        parts = connection_parts(connection)
        port = int(str((parts or {}).get("port") or 0))
    except ValueError:
        raise ConnectionMissingError(f"The port in {variable} is no number.") from None
    if parts is None or not parts["host"]:
        raise ConnectionMissingError(
            f"The mail server is not configured: set {variable} to JSON with "
            '"conn_type": "smtp", "host", "port", "login", "password" and '
            '"extra": {"from_email": ...}.'
        )
    return {**parts, "port": port}


def _sender(connection: str, parts: Mapping[str, Any]) -> str:
    sender = str(parts["extra"].get("from_email") or parts["login"])
    if "@" not in sender or any(sign in sender for sign in "\r\n"):
        raise ConnectionMissingError(
            f"Connection {connection!r} does not say who writes: give "
            f'{variable_of(connection)} "extra": {{"from_email": "..."}}.'
        )
    return sender


def _connected(parts: Mapping[str, Any]) -> smtplib.SMTP:
    host, context = str(parts["host"]), ssl.create_default_context()
    if not _is_on(parts, "disable_ssl"):
        return smtplib.SMTP_SSL(
            host, parts["port"] or SSL_PORT, timeout=TIMEOUT_SECONDS, context=context
        )
    server = smtplib.SMTP(host, parts["port"] or PLAIN_PORT, timeout=TIMEOUT_SECONDS)
    if not _is_on(parts, "disable_tls"):
        server.starttls(context=context)
    return server


def _is_on(parts: Mapping[str, Any], name: str) -> bool:
    return str(parts["extra"].get(name, "")).lower() in SWITCHED_ON
