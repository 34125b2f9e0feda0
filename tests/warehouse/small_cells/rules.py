"""Each rule of `share`, a panel that needs it, and how to leave it out.

The changes are to the SQL that dbt compiled; where neighbours are looked at twice they
are made in both places.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from tests.warehouse.rebuild import Change
from tests.warehouse.small_cells.panels import MONTHS, Shape, drawn_shape

FIRST, _, LAST = MONTHS
EMPTY: Mapping[str, Any] = MappingProxyType({})


class LeftOut(NamedTuple):
    """How the need of a rule shows.

    Attributes:
        shape: Of a panel in which nothing can be worked out with the rule, and
            something without.
        seed: It is drawn with.
        changes: What leaves the rule out.
    """

    shape: Shape
    seed: int
    changes: tuple[Change, ...]


def _complete(
    *sizes: int,
    late_at: Mapping[str, float] = EMPTY,
    cohorts: Mapping[str, str] = EMPTY,
    nobody: frozenset[tuple[str, date]] = frozenset(),
    everybody: frozenset[tuple[str, date]] = frozenset(),
) -> Shape:
    """Return a country in which all journals come, but those of `late_at` in time."""
    sites = {"MEX": sizes}
    return Shape(
        sites,
        missing=0,
        late=0,
        edited=0,
        late_at=late_at,
        cohorts=cohorts,
        nobody=nobody,
        everybody=everybody,
    )


def _out_of_figures(*places: tuple[str, str]) -> tuple[Change, ...]:
    return tuple(Change("metric_values", old, new) for old, new in places)


def _out_of_months(old: str, new: str) -> tuple[Change, ...]:
    tables = ("country_months", "site_months")
    return tuple(Change(table, old, new) for table in tables)


DOMINATED = '"intermediate"."int_dominated_figures"'
RULES = {
    "few families are hidden": LeftOut(
        _complete(30, 30, 5),
        1,
        _out_of_figures(("when named.family_count >= 1 and", "when false and")),
    ),
    "shares near none or all are hidden": LeftOut(
        _complete(12, 14, 16),
        1,
        _out_of_figures(
            ("case when named.value_band_code is not null then", "case when false then")
        ),
    ),
    "a hidden share hides its number and its changes": LeftOut(
        _complete(12, 14, 16, nobody=frozenset({("MEX-1", LAST), ("MEX-3", FIRST)})),
        1,
        _out_of_figures(
            (
                "least(at_start.telling_reason_code, at_end.telling_reason_code)",
                "null",
            )
        ),
    ),
    "money of one or two families is hidden": LeftOut(
        Shape({"MEX": [30, 30]}, missing=0, big=frozenset({7})),
        1,
        _out_of_figures((DOMINATED, f"{DOMINATED} where false")),
    ),
    "the means of a change are hidden": LeftOut(
        drawn_shape(4),
        4,
        _out_of_figures(("and means_of_changes.metric_code is not null", "and false")),
    ),
    "a release has no months": LeftOut(
        drawn_shape(4),
        4,
        _out_of_figures(("and named.release_code <> 'live'", "and false")),
    ),
    "changes are of families known at both ends": LeftOut(
        drawn_shape(7),
        7,
        _out_of_figures(("and named.start_month < named.end_month", "and false")),
    ),
    "a change has no ends": LeftOut(
        drawn_shape(4),
        4,
        _out_of_figures(("named.panel_code = 'balanced'", "false")),
    ),
    "nearly the same families are told once": LeftOut(
        drawn_shape(5),
        5,
        _out_of_figures(("when is_near_twin then", "when false then")),
    ),
    "so are their growths": LeftOut(
        drawn_shape(12),
        12,
        _out_of_figures(
            ("or earlier.variant_code = with_earlier.variant_code", "or false")
        ),
    ),
    "other places that changed follow": LeftOut(
        _complete(
            *(30, 31, 60, 70),
            late_at={"MEX-1": 0.04, "MEX-2": 0.04, "MEX-3": 0.3, "MEX-4": 0.3},
        ),
        1,
        _out_of_figures(
            (
                "is_other_than_twin\n                and bool_or",
                "false\n                and bool_or",
            )
        ),
    ),
    "a whole has all its parts or none": LeftOut(
        drawn_shape(11),
        11,
        _out_of_figures(
            ("whole_number is not null\n                and", "false\n and")
        ),
    ),
    "months of a total are hidden in a whole country": LeftOut(
        drawn_shape(4),
        4,
        _out_of_figures(
            (
                "is_month\n                    and statistic_code = 'total'",
                "false\n                    and statistic_code = 'total'",
            )
        ),
    ),
    "no site alone is hidden": LeftOut(
        drawn_shape(13),
        13,
        _out_of_figures(("count(reason_code) over (", "count(null) over (")),
    ),
    "hidden sites are many families together": LeftOut(
        _complete(30, 25, 4, 3),
        1,
        _out_of_figures(
            (
                "< (select sharing.least_shared_count from sharing)\n            )",
                "< 0\n            )",
            )
        ),
    ),
    "a cohort of one site is that site": LeftOut(
        _complete(12, 30, 4, cohorts={"MEX-2": "MEX-2021", "MEX-3": "MEX-2021"}),
        1,
        _out_of_figures(("coalesce(country_code, scope_code),", "figure_number,")),
    ),
    "all countries are hidden with one": LeftOut(
        drawn_shape(5),
        5,
        _out_of_figures(
            (
                "scope_type_code = 'all'\n                        and bool_or",
                "false\n                        and bool_or",
            )
        ),
    ),
    "what a release hides stays hidden": LeftOut(
        _complete(30, 25, late_at={"MEX-2": 0.6}),
        1,
        _out_of_figures(
            (
                "where earlier.reason_code <> 'shown_in_another_way' and",
                "where false and",
            )
        ),
    ),
    "few families of a site without a figure are hidden": LeftOut(
        drawn_shape(34),
        34,
        _out_of_figures(
            (
                "country_family_count - case scope_type_code",
                "null::int - case scope_type_code",
            )
        ),
    ),
    "neighbours are looked at twice": LeftOut(
        _complete(30, 25, late_at={"MEX-2": 0.6}),
        1,
        _out_of_figures(("from beside_all\n", "from beside_neighbours\n")),
    ),
    "a mean per head is hidden at the ends of a change": LeftOut(
        drawn_shape(4),
        4,
        _out_of_figures(
            (
                "= means_of_changes.denominator_code",
                "= nullif(means_of_changes.denominator_code, 'per_capita')",
            )
        ),
    ),
    "what is nothing in sum is hidden": LeftOut(
        _complete(12, 14, 16), 1, _out_of_figures(("figures.value = 0", "false"))
    ),
    "a release has no shares of its months": LeftOut(
        drawn_shape(1),
        1,
        _out_of_figures(
            (
                "and figures.denominator <> figures.family_count\n            and",
                "and false and",
            )
        ),
    ),
    "nothing tells how many take part": LeftOut(
        # The site hidden beside the first would be another among those that take part.
        _complete(12, 30, 31, everybody=frozenset({("MEX-1", MONTHS[1])})),
        5,
        _out_of_figures(("takers_number is not null", "false")),
    ),
    "extremes are pulled in for whole countries alone": LeftOut(
        Shape({"MEX": [20, 20]}, missing=0.1, late=0, edited=0),
        3,
        _out_of_figures(("when is_part_pulled_in then", "when false then")),
    ),
    "prices of several launches are not told": LeftOut(
        _complete(30, 8, cohorts={"MEX-2": "MEX-2021"}),
        1,
        _out_of_figures(("mixed_launches.scope_code is not null", "false")),
    ),
    "a window is hidden with a month": LeftOut(
        Shape({"MEX": [11, 30, 40]}, missing=0.2, late=0, edited=0),
        2,
        _out_of_figures(
            (
                "is_made_of_months\n                    and bool_or(",
                "false\n                    and bool_or(",
            )
        ),
    ),
    "a change is hidden with one of its ends": LeftOut(
        _complete(16, 18, 19, nobody=frozenset({("MEX-1", LAST), ("MEX-3", FIRST)})),
        13,
        _out_of_figures(
            ("num_nonnulls(at_start.metric_code, at_end.metric_code) = 1", "false")
        ),
    ),
    "an index of few families is hidden": LeftOut(
        Shape({"MEX": [30, 30, 12]}, missing=0.3, late=0, edited=0),
        4,
        _out_of_months("when panel_family_count >= 1 and", "when false and"),
    ),
    "an index is hidden with its change": LeftOut(
        drawn_shape(5),
        5,
        _out_of_months("case when is_change_hidden then", "case when false then"),
    ),
    "a month is hidden as its figure is": LeftOut(
        drawn_shape(4),
        4,
        _out_of_months("coalesce(hidden_figures.metric_codes, '{}')", "'{}'::text[]"),
    ),
    "shares of a month are hidden as their figures are": LeftOut(
        drawn_shape(4),
        4,
        _out_of_months("when hidden_metric_codes && array['M17', 'M21']", "when false"),
    ),
}
