"""From an address to an administrator's requests: version, first set-up, API key.

The free Metabase makes no API key from its environment, so a first run sets it up with
its setup token, logs in and works with that session. `make_api_key` makes a key.
"""

import re
from dataclasses import dataclass
from typing import Any

from dashboards.errors import (
    MetabaseRejectedError,
    MetabaseSettingError,
    MetabaseUnavailableError,
)
from dashboards.metabase.settings import (
    EMAIL_VARIABLE,
    KEY_VARIABLE,
    PASSWORD_VARIABLE,
    TOKEN_VARIABLE,
    Settings,
)
from dashboards.metabase.transport import MetabaseApiCalls, Transport

OLDEST, NEWEST = 58, 65
# Its HTTP server drops connections that clients keep open.
BROKEN = frozenset({59})
ADMINISTRATORS = 2  # Metabase's own group
KEY_NAME = "Dashboards as code"
TAG = re.compile(r"v?[01]\.(\d+)")


@dataclass(frozen=True, slots=True)
class Instance:
    """What a Metabase says of itself.

    Attributes:
        version: Its tag, such as `v0.58.31`.
        major: 58.
        is_set_up: Whether a first administrator exists.
        has_email: Whether it can send e-mail.
        setup_token: Where it tells one.
    """

    version: str
    major: int
    is_set_up: bool
    has_email: bool
    setup_token: str | None


def open_transport(settings: Settings) -> Transport:
    """Return requests without a login yet, or with the API key."""
    header = {"X-API-KEY": settings.api_key} if settings.api_key else {}
    calls = MetabaseApiCalls(settings.url, header)
    return Transport(settings.url, calls, settings.secrets)


def sign_in(
    transport: Transport, settings: Settings, *, may_set_up: bool = False
) -> Instance:
    """Check the version and log in.

    Args:
        transport: From `open_transport`.
        settings: What to log in with.
        may_set_up: Whether to set Metabase up where nobody has.

    Raises:
        MetabaseError: The version is not supported, or the login is refused.
    """
    instance = read_instance(transport)
    if settings.api_key:
        _check_administrator(transport)
        return instance
    if instance.is_set_up:
        _log_in(transport, settings)
        _check_administrator(transport)
        return instance
    if not may_set_up:
        raise MetabaseSettingError(
            f"{transport.url} was never set up: `python -m dashboards apply` does that."
        )
    _set_up(transport, settings, instance)
    return read_instance(transport)


def read_instance(transport: Transport) -> Instance:
    """Return what Metabase is, once it is ready.

    Raises:
        MetabaseUnavailableError: It is still starting.
        MetabaseRejectedError: Its version is not supported.
    """
    health = transport.get("/api/health")
    if not isinstance(health, dict) or health.get("status") != "ok":
        raise MetabaseUnavailableError(
            f"{transport.url} is not ready: wait until its page opens, then run again."
        )
    said = transport.get("/api/session/properties")
    version = str((said.get("version") or {}).get("tag") or "")
    return Instance(
        version=version,
        major=_supported(transport.url, version),
        is_set_up=bool(said.get("has-user-setup")),
        has_email=bool(said.get("email-configured?")),
        setup_token=said.get("setup-token"),
    )


def _supported(url: str, version: str) -> int:
    found = TAG.match(version)
    if not found:
        raise MetabaseRejectedError(
            f"{url} does not tell its version, so it is left alone: it should be "
            f"Metabase {OLDEST} to {NEWEST}."
        )
    major = int(found[1])
    if major in BROKEN:
        raise MetabaseRejectedError(
            f"{url} is Metabase {version}, which drops connections that stay open: use "
            f"{OLDEST}, or 60 and later."
        )
    if not OLDEST <= major <= NEWEST:
        why = "it stores queries otherwise" if major < OLDEST else "nobody has tried it"
        raise MetabaseRejectedError(
            f"{url} is Metabase {version}, and {why}: use {OLDEST} to {NEWEST}."
        )
    return major


def _check_administrator(transport: Transport) -> None:
    user = transport.get("/api/user/current")
    if not user.get("is_superuser"):
        raise MetabaseRejectedError(
            f"{transport.url} knows the login, but it is no administrator's: make the "
            f"API key in the group Administrators and give it in {KEY_VARIABLE}."
        )


def _log_in(transport: Transport, settings: Settings) -> None:
    login = {"username": settings.email, "password": settings.password}
    try:
        session = transport.ask("/api/session", login)
    except MetabaseRejectedError as error:
        raise MetabaseRejectedError(
            f"{transport.url} refuses the login of {settings.email}: correct "
            f"{EMAIL_VARIABLE} and {PASSWORD_VARIABLE}."
        ) from error
    _use_session(transport, settings, str(session["id"]))


def _set_up(transport: Transport, settings: Settings, instance: Instance) -> None:
    token = settings.setup_token or instance.setup_token
    if not token or not settings.email or not settings.password:
        raise MetabaseSettingError(
            f"{transport.url} was never set up: give {EMAIL_VARIABLE} and "
            f"{PASSWORD_VARIABLE} of its first administrator, and {TOKEN_VARIABLE} "
            "where Metabase does not tell its own."
        )
    transport.hide(token)
    user = {
        "email": settings.email,
        "password": settings.password,
        "first_name": "Dashboards",
        "last_name": "Administrator",
    }
    prefs = {"site_name": "Family journals", "site_locale": "en"}
    transport.create(
        "/api/setup",
        {"token": token, "user": user, "prefs": prefs},
        lambda: {} if read_instance(transport).is_set_up else None,
    )
    # An answer that was lost held the session; a login gives another.
    _log_in(transport, settings)


def _use_session(transport: Transport, settings: Settings, session: str) -> None:
    header = {"X-Metabase-Session": session}
    transport.log_in_with(MetabaseApiCalls(settings.url, header), session)


def make_api_key(transport: Transport) -> str:
    """Return a new administrator's key; an older one of ours stops working.

    Metabase shows a key once. One that was made but never reached us is made anew.
    """

    def look() -> dict[str, Any] | None:
        keys = transport.get("/api/api-key")
        return next((key for key in keys if key["name"] == KEY_NAME), None)

    body = {"name": KEY_NAME, "group_id": ADMINISTRATORS}
    made = transport.create("/api/api-key", body, look)
    if "unmasked_key" not in made:
        made = transport.put(f"/api/api-key/{made['id']}/regenerate", {})
    key = str(made["unmasked_key"])
    transport.hide(key)
    return key
