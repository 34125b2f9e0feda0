"""Slack's incoming webhooks, and webhooks of any other service."""

from collections.abc import Mapping
from typing import Any

import httpx

from alerts.errors import ChannelError
from alerts.message import Message
from ingestion.errors import ConnectionMissingError
from ingestion.sources.connections import connection_parts, variable_of
from ingestion.sources.quiet_log import addresses_kept_out_of_log

TIMEOUT_SECONDS = 20
SLACK_LETTERS = 3_000  # of one text; Slack cuts what is longer


def post_to_slack(message: Message, connection: str) -> None:
    """Post a message through one of Slack's incoming webhooks.

    As in Airflow, the connection's host is `https://hooks.slack.com/services` and its
    password the rest of the address, which is the secret.

    Raises:
        ChannelError: Slack did not take it.
        ConnectionMissingError: The connection is not configured.
    """
    parts = _parts(connection)
    address = f"{_address(connection, parts)}/{str(parts['password']).strip('/ ')}"
    text = f"*{message.subject}*\n{message.text}"
    shown = text if len(text) <= SLACK_LETTERS else f"{text[:SLACK_LETTERS]} ..."
    _post(connection, address, {"text": shown}, {})


def post_to_webhook(message: Message, connection: str) -> None:
    """Post a message as JSON: `subject`, `text`, `opened`, `closed`.

    The connection's password, if it has one, goes as `Authorization: Bearer`.

    Raises:
        ChannelError: The receiver did not take it.
        ConnectionMissingError: The connection is not configured.
    """
    parts = _parts(connection)
    token = str(parts["password"]).strip()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    headers["Idempotency-Key"] = message.message_id
    body = {"subject": message.subject, "text": message.text, **message.values}
    _post(connection, _address(connection, parts), body, headers)


def _parts(connection: str) -> Mapping[str, Any]:
    try:
        parts = connection_parts(connection)
    except ValueError:
        parts = None
    if parts is None or not parts["host"]:
        raise ConnectionMissingError(
            f"Connection {connection!r} is not configured: set "
            f'{variable_of(connection)} to JSON with "host", the address with '
            'https://, and "password", the secret.'
        )
    return parts


def _address(connection: str, parts: Mapping[str, Any]) -> str:
    host = str(parts["host"])
    if not host.startswith(("https://", "http://")):
        host = f"https://{host}"
    try:
        has_host = bool(httpx.URL(host).host)
    except httpx.InvalidURL:
        has_host = False
    if not has_host:
        raise ConnectionMissingError(
            f"The host in {variable_of(connection)} is not an address."
        )
    return host.rstrip("/")


def _post(
    connection: str, address: str, body: Mapping[str, Any], headers: Mapping[str, str]
) -> None:
    # The address is never repeated, nor logged: Slack's holds the secret.
    try:
        with addresses_kept_out_of_log():
            response = httpx.post(
                address, json=body, headers=dict(headers), timeout=TIMEOUT_SECONDS
            )
    except httpx.HTTPError as error:
        raise ChannelError(
            f"Connection {connection!r} could not be reached "
            f"({type(error).__name__}): correct {variable_of(connection)}."
        ) from None
    if not response.is_success:
        raise ChannelError(
            f"Connection {connection!r} answered {response.status_code}: correct "
            f"{variable_of(connection)}."
        )
