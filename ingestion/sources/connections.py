"""Where a form server is and its token: Airflow's own variables, read without Airflow.

Airflow keeps the connection `kobo_main` in `AIRFLOW_CONN_KOBO_MAIN`, as JSON or as a
URI. We read the same variable, so a command line and a DAG are configured once.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from ingestion.errors import ConnectionMissingError

HTTP_SCHEMES = ("http", "https")


@dataclass(frozen=True, slots=True)
class Connection:
    """A form server's address and the secret that opens it.

    Attributes:
        name: The connection's id, for messages.
        host: Scheme, host and port, without a slash at the end.
        token: The API token; left out of every representation.
    """

    name: str
    host: str
    token: str = field(repr=False)


def variable_of(name: str) -> str:
    """Return the environment variable that holds the connection `name`."""
    return f"AIRFLOW_CONN_{name.upper()}"


def find_connection(
    name: str, environment: Mapping[str, str] | None = None
) -> Connection:
    """Return the connection `name` as the environment describes it.

    Raises:
        ConnectionMissingError: It is not there, cannot be read, or lacks host or token.
            No message repeats any part of it.
    """
    variable = variable_of(name)
    value = (os.environ if environment is None else environment).get(variable, "")
    if not value:
        raise ConnectionMissingError(
            f"Connection {name!r} is not configured: set {variable} to JSON with "
            '"host" and "password" (the API token), or to https://:token@host.'
        )
    try:
        parts = (
            _from_json(variable, value)
            if value.lstrip()[:1] == "{"
            else _from_uri(value.strip())
        )
        token = str(parts["password"]).strip()
        if not parts["host"] or not token:
            missing = "host" if not parts["host"] else "password (the API token)"
            raise ConnectionMissingError(
                f"Connection {name!r} has no {missing}: correct {variable}."
            )
        return Connection(name, _base_url(variable, parts), _checked(variable, token))
    except ValueError:
        raise ConnectionMissingError(
            f"The host or the port in {variable} is not one: it should look like "
            "https://kobo.example or https://kobo.example:8443."
        ) from None


def _from_json(variable: str, value: str) -> dict[str, Any]:
    try:
        parts = json.loads(value)
    except ValueError:
        # The value is not repeated: it holds the token.
        raise ConnectionMissingError(
            f"{variable} begins like JSON but is not: correct it."
        ) from None
    wanted = ("conn_type", "host", "password", "port", "schema")
    return {key: parts.get(key) or "" for key in wanted}


def _from_uri(value: str) -> dict[str, Any]:
    uri = urlsplit(value)
    return {
        "conn_type": uri.scheme,
        "host": unquote(uri.hostname or ""),
        "password": unquote(uri.password or ""),
        "port": uri.port or "",
        "schema": uri.path.strip("/"),
    }


def _checked(variable: str, token: str) -> str:
    # It travels in a header line, which holds nothing else.
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ConnectionMissingError(
            f"The password in {variable} is no API token: it holds characters that no "
            "token has, so copy it again from the account's settings."
        )
    return token


def _base_url(variable: str, parts: Mapping[str, Any]) -> str:
    host = str(parts["host"]).strip().rstrip("/")
    if "://" in host:
        address = urlsplit(host)
        scheme, place = address.scheme, address.netloc + address.path
    else:
        # As in Airflow: the scheme is the schema, else the type when it is one of HTTP.
        stated = [parts["schema"], parts["conn_type"]]
        scheme = next((name for name in stated if name in HTTP_SCHEMES), "https")
        place = host
    if scheme not in HTTP_SCHEMES:
        raise ConnectionMissingError(
            f"The host in {variable} must begin with http:// or https://."
        )
    if "@" in place:
        raise ConnectionMissingError(
            f"The host in {variable} holds a login, which every message would show: "
            "leave the host alone there and give the token as password."
        )
    port = f":{parts['port']}" if parts["port"] and ":" not in place else ""
    return _sound(f"{scheme}://{place}{port}")


def _sound(address: str) -> str:
    """Return the address.

    Raises:
        ValueError: It has no host, a port that is none, or characters of neither.
    """
    parsed = urlsplit(address)
    _ = parsed.port  # raises
    if not re.fullmatch(r"[\w.:\[\]-]+", parsed.netloc) or not parsed.hostname:
        raise ValueError("not a host")
    return address
