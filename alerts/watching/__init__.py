"""What is wrong now, as the warehouse's own books and marts tell it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from alerts.finding import Finding, Kind
from alerts.watching import builds, forms, sites
from ingestion.registry import Registry

Watch = Callable[[Connection, Registry, datetime], list[Finding]]
# What each looks for: what it does not find any more is mended.
WATCHES: dict[Watch, tuple[Kind, ...]] = {
    forms.look: (
        "form_failed",
        "server_failed",
        "deletions_wait",
        "form_stale",
        "count_differs",
    ),
    builds.look: ("build_failed", "marts_stale", "test_warns"),
    sites.look: ("journals_missing", "issues_open"),
}

__all__ = ["WATCHES", "Watch"]
