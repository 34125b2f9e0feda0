"""Figures of `share` that are no equation of the attack, each group with its reason.

Reviewed by people: a figure that is on no list fails `test_inventory.py`. Where a
reason can be looked up in the data, a query returns what contradicts it.
"""

from dataclasses import dataclass

from tests.warehouse.small_cells.told import MONTH, WINDOW, Kinds

OTHER_PRICES = "real usd_ppp"
MEDIANS = "growth_of_medians median_of_changes median p90"
GROWTHS = "growth_of_means growth_of_medians mean_of_changes median_of_changes"
DIVIDED = "household per_capita per_adult_equivalent"


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that the attack leaves out.

    Attributes:
        kinds: Which they are.
        reason: Why they tell nothing that it should know of, or what is accepted.
        contradictions: SQL for what in `share` the reason does not hold for. None
            where the reason is about what a figure is made of.
    """

    kinds: tuple[Kinds, ...]
    reason: str
    contradictions: str | None = None


# Of each figure in other prices, the nominal one; growths as factors.
WITH_NOMINAL = f"""
select
    priced.*, nominal.value as nominal_value, nominal.family_count as nominal_count,
    priced.factor / nullif(nominal.factor, 0) as price
from (
    select
        *,
        case when statistic_code in ('{"', '".join(GROWTHS.split())}')
            then 1 else 0 end + value as factor
    from share.metric_values where value is not null and price_code <> 'nominal'
) as priced
inner join (
    select
        *,
        case when statistic_code in ('{"', '".join(GROWTHS.split())}')
            then 1 else 0 end + value as factor
    from share.metric_values where price_code = 'nominal'
) as nominal
    using (
        metric_code, scope_type_code, scope_code, start_month, end_month, panel_code,
        statistic_code, outlier_code, denominator_code, category_code, release_code
    )
where priced.country_code is not null
"""  # noqa: S608 - words of this file
NOT_A_CONSTANT_TIMES_THE_NOMINAL = f"""
select country_code, start_month, end_month, price_code, min(price), max(price)
from ({WITH_NOMINAL}) as figures
where {{which}}
group by country_code, start_month, end_month, price_code, {{of}}
having
    max(price) > min(price) * 1.001
    or bool_or(nominal_value is null or family_count <> nominal_count)
"""  # noqa: S608 - words of this file
HIDDEN_COUNTRY_UNDER_ALL = """
select pooled.metric_code, pooled.statistic_code, pooled.start_month
from share.metric_values as pooled
inner join share.metric_values as countries
    using (
        start_month, end_month, panel_code, denominator_code, category_code,
        outlier_code, release_code
    )
where
    pooled.scope_type_code = 'all' and pooled.value is not null
    and countries.scope_type_code = 'country'
    and countries.metric_code = case pooled.metric_code
        when 'M07' then 'M03' else pooled.metric_code end
    and countries.statistic_code = case pooled.metric_code
        when 'M07' then 'growth_of_means' else pooled.statistic_code end
    and countries.price_code = pooled.price_code
    and countries.suppression_reason_code <> 'shown_in_another_way'
"""
FEW_IN_A_MEDIAN = f"""
select metric_code, statistic_code, scope_code, start_month, end_month
from share.metric_values as medians
where
    statistic_code in ('{"', '".join(MEDIANS.split())}') and value is not null
    and (
        family_count < (
            select least_shared_count from intermediate.int_sharing_thresholds
        )
        or exists (
            select from share.metric_values as twins
            where
                twins.value is not null
                and twins.release_code <> medians.release_code
                and (
                    twins.metric_code, twins.statistic_code, twins.scope_code,
                    twins.start_month, twins.end_month, twins.price_code,
                    twins.outlier_code, twins.denominator_code, twins.category_code
                ) = (
                    medians.metric_code, medians.statistic_code, medians.scope_code,
                    medians.start_month, medians.end_month, medians.price_code,
                    medians.outlier_code, medians.denominator_code,
                    medians.category_code
                )
                and abs(twins.family_count - medians.family_count) < 10
                and (twins.family_count, twins.value)
                <> (medians.family_count, medians.value)
        )
    )
"""  # noqa: S608 - words of this file
SHOWN_WITHOUT = """
select figures.metric_code, figures.scope_code, figures.start_month
from share.metric_values as figures
left join share.metric_values as needed
    on
        {needed}
        and needed.value is not null
        and (
            figures.scope_code, figures.start_month, figures.end_month,
            figures.release_code
        ) = (
            needed.scope_code, needed.start_month, needed.end_month,
            needed.release_code
        )
where {figures} and figures.value is not null and needed.value is null
"""
AT_A_LIMIT = """
select metric_code, statistic_code, scope_code, start_month
from share.metric_values
where
    metric_code in ('M33', 'M35', 'M43') and family_count < 20 and value in (0, 1)
    and statistic_code like 'share%'
"""

GROUPS = {
    "months in other prices": Group(
        (
            Kinds(
                "",
                "level total share share_of_money",
                MONTH,
                prices=OTHER_PRICES,
                denominators=f"{DIVIDED} per_participant",
                categories="",
            ),
        ),
        "The nominal figure of the same families, times a public constant of the place"
        " and month. Where it is none, since cohorts launched apart, it is hidden.",
        NOT_A_CONSTANT_TIMES_THE_NOMINAL.format(
            which="start_month = end_month",
            # In a share of money prices cancel.
            of="statistic_code in ('level', 'total')",
        ),
    ),
    "changes in other prices": Group(
        (
            Kinds(
                "",
                GROWTHS,
                WINDOW,
                "balanced",
                OTHER_PRICES,
                outliers="kept winsorised",
                denominators=DIVIDED + " per_participant",
            ),
        ),
        "One plus the nominal change of the same families, times a public constant.",
        NOT_A_CONSTANT_TIMES_THE_NOMINAL.format(
            which="panel_code = 'balanced' and statistic_code <> 'share'"
            " and metric_code not in ('M02', 'M07')",
            of="metric_code like 'M%'",
        ),
    ),
    "windows in other prices": Group(
        (
            Kinds(
                "",
                "total share share_of_money",
                WINDOW,
                prices=OTHER_PRICES,
                categories="",
            ),
        ),
        "The months of the window with other public weights: two equations more about"
        " the sums of a dozen months, of which none is shown or all are.",
        """
        select metric_code, scope_code, start_month, end_month
        from share.metric_values
        where
            value is not null and price_code <> 'nominal' and start_month < end_month
            and statistic_code in ('total', 'share', 'share_of_money')
            and panel_code = 'all_reporters'
            and end_month < start_month + interval '5 months'
        """,
    ),
    "all countries together": Group(
        (Kinds("M07", "", WINDOW, "balanced", prices=""),),
        "Countries weighed by public constants: shown only where each of them is.",
        HIDDEN_COUNTRY_UNDER_ALL,
    ),
    "changes since recruitment": Group(
        (
            Kinds(
                "M02",
                "growth_of_means mean_of_changes",
                WINDOW,
                "balanced",
                outliers="kept winsorised",
                denominators=DIVIDED,
            ),
        ),
        "The families and rules of M03. They begin in a month that no other figure is"
        " about, so that nothing can be taken from them at that end.",
    ),
    "changes with programme money": Group(
        (
            Kinds(
                "M08",
                "growth_of_means mean_of_changes",
                WINDOW,
                "balanced",
                outliers="kept winsorised",
            ),
        ),
        "The families and rules of M03. What the programme paid is known: with M03 it"
        " tells the sum of all of them, whose means are hidden.",
        SHOWN_WITHOUT.format(
            figures="figures.metric_code = 'M08'"
            " and figures.statistic_code = 'growth_of_means'"
            " and (figures.price_code, figures.outlier_code) = ('nominal', 'kept')",
            needed="needed.metric_code = 'M03' and needed.panel_code = 'balanced'"
            " and needed.statistic_code = 'growth_of_means'"
            " and (needed.price_code, needed.outlier_code, needed.denominator_code)"
            " = ('nominal', 'kept', 'household')",
        ),
    ),
    "real changes": Group(
        (
            Kinds(
                "M06",
                "growth_of_means mean_of_changes",
                WINDOW,
                prices="real",
                outliers="kept winsorised",
                denominators=DIVIDED,
            ),
        ),
        "M03 in prices of the launch, under another name.",
        SHOWN_WITHOUT.format(
            figures="figures.metric_code = 'M06'",
            needed="needed.metric_code = 'M03' and needed.price_code = 'nominal'"
            " and (needed.statistic_code, needed.panel_code, needed.outlier_code,"
            " needed.denominator_code) = (figures.statistic_code, figures.panel_code,"
            " figures.outlier_code, figures.denominator_code)",
        ),
    ),
    "chained indexes": Group(
        (
            Kinds(
                "M03 M04 M06",
                "growth_of_means index difference",
                WINDOW,
                "chained",
                prices="",
                categories="total drift",
            ),
        ),
        "A product of the growths of a dozen pairs of months, none of which is shown.",
        SHOWN_WITHOUT.format(
            figures="figures.metric_code = 'M04'"
            " and figures.statistic_code = 'difference'"
            " and figures.price_code = 'nominal'",
            needed="needed.metric_code = 'M03' and needed.price_code = 'nominal'"
            " and needed.panel_code = 'balanced'"
            " and needed.statistic_code = 'growth_of_means'"
            " and (needed.outlier_code, needed.denominator_code)"
            " = ('kept', 'household')",
        ),
    ),
    "medians and percentiles": Group(
        (
            Kinds(
                "",
                MEDIANS,
                prices="",
                outliers="",
                denominators="",
                categories="total amount",
            ),
        ),
        "What one or two families have whom nobody can name, of k or more. Those of"
        " nearly the same families are told once: the step between two would say on"
        " which side the few others are.",
        FEW_IN_A_MEDIAN,
    ),
    "highest months": Group(
        (Kinds("M36", "highest_month", categories="total cash"),),
        "A share of money of a month that is not named, over income that nobody knows.",
    ),
    "families with more, the same and less": Group(
        (Kinds("M05", "share", WINDOW, "balanced", "nominal real", categories=""),),
        "Accepted: the real and the nominal shares differ by families that lie between"
        " two bounds, perhaps few. It counts them and names none.",
        """
        select scope_code, start_month, end_month from share.metric_values
        where metric_code = 'M05' and family_count < 20 and value in (0, 1)
        """,
    ),
    "changes per participant": Group(
        (
            Kinds(
                "M22",
                "growth_of_means",
                WINDOW,
                "balanced",
                outliers="kept winsorised",
                denominators="per_participant",
            ),
        ),
        "The growth of all households' money over that of how many pay. Hidden where"
        " M21 tells of few, or of none or all.",
        """
        select scope_code, start_month, end_month from share.metric_values
        where denominator_code = 'per_participant' and family_count < 10
        """,
    ),
    "goals achieved by then": Group(
        (Kinds("M43", "share_by_6_months share_by_12_months", WINDOW),),
        "Estimated from goals of unequal age: no sum. Hidden at none or all.",
        AT_A_LIMIT,
    ),
    "money of investments": Group(
        (
            Kinds("M31", "share level", categories="to_income investments"),
            Kinds("M33", "share_of_money", categories=""),
            Kinds("M35", "share", categories="own_contribution"),
        ),
        "Amounts that the programme paid, over others or over income that nobody knows."
        " Their number is in the attack. Hidden at none or all; not tested for one or"
        " two that dominate.",
        AT_A_LIMIT,
    ),
    "what the programme does": Group(
        (
            Kinds("M44", "share", categories="held data_review"),
            Kinds("M45", "total", categories="tried"),
            Kinds("M48", "level total"),
            Kinds("M51", "share", categories="paid_amount"),
        ),
        "Meetings, payments, and how many questions were answered: no family's answer.",
    ),
}
