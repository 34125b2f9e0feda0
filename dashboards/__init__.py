"""From `share` to pages that program leads read: one spec, any renderer."""

from dashboards.errors import DashboardError
from dashboards.site import SiteReport, build_site
from dashboards.sites_of_leads import build_sites_of_leads_where_configured

__all__ = [
    "DashboardError",
    "SiteReport",
    "build_site",
    "build_sites_of_leads_where_configured",
]
