"""Which tables belong together, so that a diagram of them fits on a page."""

AREAS = {
    "Families": (
        "marts.dim_families",
        "marts.dim_family_placements",
        "marts.fct_family_baselines",
        "marts.fct_family_events",
        "marts.fct_consent_events",
    ),
    "Journals and money": (
        "marts.fct_family_months",
        "marts.fct_income_sources",
        "marts.fct_savings",
        "marts.fct_saving_purposes",
        "marts.fct_loans",
    ),
    "Help, shocks and goals": (
        "marts.fct_mutual_support",
        "marts.fct_shocks",
        "marts.fct_goal_events",
        "marts.fct_strategy_uses",
        "marts.fct_reviewed_texts",
    ),
    "Investments and payments": (
        "marts.fct_investments",
        "marts.fct_investment_uses",
        "marts.fct_journal_payments",
    ),
    "Peer groups": (
        "marts.dim_peer_groups",
        "marts.fct_peer_group_meetings",
        "marts.fct_meeting_attendance",
        "marts.fct_strategies_shared",
        "marts.fct_peer_group_months",
    ),
    "Figures": (
        "marts.fct_metric_values",
        "marts.fct_metric_changes",
        "marts.fct_submission_changes",
        "marts.fct_cohort_months",
        "marts.fct_site_months",
        "marts.fct_country_months",
    ),
    "Places, time and lists": (
        "marts.dim_sites",
        "marts.dim_cohorts",
        "marts.dim_countries",
        "marts.dim_currencies",
        "marts.dim_months",
        "marts.dim_days",
        "marts.dim_events",
        "marts.dim_form_versions",
        "marts.dim_metrics",
        "marts.dim_releases",
        "marts.dim_strategies",
        "marts.dim_codes",
    ),
}


def without_area(names: set[str]) -> list[str]:
    """Return which of these tables of `marts` no area has."""
    listed = {name for names_of_area in AREAS.values() for name in names_of_area}
    return sorted(name for name in names - listed if name.startswith("marts."))
