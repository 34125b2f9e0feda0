"""The whole warehouse in one file, and back again."""

from warehouse.backups.restoring import Restored, restore
from warehouse.backups.writing import (
    Backup,
    back_up,
    backup_folder,
    folder_if_set,
    newest_backup,
)

__all__ = [
    "Backup",
    "Restored",
    "back_up",
    "backup_folder",
    "folder_if_set",
    "newest_backup",
    "restore",
]
