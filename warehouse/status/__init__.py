"""How the whole warehouse stands, on one screen and for a monitor's probe."""

from warehouse.status.line import Line, State, worst
from warehouse.status.looking import look

__all__ = ["Line", "State", "look", "worst"]
