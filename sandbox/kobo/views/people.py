"""Who is calling: `/me/` and `/token/`."""

import hashlib

from sandbox.http_server.exchange import Answer, json_answer, rendered
from sandbox.kobo.exchange import link, unauthenticated
from sandbox.kobo.history import user_uid
from sandbox.kobo.service import Call


def me(call: Call) -> Answer:
    """Return the account; a cheap check of a token."""
    account, request = call.account, call.request
    if account is None:
        return json_answer({"message": "user is not logged in"})
    digest = hashlib.sha256(account.username.encode()).hexdigest()
    organization = f"org{digest[:21]}"
    return json_answer(
        {
            "username": account.username,
            "first_name": "",
            "last_name": "",
            "email": f"{account.username}@example.org",
            "is_superuser": False,
            "server_time": rendered(call.service.now.replace(microsecond=0)),
            "date_joined": "2020-01-01T00:00:00Z",
            "projects_url": f"{request.base_url}/{account.username}",
            "gravatar": f"{request.base_url}/avatar/{digest[:32]}?s=40",
            "last_login": None,
            "extra_details": {"name": "", "organization": "", "require_auth": True},
            "git_rev": False,
            "social_accounts": [],
            "validated_password": True,
            "accepted_tos": False,
            "organization": {
                "url": link(request, f"/api/v2/organizations/{organization}/"),
                "name": f"{account.username}'s organization",
                "uid": organization,
            },
            "extra_details__uid": user_uid(account.username),
        }
    )


def token(call: Call) -> Answer:
    """Return the caller's token, which Basic authentication is enough for."""
    if call.account is None:
        raise unauthenticated("Authentication credentials were not provided.")
    return json_answer({"token": call.account.token})
