"""Erasure: one family out of raw, pii, ops, marts and frozen releases, for good."""

from warehouse.erasure.again import Again, erase_again
from warehouse.erasure.erasing import (
    Order,
    Outcome,
    erase,
    is_done,
    request_erasure,
    requested,
)
from warehouse.erasure.ledger import ledger_path, seal_and_list

__all__ = [
    "Again",
    "Order",
    "Outcome",
    "erase",
    "erase_again",
    "is_done",
    "ledger_path",
    "request_erasure",
    "requested",
    "seal_and_list",
]
