"""Exports for analysts: pseudonymous, k-anonymous, whole, and on record."""

from warehouse.exports.exporting import Exported, Wish, export

__all__ = ["Exported", "Wish", "export"]
