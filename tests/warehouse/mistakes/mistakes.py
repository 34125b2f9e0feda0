"""Mistakes that people make in SQL, each in one model, and the test that finds it.

The page `warehouse_docs/deliberate_mistakes.md` is made of this list.
"""

from dataclasses import dataclass

from tests.warehouse.mistakes.checks import (
    Check,
    DataTest,
    OracleFigures,
    PublishedFigures,
    TrueMonths,
)
from tests.warehouse.rebuild import Change


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake.

    Attributes:
        kind: What kind of slip it is.
        words: What goes wrong, as a sentence without its full stop.
        change: Where it is made.
        check: What finds it.
    """

    kind: str
    words: str
    change: Change
    check: Check


MISTAKES = [
    Mistake(
        "programme money included",
        "What the programme pays counts as income",
        Change(
            "int_incomes_summed",
            "income_kind_code not in ('programme', 'financing') as is_income",
            "income_kind_code <> 'financing' as is_income",
        ),
        TrueMonths(),
    ),
    Mistake(
        "missing coalesce",
        "A stay in a group that has not ended holds in no month",
        Change(
            "int_family_months",
            "<= coalesce(placements.valid_to_date, 'infinity')",
            "<= placements.valid_to_date",
        ),
        TrueMonths(),
    ),
    Mistake(
        "coalesce too many",
        "A debt nobody told is a debt of zero",
        Change(
            "int_metric_debts",
            "(debt_balance_local)::numeric",
            "coalesce(debt_balance_local, 0)::numeric",
        ),
        OracleFigures("debt", "int_metric_debts"),
    ),
    Mistake(
        "sign lost",
        "What earning an income cost is not taken off it",
        Change(
            "int_income_sources_converted",
            "(gross_reported - cost_reported) * local_per_reported",
            "gross_reported * local_per_reported",
        ),
        TrueMonths(),
    ),
    Mistake(
        "wrong row kept",
        "Of a family's journals about a month the oldest counts, not the newest",
        Change(
            "int_journals_latest", "order by received_at desc", "order by received_at"
        ),
        TrueMonths(),
    ),
    Mistake(
        "missing filter",
        "Journals that a reviewer rejected count",
        Change("int_journals_latest", "where is_accepted and ", "where "),
        TrueMonths(),
    ),
    Mistake(
        "wrong end of a month",
        "A month belongs to the group that holds on its first day, not on its last",
        Change(
            "int_family_months",
            """
        and roster.journal_month + interval '1 month' > placements.valid_from_date
        and roster.journal_month + interval '1 month - 1 day'
""",
            """
        and roster.journal_month >= placements.valid_from_date
        and roster.journal_month
""",
        ),
        TrueMonths(),
    ),
    Mistake(
        "month off by one",
        "The start of a window is the month after the launch",
        Change(
            "int_metric_ends",
            "family_months.journal_month = windows.start_month",
            "family_months.journal_month = windows.start_month + interval '1 month'",
        ),
        PublishedFigures("M08", "int_metric_income_with_programme"),
    ),
    Mistake(
        "wrong families compared",
        "The balanced panel keeps families that are known at one end only",
        Change("int_metric_measures_balanced", "end_count = 2", "end_count >= 1"),
        PublishedFigures("M16", "int_metric_savings"),
    ),
    Mistake(
        "wrong join",
        "Money at the end of a window is divided by the prices of its start",
        Change(
            "int_metric_measures",
            "measured.price_month = prices.journal_month",
            "measured.start_month = prices.journal_month",
        ),
        PublishedFigures("M03", "int_metric_income_since_launch"),
    ),
    Mistake(
        "part of a key left out",
        "A month is joined with the journals of every release",
        Change(
            "int_family_months",
            "roster.release_code = journals.release_code\n        and ",
            "",
        ),
        TrueMonths(),
    ),
    Mistake(
        "wrong denominator",
        "Per participant, families outside lending circles are divided by too",
        Change("int_metric_measures", "ends.is_in_lending_circle::integer\n", "1\n"),
        PublishedFigures("M22", "int_metric_circle_contributions"),
    ),
    Mistake(
        "wrong column",
        "Income is as it was reported, whatever correction was approved",
        Change(
            "int_family_months",
            "journals.income_local,\n",
            "journals.income_reported_local as income_local,\n",
        ),
        TrueMonths(),
    ),
    Mistake(
        "tail at the wrong value",
        "The highest tenth is pulled down instead of the highest twentieth",
        Change(
            "int_metric_measures_winsorised",
            "floor(0.95 * value_count)",
            "floor(0.9 * value_count)",
        ),
        PublishedFigures("M03", "int_metric_income_since_launch"),
    ),
    Mistake(
        "error of a mean of one",
        "The jackknife forgets that leaving one group out moves a mean only a little",
        Change(
            "int_metric_days_without_water",
            "(count(*) - 1) * var_pop(left_out_value)",
            "var_pop(left_out_value)",
        ),
        OracleFigures("days without water", "int_metric_days_without_water"),
    ),
    Mistake(
        "all instead of any",
        "A family had a shock in a window only where it had one in each month",
        Change(
            "int_metric_shocks",
            "max(measured) as measured",
            "min(measured) as measured",
        ),
        OracleFigures("families with a shock", "int_metric_shocks"),
    ),
    Mistake(
        "unit of time",
        "A year of daily incomes has 360 days",
        Change("int_metric_below_lines", "* 12 / 365", "* 12 / 360"),
        OracleFigures("people below lines", "int_metric_below_lines"),
    ),
    Mistake(
        "fraction upside down",
        "Money of another currency is multiplied by what it should be divided by",
        Change(
            "int_income_sources_converted",
            "local_rates.local_per_usd / foreign_rates.local_per_usd",
            "foreign_rates.local_per_usd / local_rates.local_per_usd",
        ),
        TrueMonths(),
    ),
    Mistake(
        "outer join made inner",
        "A month without a journal is not in the facts, as if nobody had asked for it",
        Change("int_family_months", "left join journals\n", "inner join journals\n"),
        DataTest("assert_roster_statuses_add_up_to_the_expected_months"),
    ),
]
