"""Erasure: one family out of raw, pii, ops, marts and frozen releases, for good."""

from warehouse.erasure.erasing import (
    Order,
    Outcome,
    erase,
    is_done,
    request_erasure,
    requested,
)

__all__ = ["Order", "Outcome", "erase", "is_done", "request_erasure", "requested"]
