"""Price indexes, purchasing power and exchange rates, as they are published."""

from warehouse.prices.refresh import Refreshed, refresh, require_current
from warehouse.prices.seeds import Move

__all__ = ["Move", "Refreshed", "refresh", "require_current"]
