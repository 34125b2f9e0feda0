"""Who has an account, with which password, and what each may do.

Passwords are derived from one secret, so whoever holds that, such as a test of a
stand-in in another process, can compute them all.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["admin", "viewer"]

READING = (
    *("actor_property.list", "dataset.list", "dataset.read", "entity.list"),
    *("entity.read", "form.list", "form.read", "project.read"),
    *("submission.list", "submission.read"),
)
WRITING = (
    *("form.restore", "form.update", "submission.create", "submission.delete"),
    *("submission.restore", "submission.update"),
)


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the server.

    Attributes:
        username: Short, to find the account by; the server knows only the address.
        email: What the user logs in with, and what others see.
        password: In clear.
        role: On the project, None for none.
    """

    username: str
    email: str
    password: str = field(repr=False)
    role: Role | None

    @property
    def verbs(self) -> tuple[str, ...]:
        """Return what the account may do on the project."""
        if self.role is None:
            return ()
        extra = WRITING if self.role == "admin" else ()
        return tuple(sorted((*READING, *extra)))

    @property
    def may_write(self) -> bool:
        """Return whether the account may change submissions and see drafts."""
        return self.role == "admin"


def standard_accounts(secret: str) -> tuple[Account, ...]:
    """Return admin, viewer (the role Project Viewer) and outsider (no role).

    Args:
        secret: What their passwords, and the key of the app user, are derived from.
    """
    roles: dict[str, Role | None] = {
        "admin": "admin",
        "viewer": "viewer",
        "outsider": None,
    }
    return tuple(
        Account(name, f"{name}@example.org", derived(secret, name), role)
        for name, role in roles.items()
    )


def derived(secret: str, purpose: str) -> str:
    """Return a secret of its own for a purpose, 40 hex digits."""
    return hashlib.sha256(f"{secret}/{purpose}".encode()).hexdigest()[:40]
