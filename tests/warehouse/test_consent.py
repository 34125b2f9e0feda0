"""A family that did not agree to be in figures is in none.

Nobody in the pilot refuses, so a figure that forgets to ask would be the same. Here all
families of one site take their consent back.
"""

from typing import Any

import pytest

from tests.warehouse.conftest import Warehouse
from tests.warehouse.rebuild import Change

SITE = "MX-01"
REFUSED = Change(
    "int_families",
    "    enrolments.consents_to_aggregates,\n",
    f"    enrolments.site_code <> '{SITE}' as consents_to_aggregates,\n",
)
FIGURES = """
    select site_code, count(*) from marts.fct_site_months group by site_code
"""
METRICS = """
    select scope_code, count(distinct metric_code)
    from marts.fct_metric_values where scope_type_code = 'site' group by scope_code
"""
COUNTRY = """
    select country_code, expected_family_count from marts.fct_country_months
    where journal_month = '2020-07-01'
"""


@pytest.mark.parametrize(
    ("model", "query"),
    [("fct_site_months", FIGURES), ("fct_metric_values", METRICS)],
)
def test_a_site_of_which_everybody_refused_has_no_figure(
    model: str, query: str, built_pilot: Warehouse
) -> None:
    rebuilder = built_pilot.rebuilder()
    agreed = dict(built_pilot.rows(query))

    refused: dict[Any, Any] = dict(rebuilder.query_after([REFUSED], model, query))

    assert SITE in agreed
    assert refused == {site: n for site, n in agreed.items() if site != SITE}


def test_the_country_counts_those_who_agreed(built_pilot: Warehouse) -> None:
    rows = built_pilot.rebuilder().query_after([REFUSED], "fct_country_months", COUNTRY)

    of_country = dict(built_pilot.rows(COUNTRY))
    ((of_site,),) = built_pilot.rows(
        "select expected_family_count from marts.fct_site_months"  # noqa: S608 - a constant
        f" where site_code = '{SITE}' and journal_month = '2020-07-01'"
    )
    assert dict(rows) == of_country | {"MEX": of_country["MEX"] - of_site}
