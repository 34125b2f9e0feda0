"""Logging in and out, and who is calling: `/sessions` and `/users/current`."""

from typing import Any

import orjson

from sandbox.http_server.exchange import Answer
from sandbox.odk.access.sessions import bearer_session, with_password
from sandbox.odk.call import Call
from sandbox.odk.exchange import (
    insufficient_rights,
    json_answer,
    not_found,
    problem,
    success,
    unauthenticated,
    written,
)


def log_in(call: Call) -> Answer:
    """Open a session for an address and a password."""
    if call.service.setting.is_sso:
        raise not_found()  # there is no such endpoint where people log in elsewhere
    email, password = _credentials(call.request.body)
    account = with_password(email, password, call.service.accounts)
    session = call.service.sessions.opened(account, call.service.now)
    answer = json_answer(
        {
            "token": session.token,
            "csrf": session.csrf,
            "expiresAt": written(session.expires_at),
            "createdAt": written(session.created_at),
        }
    )
    cookie = f"session={session.token}; Path=/; HttpOnly; SameSite=Strict"
    return answer.with_headers(Set_Cookie=cookie)


def log_out(call: Call, token: str) -> Answer:
    """End the caller's session, or by an admin any."""
    sessions, now = call.service.sessions, call.service.now
    own = bearer_session(call.request, sessions, now)
    if token == "current":  # noqa: S105 - a word in the address
        if own is None:
            raise not_found()
        sessions.close(own.token)
        return success()
    session = sessions.with_token(token, now)
    if session is None or not (call.may_write or session.account == call.account):
        raise insufficient_rights()
    sessions.close(token)
    return success()


def restore(call: Call) -> Answer:
    """Tell when the caller's session ends."""
    session = bearer_session(call.request, call.service.sessions, call.service.now)
    if session is None:
        raise not_found()
    return json_answer(
        {
            "createdAt": written(session.created_at),
            "expiresAt": written(session.expires_at),
        }
    )


def current_user(call: Call) -> Answer:
    """Return the account."""
    account = call.account
    if account is None:
        raise unauthenticated()
    found: dict[str, Any] = {
        "email": account.email,
        "lastLoginAt": None,
        "id": call.service.actors[account.email],
        "type": "user",
        "displayName": account.email,
        "createdAt": None,
        "updatedAt": None,
        "deletedAt": None,
    }
    if call.is_extended:
        verbs = list(account.verbs) if account.may_write else []
        found |= {"verbs": verbs, "preferences": {"site": {}, "projects": {}}}
    return json_answer(found)


def _credentials(body: bytes) -> tuple[object, object]:
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError:
        sent = None
    if not isinstance(sent, dict):
        sent = {}
    email, password = sent.get("email"), sent.get("password")
    if not email or not password:
        raise problem(
            400.2,
            "Required parameters missing. Expected (email, password).",
            {"expected": ["email", "password"]},
        )
    return email, password
