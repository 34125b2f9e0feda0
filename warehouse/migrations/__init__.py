"""What brings the tables of an earlier version to today's, row by row kept.

`warehouse.tables` says what the tables are; each file in `versions` changes one version
of them into the next. A database that is empty gets today's tables at once.
"""

from warehouse.migrations.bringing import bring_up_to_date, propose

__all__ = ["bring_up_to_date", "propose"]
