"""Health, first set-up, sessions, API keys, users."""

import secrets

from sandbox.http_server.exchange import Answer, json_answer, refused
from sandbox.metabase import bodies
from sandbox.metabase.exchange import Raw, invalid
from sandbox.metabase.service import Call

SECOND_SETUP = (
    "The /api/setup route can only be used to create the first user, however a user "
    "currently exists."
)


def health(_: Call) -> Answer:
    """Say that all is well."""
    return json_answer({"status": "ok"})


def properties(call: Call) -> Answer:
    """Return what may be known without a login."""
    stored, behaviour = call.stored, call.service.behaviour
    return json_answer(
        {
            "version": {"tag": behaviour.tag, "date": "2026-01-01", "hash": "0000000"},
            "has-user-setup": bool(stored.users),
            "setup-token": None if stored.users else stored.setup_token,
            "email-configured?": stored.has_email,
            "site-locale": "en",
            "engines": {"postgres": {"driver-name": "PostgreSQL"}},
        }
    )


def set_up(call: Call) -> Answer:
    """Make the first administrator."""
    body = bodies.parsed(bodies.Setup, call.request.body)
    if call.stored.users:
        raise refused(403, {"message": SECOND_SETUP})
    if body.token != call.stored.setup_token:
        raise invalid("token", "Token does not match the setup token.")
    user = call.service.add_user(
        body.user.email,
        body.user.password,
        first=body.user.first_name or "",
        last=body.user.last_name or "",
        is_admin=True,
    )
    return json_answer({"id": call.service.add_session(user)})


def log_in(call: Call) -> Answer:
    """Return a session."""
    body = bodies.parsed(bodies.Login, call.request.body)
    if call.stored.passwords.get(body.username) != body.password:
        raise refused(401, {"errors": {"password": "did not match stored password"}})
    user = next(
        one["id"] for one in call.stored.users.values() if one["email"] == body.username
    )
    return json_answer({"id": call.service.add_session(user)})


def current_user(call: Call) -> Answer:
    """Return who asks."""
    call.require_login()
    user = call.stored.users.get(call.user or 0, {"id": call.user, "email": "api-key"})
    memberships = [{"id": group} for group in sorted(call.groups or ())]
    return json_answer(
        {
            **user,
            "is_superuser": call.is_admin,
            "user_group_memberships": memberships,
        }
    )


def list_keys(call: Call) -> Answer:
    """Return the API keys, none in full."""
    call.require_admin()
    return json_answer([_masked(key) for key in call.stored.keys.values()])


def make_key(call: Call) -> Answer:
    """Return a new key, in full this once."""
    call.require_admin()
    body = bodies.parsed(bodies.ApiKey, call.request.body)
    if any(key["name"] == body.name for key in call.stored.keys.values()):
        raise invalid("name", "An API key with this name already exists.")
    number = call.stored.next_number()
    made = {
        "id": number,
        "name": body.name,
        "group_id": body.group_id,
        "user_id": 1000 + number,
    }
    return _shown(call, made)


def renew_key(call: Call, number: int) -> Answer:
    """Return another key in place of one."""
    call.require_admin()
    for key, known in list(call.stored.keys.items()):
        if known["id"] == number:
            del call.stored.keys[key]
            return _shown(call, known)
    raise call.service.missing()


def _shown(call: Call, made: Raw) -> Answer:
    key = f"mb_{secrets.token_urlsafe(24)}"
    call.stored.keys[key] = made
    return json_answer({**_masked(made), "unmasked_key": key})


def _masked(made: Raw) -> Raw:
    return {
        "id": made["id"],
        "name": made["name"],
        "group": {"id": made["group_id"]},
        "masked_key": "mb_xxxx****",
    }
