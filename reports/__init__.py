"""From `marts` to pages that peer groups read of themselves."""

from reports.building import GroupPages, build_group_pages
from reports.errors import ReportError

__all__ = ["GroupPages", "ReportError", "build_group_pages"]
