"""Columns of `share` that hold numbers, and why each tells nothing beyond the attack.

Reviewed by people: a column that is not here fails `test_inventory.py`.
"""

from dataclasses import dataclass

MONTHS = ("country_months", "site_months")
LEAST = "(select least_shared_count from intermediate.int_sharing_thresholds)"


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of one kind.

    Attributes:
        tables: Of `share`.
        names: With blanks between them.
        reason: Why they may be shown.
        contradictions: SQL for what the reason does not hold for, with `{k}`, `{table}`
            and, of months, `{scope}`. None where there is nothing to look up.
    """

    tables: tuple[str, ...]
    names: str
    reason: str
    contradictions: str | None = None

    def query(self, table: str) -> str:
        """Return the SQL for what contradicts the reason in one of the tables."""
        query = self.contradictions or ""
        for name, words in {
            "{k}": LEAST,
            "{table}": table,
            "{scope}": table.replace("_months", "_code"),
        }.items():
            query = query.replace(name, words)
        return query


SAME_AS_FIGURE = """
select months.journal_month, months.{column}
from share.{{table}} as months
left join share.metric_values as figures
    on
        figures.scope_code = months.{{scope}}
        and figures.start_month = months.journal_month
        and figures.end_month = months.journal_month
        and figures.metric_code = '{metric}'
        and figures.statistic_code = 'share'
        and figures.category_code = 'total'
        and figures.price_code = 'nominal'
        and figures.release_code = 'live'
where
    months.{column} is not null
    and (figures.value is null or abs(figures.value - months.{column}) > 0.000001)
"""
EQUATIONS = Columns(
    MONTHS,
    "income_mean_local income_mean_real_local income_mean_usd_ppp income_index"
    " savings_balance_mean_local debt_balance_mean_local circle_contributed_mean_local"
    " satisfaction_mean_score control_mean_score saver_share lending_circle_share",
    "An equation each.",
)
COLUMNS = (
    EQUATIONS,
    Columns(
        ("metric_values",),
        "value",
        "Each kind is an equation, or in a group with a reason.",
    ),
    Columns(
        ("metric_values",),
        "numerator denominator",
        "A number of families, shown with the value and n that it follows from.",
        """
        select metric_code, scope_code, start_month from share.metric_values
        where
            numerator is not null
            and (
                value is null
                or (statistic_code = 'share' and (
                    denominator <> family_count
                    or abs(numerator - value * family_count) > 0.00001
                ))
                or (statistic_code <> 'share' and unit_code <> 'count')
            )
        """,
    ),
    Columns(
        ("metric_values",),
        "family_count",
        "How many answered, never what; nowhere fewer than k. Of those that take part"
        " in something it is an equation.",
        """
        select metric_code, scope_code, start_month from share.metric_values
        where
            family_count between 1 and {k} - 1
            or (family_count > 0 and value is null and value_band_code is null
                and suppression_reason_code <> 'share_near_limit')
        """,
    ),
    Columns(
        ("metric_values",),
        "peer_group_count definition_version",
        "How many groups there are and which definition it is: no answers.",
    ),
    Columns(
        ("metric_values",),
        "standard_error",
        "A sum of squares over peer groups, from three groups and 2 k families on: many"
        " answers give the same. Or what follows from a share and its n.",
        """
        select metric_code, scope_code, start_month, standard_error
        from share.metric_values
        where
            standard_error is not null
            and (
                value is null
                or (
                    (peer_group_count < 3 or family_count < 2 * {k})
                    and abs(
                        standard_error ^ 2 - value * (1 - value) / family_count
                    ) > 0.000001
                )
            )
        """,
    ),
    Columns(
        ("metric_values",),
        "interval_low interval_high",
        "The error times a quantile on both sides, or what follows from a share and n.",
        """
        select metric_code, statistic_code, scope_code, start_month
        from share.metric_values
        where interval_low is not null and (value is null or standard_error is null)
        """,
    ),
    Columns(
        MONTHS,
        "months_since_launch_count expected_family_count reported_family_count"
        " income_family_count panel_family_count active_family_count",
        "Who takes part and who sent a journal, not what is in it; none is 1 to k - 1.",
        """
        select journal_month from share.{table}
        where
            expected_family_count between 1 and {k} - 1
            or reported_family_count between 1 and {k} - 1
            or income_family_count between 1 and {k} - 1
            or panel_family_count between 1 and {k} - 1
            or active_family_count between 1 and {k} - 1
        """,
    ),
    Columns(
        MONTHS,
        "income_median_local",
        "What one or two families have whom nobody can name, of k or more.",
        """
        select journal_month from share.{table}
        where
            income_median_local is not null
            and coalesce(income_family_count, 0) < {k}
        """,
    ),
    Columns(
        MONTHS,
        "income_real_index income_real_index_low income_real_index_high"
        " income_real_index_standard_error",
        "The index times a public constant of the month, where launches do not mix.",
        """
        select country_code, journal_month from share.{table}
        where income_real_index is not null and months_since_launch_count is not null
        group by country_code, journal_month
        having
            bool_or(income_index is null)
            or max(income_real_index / income_index)
            > min(income_real_index / income_index) * 1.0001
        """,
    ),
    Columns(
        MONTHS,
        "income_index_low income_index_high income_index_standard_error"
        " satisfaction_mean_score_standard_error control_mean_score_standard_error",
        "As in metric_values: from 2 k families on.",
        """
        select journal_month from share.{table}
        where
            num_nonnulls(
                income_index_standard_error, income_real_index_standard_error,
                satisfaction_mean_score_standard_error,
                control_mean_score_standard_error
            ) > 0
            and reported_family_count < 2 * {k}
        """,
    ),
    Columns(
        MONTHS,
        "lending_circle_share_low lending_circle_share_high",
        "What follows from the share and n: shown with it alone.",
        """
        select journal_month from share.{table}
        where lending_circle_share_low is not null and lending_circle_share is null
        """,
    ),
    Columns(
        MONTHS,
        "given_share",
        "M36 of the month.",
        SAME_AS_FIGURE.format(column="given_share", metric="M36"),
    ),
    Columns(
        MONTHS,
        "retention_share",
        "M49 of the month: who stays is no answer.",
        SAME_AS_FIGURE.format(column="retention_share", metric="M49"),
    ),
    Columns(
        ("issue_counts",),
        "family_count open_issue_count past_issue_count",
        "How many records a rule has found among k families or more. Accepted: few say"
        " that some record is odd, not whose or how. Decisions of families are hidden.",
        """
        select scope_code, rule_code from share.issue_counts
        where family_count < {k}
        or (rule_code = 'left_out_record' and open_issue_count between 1 and {k} - 1)
        """,
    ),
    Columns(
        ("form_syncs",),
        "server_count live_count total_new_count total_edited_count"
        " total_reviewed_count total_deleted_count total_restored_count",
        "Records in steps of k, at the newest run of a form alone: neither two runs nor"
        " two days' pages tell of an exit or an erasure.",
        """
        select form_id, run_id from (
            select
                *,
                row_number() over (
                    partition by form_id, server_count is null
                    order by run_number desc
                ) as told_number
            from share.form_syncs
        ) as syncs
        where
            num_nonnulls(
                nullif(mod(server_count, {k}), 0),
                nullif(mod(live_count, {k}), 0),
                nullif(mod(total_new_count, {k}), 0),
                nullif(mod(total_edited_count, {k}), 0),
                nullif(mod(total_reviewed_count, {k}), 0),
                nullif(mod(total_deleted_count, {k}), 0),
                nullif(mod(total_restored_count, {k}), 0)
            ) > 0
            or (server_count is not null and told_number > 1)
        """,
    ),
    Columns(
        ("form_syncs",),
        "rejected_count unmapped_question_count difference_count run_number",
        "What landing failed at, and which run it was: no family's answer.",
    ),
    Columns(
        ("dbt_runs",),
        "model_count test_count failed_count warned_count skipped_count seconds",
        "About builds: there is no family in it.",
    ),
)
