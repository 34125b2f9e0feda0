"""A hand-made warehouse of the tables that dashboards read, with invented rows.

Three countries, four sites; one site has so few families that `share` hides it, and
another in some of its months. One country has no release of one definition.
"""

import json
import math
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

SITES = [  # code, name, country, currency, families
    ("MX-01", "Loma Clara", "MEX", "MXN", 50),
    ("MX-02", "Ámbar", "MEX", "MXN", 22),
    ("CO-01", "Puente Nuevo", "COL", "COP", 45),
    ("PH-01", "Dalampasigan", "PHL", "PHP", 6),
]
LANGUAGE_CODES = {"MEX": ["es"], "COL": ["es"], "PHL": ["fil", "en"]}
COUNTRIES = ["PHL", "MEX", "COL"]  # in no order of theirs on purpose
TWO_LETTER_CODES = {"PHL": "PH", "MEX": "MX", "COL": "CO"}
MONTHS = 14
HIDDEN_SITE = "PH-01"
HIDDEN_MONTHS = {"MX-02": {7, 9, 11}}  # since launch; month 8 and 10 stand alone
LEAKED = 7777.125  # a figure that a suppressed row carries and no page may show

SCHEMA = """
create schema share;
create schema marts;
create table marts.dim_sites (
    site_code text primary key, site_name text, country_code text, currency_code text,
    price_frequency_code text, language_codes text[]
);
create table marts.dim_countries (
    country_code text primary key, country_two_letter_code text
);
create table marts.dim_cohorts (
    cohort_code text primary key, site_codes text[], analysis_end_month date,
    extension_end_month date
);
create table marts.dim_events (
    event_code text primary key, country_code text, event_kind_code text,
    event_name text, event_name_es text, event_name_fil text, is_assumed boolean,
    start_month date, end_month date
);
create table marts.dim_releases (
    release_code text primary key, git_commit text, is_frozen boolean,
    start_month date, end_month date, known_as_of date, frozen_at timestamptz
);
create table share.form_syncs (
    run_id uuid, form_id text, run_number bigint, role_code text, server_name text,
    run_kind_code text,
    run_status_code text, failure_code text, server_count integer, live_count integer,
    total_new_count integer, total_edited_count integer,
    total_reviewed_count integer, total_deleted_count integer,
    total_restored_count integer, rejected_count integer,
    unmapped_question_count integer, difference_count integer, started_at timestamptz,
    ended_at timestamptz
);
create table share.dbt_runs (
    run_id uuid, model_count integer, test_count integer, failed_count integer,
    warned_count integer, skipped_count integer, seconds numeric, ended_at timestamptz
);
create table share.issue_counts (
    scope_type_code text, scope_code text, country_code text, rule_code text,
    severity_code text, owner_code text, rule_name text, rule_name_es text,
    rule_name_fil text, what_to_do text, what_to_do_es text, what_to_do_fil text,
    family_count integer,
    open_issue_count integer, past_issue_count integer, suppression_reason_code text,
    is_suppressed boolean, oldest_opened_at timestamptz
);
create table marts.dim_form_versions (
    form_id text, form_version_id text primary key, form_role_code text,
    form_version_name text, deployed_at timestamptz
);
create table marts.dim_metrics (
    metric_code text primary key, metric_name text, metric_name_es text,
    metric_name_fil text, definition text, definition_es text, definition_fil text,
    formula text, unit_code text, definition_version integer
);
create table share.metric_values (
    metric_code text, metric_name text, metric_name_es text, metric_name_fil text,
    scope_type_code text, scope_code text, start_month date, end_month date,
    panel_code text, statistic_code text, price_code text,
    outlier_code text, denominator_code text, category_code text, value numeric,
    numerator numeric, denominator numeric, family_count integer,
    standard_error numeric,
    interval_low numeric, interval_high numeric, definition_version integer,
    release_code text, is_suppressed boolean, suppression_reason_code text
);
"""
MONTH_COLUMNS = """
    journal_month date, months_since_launch_count integer,
    expected_family_count integer, reported_family_count integer,
    income_family_count integer,
    panel_family_count integer, active_family_count integer, income_index numeric,
    income_index_low numeric, income_index_high numeric, income_real_index numeric,
    income_real_index_low numeric, income_real_index_high numeric, saver_share numeric,
    lending_circle_share numeric, lending_circle_share_low numeric,
    lending_circle_share_high numeric, retention_share numeric, is_suppressed boolean,
    is_index_suppressed boolean, is_share_suppressed boolean,
    suppression_reason_code text
"""


def fill(url: str) -> None:
    """Make the tables and rows in an empty database."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.exec_driver_sql(SCHEMA)
        for scope in ("site", "country"):
            connection.exec_driver_sql(
                f"create table share.{scope}_months ({scope}_code text,{MONTH_COLUMNS})"
            )
        _fill_dimensions(connection)
        for code, _, _, _, families in SITES:
            _fill_months(connection, "site", code, families)
        for code in COUNTRIES:
            _fill_months(connection, "country", code, 90)
            _fill_metrics(connection, code)
    engine.dispose()


def _insert(connection: Connection, table: str, row: Mapping[str, object]) -> None:
    """Insert the row; what a row leaves out is null."""
    statement = text(
        f"insert into {table} select * "  # noqa: S608 - names of this file
        f"from jsonb_populate_record(null::{table}, cast(:row as jsonb))"
    )
    connection.execute(statement, {"row": json.dumps(row, default=str)})


def _fill_dimensions(connection: Connection) -> None:
    for code, name, country, currency, _ in SITES:
        words = {"site_code": code, "site_name": name, "country_code": country}
        site: dict[str, object] = {**words, "currency_code": currency}
        site["language_codes"] = LANGUAGE_CODES[country]
        _insert(connection, "marts.dim_sites", site)
    for country, two_letters in TWO_LETTER_CODES.items():
        codes = {"country_code": country, "country_two_letter_code": two_letters}
        _insert(connection, "marts.dim_countries", codes)
    for prefix in sorted({site[0][:2] for site in SITES}):
        cohort = {
            "cohort_code": f"{prefix}-2020",
            "site_codes": [site[0] for site in SITES if site[0].startswith(prefix)],
            "analysis_end_month": "2021-07-01",
            "extension_end_month": "2022-03-01",
        }
        _insert(connection, "marts.dim_cohorts", cohort)
    for country, names, start, end in (
        ("PHL", "Typhoons Tifones Bagyo", date(2020, 11, 1), date(2020, 12, 1)),
        ("MEX", "Floods Inundaciones Baha", date(2021, 2, 1), date(2021, 2, 1)),
    ):
        name, spanish, filipino = names.split()
        words = {"event_name": name, "event_name_es": spanish}
        words |= {"event_name_fil": filipino}
        event = {"event_code": name, "country_code": country, **words}
        months = {"start_month": start, "end_month": end}
        _insert(connection, "marts.dim_events", {**event, **months})
    for role, version, deployed in (
        ("journal", "2020070101", "2020-06-20"),
        ("journal", "2021010401", "2021-01-04"),
        ("exit", "2021050101", "2021-05-01"),
    ):
        form = {"form_id": role, "form_version_id": version}
        form |= {"form_role_code": role, "form_version_name": version}
        _insert(
            connection, "marts.dim_form_versions", {**form, "deployed_at": deployed}
        )
    for code in ("M02", "M03", "M08", "M16", "M21", "M22", "M34", "M36", "M58", "M60"):
        metric = {
            "metric_code": code,
            "metric_name": f"Metric {code} in English",
            "metric_name_es": f"Métrica {code} en español",
            "metric_name_fil": f"Panukat {code} sa Filipino",
            "definition": "Defined in English.",
            "definition_es": "Definida en español.",
            "definition_fil": "Ang kahulugan sa Filipino.",
            "formula": "Sum at the end divided by sum at the start, less one.",
            "definition_version": 1,
        }
        _insert(connection, "marts.dim_metrics", metric)


def _fill_months(connection: Connection, scope: str, code: str, families: int) -> None:
    for count in range(MONTHS):
        hidden = code == HIDDEN_SITE or count in HIDDEN_MONTHS.get(code, set())
        level = 1 + 0.1 * math.sin(count / 2 + len(code))
        real = level - 0.004 * count
        spread = 0.0 if count == 0 else 0.06 + 0.5 / families
        row: dict[str, object] = {
            f"{scope}_code": code,
            "journal_month": date(2020 + (6 + count) // 12, (6 + count) % 12 + 1, 1),
            "months_since_launch_count": count,
            "expected_family_count": families,
            "reported_family_count": families - count % 4,
            "income_family_count": families - count % 4 - 1,
            "panel_family_count": families - count // 3,
            "active_family_count": families - count // 4,
            "income_index": LEAKED if hidden else level,
            "income_index_low": level - spread,
            "income_index_high": level + spread,
            "income_real_index": real,
            "income_real_index_low": real - spread,
            "income_real_index_high": real + spread,
            "saver_share": 0.4 + count / 100,
            "lending_circle_share": 0.3 + count / 90,
            "lending_circle_share_low": 0.2 + count / 90,
            "lending_circle_share_high": 0.4 + count / 90,
            "retention_share": 1 - count / 200,
            "is_suppressed": hidden,
            "is_index_suppressed": hidden,
            "is_share_suppressed": hidden,
            "suppression_reason_code": "fewer_than_k_families" if hidden else None,
        }
        _insert(connection, f"share.{scope}_months", row)


VARIANTS = [  # statistic, panel, price, outlier, denominator, value
    ("growth_of_means", "balanced", "nominal", "kept", "household", 0.01),
    ("growth_of_means", "balanced", "real", "kept", "household", -0.0453),
    ("growth_of_means", "all_reporters", "nominal", "kept", "household", 0.0445),
    ("growth_of_means", "chained", "nominal", "kept", "household", 0.012),
    ("mean_of_changes", "balanced", "nominal", "kept", "household", 0.0016),
    ("median_of_changes", "balanced", "nominal", "kept", "household", -0.0569),
    ("growth_of_medians", "balanced", "nominal", "kept", "household", -0.059),
    ("growth_of_means", "balanced", "nominal", "winsorised", "household", -0.0276),
    ("growth_of_means", "balanced", "nominal", "kept", "per_capita", 0.0034),
    ("growth_of_means", "balanced", "nominal", "kept", "per_adult_equivalent", 0.009),
]
SINGLE = [  # metric, statistic, panel, value, numerator, denominator
    ("M02", "growth_of_means", "balanced", -0.2, 768000, 960000),
    ("M08", "growth_of_means", "balanced", 0.0344, None, None),
    ("M16", "growth_of_means", "balanced", 0.028, 92520, 90000),
    ("M21", "growth_of_means", "balanced", 0.0909, 48, 44),
    ("M21", "difference", "balanced", 0.0455, None, None),
    ("M22", "growth_of_means", "balanced", 0.15, 25300, 22000),
    ("M34", "share", "all_reporters", 0.25, 24, 96),
    ("M36", "share", "all_reporters", 0.05, 1, 20),
    ("M58", "growth_of_means", "balanced", 0.05, None, None),
    ("M58", "difference", "balanced", 0.3, None, None),
    ("M60", "growth_of_means", "balanced", 0.0333, None, None),
    ("M60", "difference", "balanced", 0.2, None, None),
]


def _fill_metrics(connection: Connection, country: str) -> None:
    for release, shift in (("2021-07", 0.0), ("live", 0.014)):
        common: dict[str, object] = {
            "scope_type_code": "country",
            "scope_code": country,
            "start_month": date(2020, 7, 1),
            "end_month": date(2021, 7, 1),
            "price_code": "nominal",
            "outlier_code": "kept",
            "denominator_code": "household",
            "category_code": "total",
            "family_count": 90 if release == "2021-07" else 92,
            "definition_version": 1,
            "release_code": release,
            "is_suppressed": False,
        }
        for statistic, panel, price, outlier, denominator, value in VARIANTS:
            if (country, panel, release) == ("PHL", "all_reporters", "2021-07"):
                continue
            row = common | {"metric_code": "M03", "statistic_code": statistic}
            row |= {"panel_code": panel, "price_code": price, "outlier_code": outlier}
            row |= {"denominator_code": denominator, "value": value + shift}
            row |= {"interval_low": value - 0.11, "interval_high": value + 0.12}
            _insert(connection, "share.metric_values", row)
        for metric, statistic, panel, value, numerator, divisor in SINGLE:
            row = common | {"metric_code": metric, "statistic_code": statistic}
            row |= {"panel_code": panel, "value": value + shift}
            row |= {"numerator": numerator, "denominator": divisor}
            row |= {"interval_low": value - 0.05, "interval_high": value + 0.06}
            _insert(connection, "share.metric_values", row)
        pooled = common | {"metric_code": "M07", "scope_type_code": "all"}
        pooled |= {"scope_code": "all", "panel_code": "balanced", "family_count": 270}
        for statistic, price in (
            ("growth_of_means", "usd_ppp"),
            ("growth_of_means", "real"),  # which the page does not show
            ("mean_of_country_growths", "nominal"),
            ("index_mean", "nominal"),
        ):
            if country == COUNTRIES[0]:
                row = pooled | {"statistic_code": statistic, "price_code": price}
                row |= {"value": 0.01 + shift, "interval_low": -0.04}
                _insert(
                    connection, "share.metric_values", row | {"interval_high": 0.06}
                )
