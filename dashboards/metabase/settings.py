"""What the environment says of Metabase; secrets are named, never shown."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from dashboards.errors import MetabaseSettingError
from warehouse.connection import warehouse_url

URL_VARIABLE = "METABASE_URL"
KEY_VARIABLE = "METABASE_API_KEY"
EMAIL_VARIABLE = "METABASE_ADMIN_EMAIL"
PASSWORD_VARIABLE = "METABASE_ADMIN_PASSWORD"  # noqa: S105 - a variable's name
TOKEN_VARIABLE = "METABASE_SETUP_TOKEN"  # noqa: S105 - as above
WAREHOUSE_VARIABLE = "METABASE_WAREHOUSE_URL"
RECIPIENTS_VARIABLE = "METABASE_RECIPIENTS"
ROLE_PASSWORD_PREFIX = "WAREHOUSE_PASSWORD_"  # noqa: S105 - as above
FILE_SUFFIX = "_FILE"

Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach Metabase, and how it reaches the warehouse.

    Attributes:
        url: Base URL, without a slash at its end.
        api_key: Of an administrator; None logs in by e-mail.
        email: The administrator's.
        password: The administrator's.
        setup_token: For the first set-up, where Metabase does not tell it.
        environment: Where passwords of roles are looked up.
    """

    url: str
    api_key: str | None = field(default=None, repr=False)
    email: str | None = None
    password: str | None = field(default=None, repr=False)
    setup_token: str | None = field(default=None, repr=False)
    environment: Environment = field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what no message may repeat."""
        known = (self.api_key, self.password, self.setup_token)
        return tuple(secret for secret in known if secret)

    def connection_details(self, role: str, url: str | None = None) -> dict[str, Any]:
        """Return how Metabase connects to the warehouse as a role.

        Raises:
            MetabaseSettingError: The role has no password in the environment.
            WarehouseError: The warehouse's address is unusable.
        """
        address = self._warehouse(url)
        mode = str(address.query.get("sslmode", ""))
        return {
            "host": address.host or "localhost",
            "port": address.port or 5432,
            "dbname": address.database,
            "user": role,
            "password": self.role_password(role),
            "ssl": mode in {"require", "verify-ca", "verify-full"},
            "schema-filters-type": "inclusion",
            "schema-filters-patterns": "share,marts",
            "tunnel-enabled": False,
            "advanced-options": False,
        }

    def role_password(self, role: str) -> str:
        """Return the password of a warehouse role.

        Raises:
            MetabaseSettingError: None is given.
        """
        variable = ROLE_PASSWORD_PREFIX + role.upper()
        found = secret(variable, self.environment)
        if found is None:
            raise MetabaseSettingError(
                f"Metabase needs the password of the warehouse role {role}: give it in "
                f"{variable}, or name a file that holds it in {variable}{FILE_SUFFIX}."
            )
        return found

    def _warehouse(self, url: str | None) -> URL:
        # Metabase may sit elsewhere and know the warehouse under another address.
        return warehouse_url(self.environment.get(WAREHOUSE_VARIABLE) or url)


def is_configured(environment: Environment = os.environ) -> bool:
    """Return whether a Metabase is named at all."""
    return bool(environment.get(URL_VARIABLE))


def read_settings(environment: Environment = os.environ) -> Settings:
    """Return the settings.

    Raises:
        MetabaseSettingError: The address is missing, or nothing to log in with is.
    """
    url = environment.get(URL_VARIABLE, "").rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise MetabaseSettingError(
            f"{URL_VARIABLE} is not set to an address: give it Metabase's, such as "
            "https://metabase.example.org."
        )
    settings = Settings(
        url=url,
        api_key=secret(KEY_VARIABLE, environment),
        email=environment.get(EMAIL_VARIABLE) or None,
        password=secret(PASSWORD_VARIABLE, environment),
        setup_token=secret(TOKEN_VARIABLE, environment),
        environment=environment,
    )
    if not settings.api_key and not (settings.email and settings.password):
        raise MetabaseSettingError(
            f"Nothing to log in to {url} with: give {KEY_VARIABLE}, or "
            f"{EMAIL_VARIABLE} and {PASSWORD_VARIABLE}."
        )
    return settings


def secret(variable: str, environment: Environment) -> str | None:
    """Return a secret given by itself or in a file; None where it is not given.

    Raises:
        MetabaseSettingError: The file cannot be read.
    """
    if given := environment.get(variable):
        return given
    file = environment.get(variable + FILE_SUFFIX)
    if not file:
        return None
    try:
        return Path(file).read_text(encoding="utf-8").strip() or None
    except OSError as error:
        raise MetabaseSettingError(
            f"{variable}{FILE_SUFFIX} names a file that cannot be read: "
            f"{error.strerror}."
        ) from error
