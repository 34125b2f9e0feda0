"""What the published post states, beside the figure the warehouse must give for it.

Each statement that names an indicator and whose answer in the synthetic pilot is known
stands here with its number in the inventory (S20, ...). Those the pilot has no fixed
answer for are in `INDICATORS`: the metrics that answer them.
"""

from dataclasses import dataclass, field, replace

from tests.warehouse.published_figures import (
    ALL_REPORTERS,
    COUNTRIES,
    FAMILIES_AT_BOTH_ENDS,
    FAMILIES_AT_LAUNCH,
    SINCE_RECRUITMENT,
    PublishedFigure,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement and its figures.

    Attributes:
        number: Its number in the inventory of statements.
        words: What the post says.
        figures: What the warehouse must give.
    """

    number: str
    words: str
    figures: list[PublishedFigure] = field(default_factory=list)


def _of_countries(
    metric_code: str, printed: tuple[str, str, str], **where: object
) -> list[PublishedFigure]:
    """Return one figure for each country, in the order of COUNTRIES."""
    return [
        PublishedFigure(metric_code, country, text, **where)  # type: ignore[arg-type]  # every field named in `where` has its own type
        for country, text in zip(COUNTRIES, printed, strict=True)
    ]


def _counted(
    metric_code: str,
    column: str,
    printed: tuple[str, str, str],
    **where: object,
) -> list[PublishedFigure]:
    """Return one plain number for each country."""
    return _of_countries(metric_code, printed, column=column, is_percent=False, **where)


SHARE = {"statistic_code": "share", **ALL_REPORTERS}
DIFFERENCE = {"statistic_code": "difference"}

STATEMENTS = [
    Statement(
        "S20",
        "incomes fell by 20 % in Mexico, 9 % in Colombia and 28 % in the Philippines",
        [
            *_of_countries("M02", ("-20.0", "-9.0", "-28.0"), **SINCE_RECRUITMENT),
            *_counted("M02", "family_count", FAMILIES_AT_LAUNCH, **SINCE_RECRUITMENT),
        ],
    ),
    Statement(
        "S22",
        "1 % growth in average family income",
        [
            *_of_countries("M03", ("1.0", "1.0", "1.0")),
            *_counted("M03", "family_count", FAMILIES_AT_BOTH_ENDS),
            PublishedFigure(
                "M07", "all", "1.0", statistic_code="mean_of_country_growths"
            ),
            PublishedFigure("M07", "all", "1.0", price_code="usd_ppp"),
        ],
    ),
    Statement(
        "S23",
        "5 to 7 % growth in satisfaction with the standard of living",
        [
            *_of_countries("M58", ("5", "6", "7")),
            # 0.3, 0.33 and 0.32 points: 27/90, 30/92, 28/88.
            *_counted("M58", "value", ("0.300", "0.326", "0.318"), **DIFFERENCE),
        ],
    ),
    Statement(
        "S24",
        "families sharing as much as 9 % of their incomes with others",
        _of_countries("M36", ("5.0", "6.0", "9.0"), **SHARE),
    ),
    Statement(
        "S25",
        "a higher sense of control over their own lives",
        [
            *_of_countries("M60", ("3.3", "4.2", "4.5")),
            # 18/90, 23/92, 22/88 points.
            *_counted("M60", "value", ("0.20", "0.25", "0.25"), **DIFFERENCE),
        ],
    ),
    Statement(
        "S32",
        "one in four, one in eight and one in four used investments for their children",
        [
            *_of_countries("M34", ("25.0", "12.5", "25.0"), **SHARE),
            *_counted("M34", "numerator", ("24", "12", "23"), **SHARE),
            *_counted("M34", "denominator", ("96", "96", "92"), **SHARE),
        ],
    ),
    Statement(
        "S35",
        "savings grew by 10 % in the Philippines, by 2 to 3 % in Colombia and Mexico",
        _of_countries("M16", ("2.8", "2.2", "10.0")),
    ),
    Statement(
        "S38",
        "9 % more families in lending circles in the Philippines",
        [
            *_of_countries("M21", ("3.3", "4.0", "9.1")),
            *_counted("M21", "denominator", ("30", "25", "44")),
            *_counted("M21", "numerator", ("31", "26", "48")),
            *_of_countries("M21", ("1.1", "1.1", "4.5"), **DIFFERENCE),
        ],
    ),
    Statement(
        "S39",
        "15 % more paid into lending circles",
        [
            *_of_countries("M22", ("3.0", "4.0", "15.0")),
            *_counted("M22", "denominator", ("15000", "1250000", "22000")),
            *_counted("M22", "numerator", ("15450", "1300000", "25300")),
            PublishedFigure("M22", "PHL", "5.42", denominator_code="per_participant"),
        ],
    ),
]

FIGURES_OF_STATEMENTS = [
    (statement.number, figure)
    for statement in STATEMENTS
    for figure in statement.figures
]

# The headline statements once more on everything known now: every row must exist.
LIVE_FIGURES = [
    (number, replace(figure, release_code="live"))
    for number, figure in FIGURES_OF_STATEMENTS
]

# Statements that name an indicator without a fixed answer: metric, statistic, category.
INDICATORS = [
    ("S03", "M29", "share", "attending"),
    ("S03", "M30", "share", "total"),
    ("S05", "M41", "share", "education"),
    ("S05", "M42", "share", "by_6_months"),
    ("S05", "M43", "share_by_12_months", "total"),
    ("S06", "M37", "share", "received"),
    ("S06", "M39", "share", "total"),
    ("S07", "M51", "share", "paid_amount"),
    ("S07", "M52", "median", "total"),
    ("S08", "M47", "share", "completed"),
    ("S11", "M54", "share", "received"),
    ("S11", "M55", "share", "total"),
    ("S11", "M56", "share", "family"),
    ("S12", "M44", "share", "held"),
    ("S14", "M45", "share", "tried"),
    ("S15", "M15", "share", "total"),
    ("S16", "M31", "share", "to_income"),
    ("S16", "M35", "share", "peer_tested"),
    ("S17", "M10", "share", "below_2_15"),
    ("S18", "M24", "share", "total"),
    ("S18", "M25", "share", "total"),
    ("S18", "M26", "share", "total"),
    ("S18", "M27", "share", "total"),
    ("S18", "M28", "median", "total"),
    ("S26", "M38", "share", "gave_device"),
    ("S27", "M39", "share", "mismatch"),
    ("S28", "M38", "share", "gave_forms"),
    ("S29", "M38", "share", "gave_food"),
    ("S30", "M40", "rate", "total"),
    ("S31", "M33", "share_of_money", "biz"),
    ("S34", "M19", "share", "school"),
    ("S41", "M50", "share", "total"),
    ("S43", "M44", "share", "data_review"),
    ("S44", "M48", "total", "total"),
    ("S48", "M45", "total", "shared"),
]
