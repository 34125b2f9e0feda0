"""The permission blocks of a project, as one account is shown them."""

import hashlib
from collections.abc import Iterable
from typing import Any

from sandbox.http_server.exchange import Request
from sandbox.kobo.access.accounts import Account
from sandbox.kobo.exchange import link

PARTIAL_LABEL = {
    "default": "Act on submissions only from specific users",
    "view_submissions": "View submissions only from specific users",
    "change_submissions": "Edit submissions only from specific users",
    "delete_submissions": "Delete submissions only from specific users",
    "validate_submissions": "Validate submissions only from specific users",
}
# In the order in which the server lists what can be assigned; nobody can be given
# `delete_asset`, the owner has it.
LABELS: dict[str, str | dict[str, str]] = {
    "view_asset": "View form",
    "change_asset": "Edit form",
    "manage_asset": "Manage project",
    "add_submissions": "Add submissions",
    "view_submissions": "View submissions",
    "partial_submissions": PARTIAL_LABEL,
    "change_submissions": "Edit submissions",
    "delete_submissions": "Delete submissions",
    "validate_submissions": "Validate submissions",
}


def assignable(request: Request) -> list[dict[str, Any]]:
    """Return every permission that can be given on a project."""
    return [
        {"url": _permission_link(request, codename), "label": label}
        for codename, label in LABELS.items()
    ]


def assigned(
    request: Request, uid: str, accounts: Iterable[Account], viewer: Account | None
) -> list[dict[str, Any]]:
    """Return the assignments that `viewer` may know of."""
    return [
        _assignment(request, uid, account, codename)
        for account in accounts
        if _may_know_of(viewer, account)
        for codename in sorted(account.permissions & set(LABELS))
    ]


def effective(viewer: Account | None) -> list[dict[str, str]]:
    """Return what the viewer may do."""
    held = viewer.permissions if viewer else frozenset()
    return [{"codename": codename} for codename in sorted(held)]


def _may_know_of(viewer: Account | None, account: Account) -> bool:
    if viewer is None or account.is_owner:
        return account.is_owner
    return viewer.is_owner or viewer.username == account.username


def _assignment(
    request: Request, uid: str, account: Account, codename: str
) -> dict[str, Any]:
    digest = hashlib.sha256(f"{uid}/{account.username}/{codename}".encode()).hexdigest()
    path = f"/api/v2/assets/{uid}/permission-assignments/p{digest[:21]}/"
    found: dict[str, Any] = {
        "url": link(request, path),
        "user": link(request, f"/api/v2/users/{account.username}/"),
        "permission": _permission_link(request, codename),
    }
    if codename == "partial_submissions":
        found["partial_permissions"] = [
            {
                "url": _permission_link(request, "view_submissions"),
                "filters": [dict(query) for query in account.row_filters],
            }
        ]
    found["label"] = LABELS[codename]
    return found


def _permission_link(request: Request, codename: str) -> str:
    return link(request, f"/api/v2/permissions/{codename}/")
