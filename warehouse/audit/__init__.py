"""Who asked which mart when: from the server's log of its readers into `ops`."""

from warehouse.audit.collecting import Collected, collect

__all__ = ["Collected", "collect"]
