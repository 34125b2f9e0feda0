"""Passwords of roles: from the environment, and to the server only as verifiers.

A verifier lets the server check a password and cannot be turned back into it, so a log
of statements, a process list or an error that repeats one gives nothing away.
"""

import base64
import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import psycopg

from warehouse.errors import AccessError

PREFIX = "WAREHOUSE_PASSWORD_"
FILE_SUFFIX = "_FILE"
SHORTEST = 12
VERIFIER = re.compile(
    r"SCRAM-SHA-256\$(?P<rounds>\d+):(?P<salt>[^$]+)\$(?P<stored>[^:]+):(?P<server>.+)"
)


def variable_of(role: str) -> str:
    """Return the environment variable that a role's password is given in."""
    return f"{PREFIX}{role.upper()}"


def given_password(
    role: str, environment: Mapping[str, str] = os.environ
) -> str | None:
    """Return the role's password, where one is given.

    Args:
        role: Its name; `lead_mexico` asks for `WAREHOUSE_PASSWORD_LEAD_MEXICO`, or for
            the file that `WAREHOUSE_PASSWORD_LEAD_MEXICO_FILE` names.
        environment: Where to look.

    Raises:
        AccessError: The file cannot be read, or the password is too short.
    """
    variable = variable_of(role)
    password = environment.get(variable, "")
    file = environment.get(variable + FILE_SUFFIX, "")
    if not password and file:
        try:
            password = Path(file).read_text().strip()
        except OSError as error:
            raise AccessError(
                f"{variable}{FILE_SUFFIX} names a file that cannot be read "
                f"({error.strerror}): put the password of {role} there."
            ) from error
    if password and len(password) < SHORTEST:
        raise AccessError(
            f"The password of {role} is too short: give {variable} "
            f"{SHORTEST} characters or more."
        )
    return password or None


def verifier_of(connection: psycopg.Connection, role: str, password: str) -> str:
    """Return what the server keeps instead of the password."""
    return connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()


def is_of(verifier: str | None, password: str) -> bool:
    """Return whether a verifier that the server keeps is of this password."""
    kept = VERIFIER.fullmatch(verifier or "")
    if kept is None:
        return False
    salted = hashlib.pbkdf2_hmac(
        "sha256",
        unicodedata.normalize("NFKC", password).encode(),
        base64.b64decode(kept["salt"]),
        int(kept["rounds"]),
    )
    client = hmac.digest(salted, b"Client Key", "sha256")
    stored = hashlib.sha256(client).digest()
    return hmac.compare_digest(stored, base64.b64decode(kept["stored"]))
