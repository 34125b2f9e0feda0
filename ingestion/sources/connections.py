"""Where a form server is and what opens it: Airflow's variables, without Airflow.

Airflow keeps the connection `kobo_main` in `AIRFLOW_CONN_KOBO_MAIN`, as JSON or as a
URI. We read the same variable, so a command line and a DAG are configured once.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ingestion.errors import ConnectionMissingError

HTTP_SCHEMES = ("http", "https")


@dataclass(frozen=True, slots=True)
class Connection:
    """A form server's address and the secret that opens it.

    Attributes:
        name: The connection's id, for messages.
        host: Scheme, host and port, without a slash at the end.
        password: The API token, or an account's password; left out of every
            representation.
        login: The account's name, where a server of this kind asks for one.
    """

    name: str
    host: str
    password: str = field(repr=False)
    login: str = ""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a kind of server must be told.

    Attributes:
        password: What its password is called.
        login: What its login is called, or None where it has none.
        uri: What the connection looks like as a URI.
    """

    password: str
    login: str | None
    uri: str


TOKEN = Needs("the API token", None, "https://:token@host")
LOGIN = Needs("the account's", "the account's e-mail", "https://e-mail:password@host")


def variable_of(name: str) -> str:
    """Return the environment variable that holds the connection `name`."""
    return f"AIRFLOW_CONN_{name.upper()}"


def find_connection(
    name: str, environment: Mapping[str, str] | None = None, *, needs: Needs = TOKEN
) -> Connection:
    """Return the connection `name` as the environment describes it.

    Raises:
        ConnectionMissingError: It is not there, cannot be read, or lacks what is
            needed. No message repeats any part of it.
    """
    variable = variable_of(name)
    try:
        parts = connection_parts(name, environment)
        if parts is None:
            raise _not_configured(name, needs)
        _check_complete(name, parts, needs)
        password = str(parts["password"])
        return Connection(
            name,
            _base_url(variable, parts),
            password if needs.login else _checked(variable, password.strip()),
            str(parts["login"]).strip() if needs.login else "",
        )
    except ValueError:
        raise ConnectionMissingError(
            f"The host or the port in {variable} is not one: it should look like "
            "https://kobo.example or https://kobo.example:8443."
        ) from None


def connection_parts(
    name: str, environment: Mapping[str, str] | None = None
) -> dict[str, Any] | None:
    """Return what the environment says of the connection `name`, None if nothing.

    Returns:
        `conn_type`, `host`, `login`, `password`, `port`, `schema`, each empty where
        it is not given, and `extra`, a dict.

    Raises:
        ConnectionMissingError: It begins like JSON and is none.
        ValueError: It is a URI with a port that is no number.
    """
    variable = variable_of(name)
    value = (os.environ if environment is None else environment).get(variable, "")
    if not value:
        return None
    return (
        _from_json(variable, value)
        if value.lstrip()[:1] == "{"
        else _from_uri(value.strip())
    )


def _not_configured(name: str, needs: Needs) -> ConnectionMissingError:
    login = f'"login" ({needs.login}), ' if needs.login else ""
    return ConnectionMissingError(
        f"Connection {name!r} is not configured: set {variable_of(name)} to JSON with "
        f'"host", {login}and "password" ({needs.password}), or to {needs.uri}.'
    )


def _check_complete(name: str, parts: Mapping[str, Any], needs: Needs) -> None:
    wanted = {
        "host": "host",
        "login": f"login ({needs.login})",
        "password": f"password ({needs.password})",
    }
    if needs.login is None:
        del wanted["login"]
    for part, called in wanted.items():
        if not str(parts[part]).strip():
            raise ConnectionMissingError(
                f"Connection {name!r} has no {called}: correct {variable_of(name)}."
            )


def _from_json(variable: str, value: str) -> dict[str, Any]:
    try:
        parts = json.loads(value)
    except ValueError:
        # The value is not repeated: it holds the token.
        raise ConnectionMissingError(
            f"{variable} begins like JSON but is not: correct it."
        ) from None
    wanted = ("conn_type", "host", "login", "password", "port", "schema")
    return {
        **{key: parts.get(key) or "" for key in wanted},
        "extra": _extra(parts.get("extra")),
    }


def _extra(value: object) -> dict[str, Any]:
    # Airflow takes an object, or a text that holds one.
    try:
        found = json.loads(value) if isinstance(value, str) and value else value
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _from_uri(value: str) -> dict[str, Any]:
    uri = urlsplit(value)
    return {
        "conn_type": uri.scheme,
        "host": unquote(uri.hostname or ""),
        "login": unquote(uri.username or ""),
        "password": unquote(uri.password or ""),
        "port": uri.port or "",
        "schema": uri.path.strip("/"),
        "extra": dict(parse_qsl(uri.query)),
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
            "leave the host alone there and give login and password beside it."
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
