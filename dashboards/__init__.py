"""From `share` to pages that program leads read: one spec, any renderer."""

from dashboards.errors import DashboardError
from dashboards.site import SiteReport, build_site

__all__ = ["DashboardError", "SiteReport", "build_site"]
