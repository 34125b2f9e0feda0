"""Each of dbt's tests of the data is silent on the pilot, and is seen to fail.

The pilot is sound and nobody in it refused a figure: on it alone, a test that can never
fail looks the same as one that guards something. So every test meets data, or code,
that break its rule.
"""

from pathlib import Path

import pytest

from tests.warehouse.conftest import Warehouse
from tests.warehouse.rebuild import Change

PROJECT = Path(__file__).parents[2] / "dbt_project"
TESTS = {path.stem for path in (PROJECT / "tests").glob("*.sql")}


def few_families_in(model: str, column: str) -> Change:
    """Return the change after which four families stand behind figures of MX-01."""
    source = "metric_values." if model == "fct_metric_values" else ""
    return Change(
        model,
        f"    {source}{column},\n",
        f"    case when scope_code = 'MX-01' then 4 else {source}{column} end"
        f" as {column},\n",
    )


FEW_REPORT = few_families_in("fct_site_months", "reported_family_count")
FEW_ANSWER = few_families_in("fct_site_months", "least_family_count")
FEW_IN_PANEL = few_families_in("fct_site_months", "panel_family_count")
FEW_IN_FIGURE = few_families_in("fct_metric_values", "family_count")
NOTHING_TOO_FEW = "< 0 and"


def figures_emptied_of(release: str) -> list[Change]:
    """Return the changes after which nothing is told by the figures of MX-01."""
    told = f"case when release_code <> '{release}' or scope_code <> 'MX-01' then"
    return [
        Change(
            "fct_metric_values",
            f"    metric_values.{column},\n",
            f"    {told} metric_values.{column} end as {column},\n",
        )
        for column in ("value", "numerator", "denominator")
    ]


# What breaks, the test that has to say so, and how it is broken.
BREAKS = {
    "a form loses a list of choices": (
        "assert_every_code_is_in_its_list",
        [Change("int_code_labels", "where newness_rank = 1", "where value_code > 'g'")],
    ),
    "programme money is counted by another name": (
        "assert_codes_are_classed_as_they_are_counted",
        [Change("int_income_sources_converted", "like 'cii\\_%'", "like 'cii\\_p%'")],
    ),
    "selling belongings costs a family nothing": (
        "assert_codes_are_classed_as_they_are_counted",
        [Change("int_journal_measures", "'sell', ", "")],
    ),
    "a currency is mistyped": (
        "assert_every_site_has_prices",
        [
            Change(
                "stg_registry__sites",
                "    currency_code,\n",
                "    'MXX' as currency_code,\n",
            )
        ],
    ),
    "five of fourteen families can be worked out": (
        "assert_shared_shares_tell_of_enough_families",
        [
            Change(
                "site_months",
                "round(lending_circle_share * least_family_count) >= 1 and",
                f"round(lending_circle_share * least_family_count) {NOTHING_TOO_FEW}",
            ),
            # What a figure hides is hidden here for its sake as well.
            Change(
                "site_months", "hidden_metric_codes && array['M17', 'M21']", "false"
            ),
        ],
    ),
    "a country has prices by month and by year": (
        "assert_a_countrys_prices_come_from_one_series",
        [
            Change(
                "int_monthly_price_indexes",
                "from cpi_months\n",
                "from cpi_months\n"
                "union all select 'LBR', 'LRD', 'monthly', 244.3, date '2019-02-01'\n",
            )
        ],
    ),
    "two stays hold on the day of a move": (
        "assert_a_family_is_in_one_group_on_every_day",
        [
            Change(
                "int_family_placements", ") - 1 as valid_to_date", ") as valid_to_date"
            )
        ],
    ),
    "the last stay ends with the data": (
        "assert_a_family_is_in_one_group_on_every_day",
        [
            Change(
                "dim_family_placements",
                "    valid_to_date\n",
                "    coalesce(valid_to_date, date '2022-05-31') as valid_to_date\n",
            )
        ],
    ),
    "a move within a site loses the site": (
        "assert_a_family_is_in_one_group_on_every_day",
        [
            Change(
                "int_family_placements",
                "count(site_code) over earlier as site_change_count",
                "row_number() over earlier as site_change_count",
            )
        ],
    ),
    "a missing income is a zero": (
        "assert_a_month_without_an_accepted_journal_measures_nothing",
        [
            Change(
                "int_family_months",
                "    journals.income_local,\n",
                "    coalesce(journals.income_local, 0) as income_local,\n",
            )
        ],
    ),
    "a missing debt is a zero": (
        "assert_a_month_without_an_accepted_journal_measures_nothing",
        [
            Change(
                "int_family_months",
                "    measures.debt_balance_local,\n",
                "    coalesce(measures.debt_balance_local, 0) as debt_balance_local,\n",
            )
        ],
    ),
    "local money is pooled over countries": (
        "assert_currencies_are_never_added",
        [
            Change(
                "int_metric_incomes_in_ppp",
                "'usd_ppp' as price_code",
                "'nominal' as price_code",
            )
        ],
    ),
    "an erased family stays a family": (
        "assert_erased_families_are_nowhere",
        [Change("int_families", "families_left_out.family_key is null", "true")],
    ),
    "a journal that is not accepted is forgotten": (
        "assert_every_journal_left_out_is_an_issue",
        [
            Change(
                "int_issues_left_out_records",
                "where not is_accepted\n",
                "where false\n",
            )
        ],
    ),
    "the groups of an erased family stay": (
        "assert_erased_families_are_nowhere",
        [
            Change(
                "int_family_placements",
                "inner join families\n",
                "left join families\n",
            )
        ],
    ),
    "journals that a reviewer refused are counted": (
        "assert_every_accepted_journal_lands_in_one_family_month",
        [
            Change(
                "int_journals_latest",
                "where is_accepted and is_in_programme_window",
                "where is_in_programme_window",
            )
        ],
    ),
    "the month of a move belongs to no group": (
        "assert_every_accepted_journal_lands_in_one_family_month",
        [
            Change(
                "int_family_months",
                "month + interval '1 month' > placements.valid_from_date",
                "month > placements.valid_from_date",
            )
        ],
    ),
    "the journals of a site get lost": (
        "assert_every_known_journal_is_accounted_for",
        [
            Change(
                "int_journals_placed",
                "        and journals.family_key = families.family_key",
                "        and journals.family_key = families.family_key"
                " and journals.site_code <> 'MX-01'",
            )
        ],
    ),
    "nobody is asked about journals under an unknown code": (
        "assert_every_known_journal_is_accounted_for",
        [
            Change(
                "int_family_codes_unresolved",
                "submissions.release_code = 'live'",
                "submissions.release_code = 'live' and form_role_code <> 'journal'",
            )
        ],
    ),
    "a metric is forgotten": (
        "assert_every_metric_has_figures",
        [
            Change(
                "int_metric_values_unioned",
                '"int_metric_control"\n',
                '"int_metric_control" where false\n',
            )
        ],
    ),
    "an interval begins at its end": (
        "assert_figures_lie_within_their_intervals",
        [
            Change(
                "int_metric_values_unioned",
                "unioned.value - quantiles.quantile",
                "unioned.value + quantiles.quantile",
            )
        ],
    ),
    "an interval has no beginning": (
        "assert_figures_lie_within_their_intervals",
        [
            Change(
                "int_metric_values_unioned",
                "unioned.value - quantiles.quantile * unioned.standard_error",
                "null",
            )
        ],
    ),
    "an interval is not looked up": (
        "assert_figures_lie_within_their_intervals",
        [
            Change(
                "int_metric_values_unioned",
                "        quantiles.degrees_of_freedom = least(",
                "        quantiles.degrees_of_freedom = 1000 + least(",
            )
        ],
    ),
    "a growth forgets to take off the start": (
        "assert_growth_is_the_end_over_the_start",
        [
            Change(
                "fct_metric_values",
                "    metric_values.value,\n",
                "    metric_values.value + 1 as value,\n",
            )
        ],
    ),
    "a growth does not say what it was divided by": (
        "assert_growth_is_the_end_over_the_start",
        [
            Change(
                "fct_metric_values",
                "    metric_values.denominator,\n",
                "    null::numeric as denominator,\n",
            )
        ],
    ),
    "a growth that nobody erased says nothing": (
        "assert_growth_is_the_end_over_the_start",
        figures_emptied_of("live"),
    ),
    "a site of four families is hidden alone": (
        "assert_hidden_site_months_cannot_be_subtracted",
        [
            FEW_REPORT,
            FEW_ANSWER,
            Change(
                "site_months",
                "least_family_count > 0\n            and (\n"
                "                count(own_reason_code)",
                "false\n            and (\n                count(own_reason_code)",
            ),
        ],
    ),
    "programme money counts as income": (
        "assert_income_sources_add_up_to_the_months_income",
        [
            Change(
                "int_incomes_summed",
                "income_kind_code not in ('programme', 'financing') as is_income",
                "income_kind_code <> 'financing' as is_income",
            )
        ],
    ),
    "corrections leave the sources as they were": (
        "assert_income_sources_add_up_to_the_months_income",
        [
            Change(
                "fct_income_sources",
                "* journals.income_local\n",
                "* journals.income_reported_local\n",
            )
        ],
    ),
    "all sources of a month get lost": (
        "assert_income_sources_add_up_to_the_months_income",
        [
            Change(
                "fct_income_sources",
                "inner join income_sources\n    on\n",
                "inner join income_sources\n    on\n"
                "        journals.journal_month <> '2021-03-01' and\n",
            )
        ],
    ),
    "a factor is in another currency": (
        "assert_purchasing_power_is_plausible",
        [
            Change(
                "int_monthly_prices",
                "ppp_factors.local_per_usd_ppp\n",
                "ppp_factors.local_per_usd_ppp / 100\n",
            )
        ],
    ),
    "two stays hold in the month of a move": (
        "assert_roster_statuses_add_up_to_the_expected_months",
        [
            Change(
                "int_family_months",
                "coalesce(placements.valid_to_date, 'infinity')",
                "coalesce(placements.valid_to_date + 40, 'infinity')",
            )
        ],
    ),
    "a status has another name": (
        "assert_roster_statuses_add_up_to_the_expected_months",
        [Change("int_family_month_roster", "then 'rejected'", "then 'refused'")],
    ),
    "a figure of four families is shown": (
        "assert_shared_figures_rest_on_enough_families",
        [
            FEW_IN_FIGURE,
            Change(
                "metric_values",
                "named.family_count >= 1 and",
                f"named.family_count {NOTHING_TOO_FEW}",
            ),
        ],
    ),
    "the error of a hidden figure is shown": (
        "assert_shared_figures_rest_on_enough_families",
        [
            FEW_IN_FIGURE,
            Change(
                "metric_values",
                "case when not is_error_suppressed then standard_error end as",
                "standard_error as",
            ),
        ],
    ),
    "a month of four families is shown": (
        "assert_shared_months_rest_on_enough_families",
        [
            FEW_ANSWER,
            Change(
                "site_months",
                "when least_family_count >= 1 and",
                f"when least_family_count {NOTHING_TOO_FEW}",
            ),
        ],
    ),
    "a month of a country of four families is shown": (
        "assert_shared_months_rest_on_enough_families",
        [
            Change(
                "fct_country_months",
                "    least_family_count,\n",
                "    4 as least_family_count,\n",
            ),
            Change(
                "country_months",
                "when least_family_count >= 1 and",
                f"when least_family_count {NOTHING_TOO_FEW}",
            ),
        ],
    ),
    "one measure of a hidden month is shown": (
        "assert_shared_months_rest_on_enough_families",
        [
            FEW_ANSWER,
            Change(
                "site_months",
                "case when not (is_suppressed\n        or 'M36' = "
                "any(hidden_metric_codes)) then given_share end",
                "given_share",
            ),
        ],
    ),
    "an index of four families is shown": (
        "assert_shared_months_rest_on_enough_families",
        [
            FEW_IN_PANEL,
            Change(
                "site_months",
                "case when not (is_index_suppressed\n        or has_few_groups) "
                "then income_real_index_low end",
                "income_real_index_low",
            ),
        ],
    ),
}


@pytest.mark.parametrize(("test", "changes"), BREAKS.values(), ids=BREAKS)
def test_a_broken_rule_is_found(
    test: str, changes: list[Change], built_pilot: Warehouse
) -> None:
    assert built_pilot.rebuilder().failures_after(changes, test) > 0


def test_every_test_of_the_data_was_seen_to_fail() -> None:
    assert {test for test, _ in BREAKS.values()} == TESTS


PRIVACY = (
    "assert_hidden_site_months_cannot_be_subtracted",
    "assert_shared_figures_rest_on_enough_families",
    "assert_shared_months_rest_on_enough_families",
)


@pytest.mark.parametrize("test", PRIVACY)
def test_a_small_site_is_hidden_as_the_rules_want_it(
    test: str, built_pilot: Warehouse
) -> None:
    changes = [FEW_REPORT, FEW_ANSWER, FEW_IN_PANEL, FEW_IN_FIGURE]

    assert built_pilot.rebuilder().failures_after(changes, test) == 0


def test_what_an_erasure_emptied_of_a_release_stops_no_build(
    built_pilot: Warehouse,
) -> None:
    test = "assert_growth_is_the_end_over_the_start"
    changes = figures_emptied_of("2021-07")

    assert built_pilot.rebuilder().failures_after(changes, test) == 0


def test_erasure_is_looked_for_in_every_mart_of_families(
    built_pilot: Warehouse,
) -> None:
    nodes = built_pilot.manifest()["nodes"]
    of_families = {
        key
        for key, node in nodes.items()
        if node["resource_type"] == "model"
        and node["schema"] in {"marts", "share", "ops"}
        and "family_key" in node["columns"]
        # It is there to name them, until their answers are erased.
        and node["name"] != "erasure_requests"
    }
    looked_at = built_pilot.rebuilder().models_of("assert_erased_families_are_nowhere")

    assert of_families
    assert of_families - looked_at == set()
