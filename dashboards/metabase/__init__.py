"""Metabase as code: the specs applied to a Metabase, one collection per reader."""

from dashboards.metabase.run import Outcome, apply_where_configured, is_configured

__all__ = ["Outcome", "apply_where_configured", "is_configured"]
