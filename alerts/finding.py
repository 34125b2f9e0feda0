"""One thing that is wrong: what, where, and what a person does about it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
# Each has its section in `warehouse_docs/runbooks/alerts.md`.
Kind = Literal[
    "task_failed",
    "deadline_missed",
    "form_failed",
    "server_failed",
    "deletions_wait",
    "form_stale",
    "count_differs",
    "build_failed",
    "marts_stale",
    "test_warns",
    "journals_missing",
    "issues_open",
    "address_refused",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong now.

    Nothing in it may be of a family: no answer, no code, no name; and no secret.

    Attributes:
        kind: What sort of thing.
        place: Where: a form, a server, a task, a test, a site, a receiver.
        severity: `error` where figures are missing, old or wrong until someone acts.
        summary: What is wrong, a sentence that ends without a full stop.
        what_to_do: The same for what to do.
        site_code: Where it concerns one site alone.
    """

    kind: Kind
    place: str
    severity: Severity
    summary: str
    what_to_do: str
    site_code: str | None = None

    @property
    def cause_id(self) -> str:
        """Return what it is called: found again, it is the same."""
        return f"{self.kind}/{self.place}"
