"""What an erasure has emptied of a release goes on hiding what stands beside it."""

from tests.warehouse.conftest import Warehouse
from tests.warehouse.rebuild import Change

# As `warehouse.erasure` leaves what `share` hid, here of one site of two and though ten
# families or more stand behind each figure.
EMPTIED = Change(
    "metric_values",
    '(select * from "pilot"."marts"."fct_metric_values")',
    """(
        select emptied.*
        from marts.fct_metric_values as figures
        cross join lateral jsonb_populate_record(
            figures,
            case
                when
                    figures.release_code = '2021-07'
                    and figures.scope_code = 'MX-01'
                    and figures.family_count >= 10
                    then '{"value": null, "numerator": null, "denominator": null}'
                else '{}'
            end::jsonb
        ) as emptied
    )""",
)
FORGOTTEN = Change("metric_values", "and named.value is null", "and false")
BESIDE = """
    select
        count(*) filter (where emptied.is_suppressed),
        count(*) filter (where beside.is_suppressed),
        count(*)
    from share.metric_values as emptied
    inner join share.metric_values as beside
        using (
            metric_code, start_month, end_month, panel_code, statistic_code,
            price_code, outlier_code, denominator_code, category_code, release_code
        )
    where
        emptied.scope_code = 'MX-01'
        and emptied.value is null
        and beside.scope_code = 'MX-02'
        and emptied.release_code = '2021-07'
        and emptied.metric_code = 'M03'
        and emptied.panel_code = 'balanced'
        and emptied.statistic_code = 'growth_of_means'
        and emptied.outlier_code = 'kept'
"""


def test_the_figure_beside_an_emptied_one_stays_hidden(
    built_pilot: Warehouse,
) -> None:
    rebuilder = built_pilot.rebuilder()
    kept = rebuilder.query_after([EMPTIED], "metric_values", BESIDE)
    forgotten = rebuilder.query_after([EMPTIED, FORGOTTEN], "metric_values", BESIDE)

    ((emptied, beside, count),) = kept
    assert emptied == beside == count > 0
    ((emptied, beside, count),) = forgotten
    assert emptied == 0
    assert beside < count
