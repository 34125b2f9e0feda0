"""Erasing a family for good: its rows, its files, and what would bring it back."""

from ingestion.erasing.again import erase_again
from ingestion.erasing.family import (
    Erasure,
    erase_family,
    erase_requested,
    open_request,
    show_requested,
)

__all__ = [
    "Erasure",
    "erase_again",
    "erase_family",
    "erase_requested",
    "open_request",
    "show_requested",
]
