"""Every figure the synthetic pilot is built to give, as the warehouse must store it.

Each figure names one row of `marts.fct_metric_values` by its key, the column that holds
it, and what is printed: per cent with its digits for shares and growth (the stored 0.01
is printed 1.00), the plain number for counts and sums. A test reads the column and
compares `figure.printed` with `figure.as_printed(value)`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

COUNTRIES = ("MEX", "COL", "PHL")
RECRUITMENT, LAUNCH, END = "2020-02-01", "2020-07-01", "2021-07-01"


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One printed figure and the row of `fct_metric_values` it is read from."""

    metric_code: str
    scope_code: str
    printed: str
    column: str = "value"
    is_percent: bool = True
    release_code: str = "2021-07"
    start_month: str = LAUNCH
    end_month: str = END
    panel_code: str = "balanced"
    statistic_code: str = "growth_of_means"
    price_code: str = "nominal"
    outlier_code: str = "kept"
    denominator_code: str = "household"
    category_code: str = "total"

    @property
    def scope_type_code(self) -> str:
        """Tell a country from all of them."""
        return "all" if self.scope_code == "all" else "country"

    @property
    def key(self) -> dict[str, str]:
        """The columns that find the row, and nothing but that row."""
        names = (
            "metric_code",
            "scope_type_code",
            "scope_code",
            "start_month",
            "end_month",
            "panel_code",
            "statistic_code",
            "price_code",
            "outlier_code",
            "denominator_code",
            "category_code",
            "release_code",
        )
        return {name: getattr(self, name) for name in names}

    def as_printed(self, value: Decimal | int) -> str:
        """Round a stored value to the digits the figure is printed with."""
        shown = Decimal(value) * (100 if self.is_percent else 1)
        rounded = shown.quantize(Decimal(self.printed))
        return str(abs(rounded) if rounded == 0 else rounded)


def _by_country(
    metric_code: str, printed: Iterable[str], **where: str
) -> list[PublishedFigure]:
    """Return one percentage for each country, in the order of COUNTRIES."""
    return [
        PublishedFigure(metric_code, country, text, **where)  # type: ignore[arg-type]  # every field named in `where` is text
        for country, text in zip(COUNTRIES, printed, strict=True)
    ]


def _sums(
    metric_code: str,
    starts: Iterable[str],
    ends: Iterable[str],
    family_counts: Iterable[str],
    **where: str,
) -> list[PublishedFigure]:
    """Return the sums at both ends of a balanced panel and its families."""
    columns = {"denominator": starts, "numerator": ends, "family_count": family_counts}
    return [
        PublishedFigure(
            metric_code,
            country,
            text,
            column=column,
            is_percent=False,
            **where,
        )
        for column, texts in columns.items()
        for country, text in zip(COUNTRIES, texts, strict=True)
    ]


FAMILIES_AT_LAUNCH = ("96", "97", "95")
FAMILIES_AT_BOTH_ENDS = ("90", "92", "88")
SINCE_RECRUITMENT = {"start_month": RECRUITMENT, "end_month": LAUNCH}
ALL_REPORTERS = {"panel_code": "all_reporters"}

# The headlines, and the sums they are made of.
HEADLINES = [
    *_by_country("M02", ("-20.00", "-9.00", "-28.00"), **SINCE_RECRUITMENT),
    *_sums(
        "M02",
        ("960000", "97000000", "1425000"),
        ("768000", "88270000", "1026000"),
        FAMILIES_AT_LAUNCH,
        **SINCE_RECRUITMENT,
    ),
    *_by_country("M03", ("1.00", "1.00", "1.00")),
    *_sums(
        "M03",
        ("738000", "84640000", "968000"),
        ("745380", "85486400", "977680"),
        FAMILIES_AT_BOTH_ENDS,
    ),
    *_by_country("M58", ("5.00", "6.00", "7.00")),
    *_sums("M58", ("540", "500", "400"), ("567", "530", "428"), FAMILIES_AT_BOTH_ENDS),
    *_by_country("M60", ("3.33", "4.17", "4.55")),
    *_sums("M60", ("540", "552", "484"), ("558", "575", "506"), FAMILIES_AT_BOTH_ENDS),
    *_by_country(
        "M36", ("5.000", "6.000", "9.000"), statistic_code="share", **ALL_REPORTERS
    ),
    *_by_country("M16", ("2.80", "2.20", "10.00")),
    *_sums(
        "M16",
        ("90000", "13800000", "132000"),
        ("92520", "14103600", "145200"),
        FAMILIES_AT_BOTH_ENDS,
    ),
    *_by_country("M21", ("3.33", "4.00", "9.09")),
    *_sums("M21", ("30", "25", "44"), ("31", "26", "48"), FAMILIES_AT_BOTH_ENDS),
    *_by_country("M22", ("3.00", "4.00", "15.00")),
    *_sums(
        "M22",
        ("15000", "1250000", "22000"),
        ("15450", "1300000", "25300"),
        FAMILIES_AT_BOTH_ENDS,
    ),
    *_by_country(
        "M34", ("25.0", "12.5", "25.0"), statistic_code="share", **ALL_REPORTERS
    ),
    *_sums(
        "M34",
        ("96", "96", "92"),
        ("24", "12", "23"),
        ("96", "96", "92"),
        statistic_code="share",
        **ALL_REPORTERS,
    ),
]

# One change of income for all countries, in every way that does not add currencies.
POOLED = [
    PublishedFigure("M07", "all", "1.000", statistic_code="mean_of_country_growths"),
    PublishedFigure("M07", "all", "1.000", price_code="usd_ppp"),
    PublishedFigure("M07", "all", "1.000", statistic_code="index_mean"),
]

# The same data under other definitions: what the definition card shows.
OTHER_DEFINITIONS = [
    *_by_country("M03", ("4.45", "3.37", "5.74"), **ALL_REPORTERS),
    *_by_country("M03", ("0.16", "1.75", "0.83"), statistic_code="mean_of_changes"),
    *_by_country(
        "M03", ("-5.69", "-4.61", "-6.19"), statistic_code="median_of_changes"
    ),
    *_by_country(
        "M03", ("-5.90", "-4.23", "-4.81"), statistic_code="growth_of_medians"
    ),
    *_by_country("M03", ("-2.76", "1.32", "-0.42"), outlier_code="winsorised"),
    *_by_country("M03", ("-4.53", "-2.88", "-2.66"), price_code="real"),
    *_by_country("M06", ("-4.53", "-2.88", "-2.66"), price_code="real"),
    *_by_country("M08", ("3.44", "5.35", "5.55")),
    *_by_country("M03", ("0.34", "-0.36", "2.77"), denominator_code="per_capita"),
    *_by_country("M03", ("5.51", "2.57", "4.73"), column="standard_error"),
    *_by_country("M21", ("1.11", "1.09", "4.55"), statistic_code="difference"),
    *_by_country("M22", ("-0.32", "0.00", "5.42"), denominator_code="per_participant"),
    *_by_country(
        "M36",
        ("4.949", "6.015", "9.125"),
        statistic_code="mean_of_ratios",
        **ALL_REPORTERS,
    ),
    *_by_country(
        "M36", ("5.62", "6.96", "9.60"), statistic_code="highest_month", **ALL_REPORTERS
    ),
]

# What the July 2021 figure becomes once the journals that came after the release count.
LIVE = [
    *_by_country("M03", ("2.40", "2.14", "2.73"), release_code="live"),
    *(
        PublishedFigure(
            "M03",
            country,
            families,
            column="family_count",
            is_percent=False,
            release_code="live",
        )
        for country, families in zip(COUNTRIES, ("92", "93", "90"), strict=True)
    ),
]

PUBLISHED_FIGURES = [*HEADLINES, *POOLED, *OTHER_DEFINITIONS, *LIVE]
