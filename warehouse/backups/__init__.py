"""The whole warehouse in one file, and back again."""

from warehouse.backups.restoring import Restored, restore
from warehouse.backups.writing import Backup, back_up, newest_backup

__all__ = ["Backup", "Restored", "back_up", "newest_backup", "restore"]
