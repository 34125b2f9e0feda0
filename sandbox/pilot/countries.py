"""What the pilot must come to in each country: targets, sizes, counts of mess.

The incomes, scores and shares are chosen so that they reproduce the percentages the
programme published in 2022. Amounts of payments and investments are invented. Money is
in the country's own currency.
"""

from dataclasses import dataclass, field
from fractions import Fraction

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mess:
    """How many submissions go wrong in which way."""

    doubled: int
    conflicting: int
    edited: int
    mistyped_code: int
    wrong_unit: int
    in_dollars: int
    wrong_month: int
    late: int
    test: int
    deleted: int
    rejected: int
    after_cutoff: int


@dataclass(frozen=True, slots=True)
class Country:
    """One country's families and the sums they must add up to.

    Pairs are (July 2020, July 2021) over panel B: families with a journal at both ends.
    Panel A: families with a baseline and a journal of July 2020.
    """

    code: str
    iso3: str
    currency: str
    language: str
    utc_offset: str
    site_names: tuple[str, str]
    money_unit: int
    panel_a_count: int
    panel_b_count: int
    without_baseline_count: int
    without_launch_count: int
    late_joiner_count: int
    baseline_income_panel_a: int
    launch_income_panel_a: int
    income: Pair
    savings: Pair
    circle_families: Pair
    circle_contributed: Pair
    satisfaction: Pair
    control: Pair
    given_percent: int
    invested_family_count: int
    child_family_count: int
    journal_payment: int
    investment_range: Pair
    price_levels: tuple[float, float]
    local_per_usd_ppp: float
    local_per_usd: float
    unit_error: Fraction
    mess: Mess
    income_shocks: dict[str, float] = field(default_factory=dict)


MEXICO = Country(
    code="MX",
    iso3="MEX",
    currency="MXN",
    language="es",
    utc_offset="-06:00",
    site_names=("Valle Ficticio", "Puerto Ejemplo"),
    money_unit=10,
    panel_a_count=96,
    panel_b_count=90,
    without_baseline_count=1,
    without_launch_count=3,
    late_joiner_count=2,
    baseline_income_panel_a=960_000,
    launch_income_panel_a=768_000,
    income=(738_000, 745_380),
    savings=(90_000, 92_520),
    circle_families=(30, 31),
    circle_contributed=(15_000, 15_450),
    satisfaction=(540, 567),
    control=(540, 558),
    given_percent=5,
    invested_family_count=96,
    child_family_count=24,
    journal_payment=200,
    investment_range=(2_000, 6_000),
    price_levels=(122.6, 129.7),
    local_per_usd_ppp=9.86147117614746,
    local_per_usd=20.0,
    unit_error=Fraction(100),  # centavos typed without a point
    income_shocks={"2020-12": 1.12},
    mess=Mess(
        doubled=12,
        conflicting=5,
        edited=8,
        mistyped_code=6,
        wrong_unit=3,
        in_dollars=2,
        wrong_month=4,
        late=9,
        test=5,
        deleted=4,
        rejected=3,
        after_cutoff=2,
    ),
)

COLOMBIA = Country(
    code="CO",
    iso3="COL",
    currency="COP",
    language="es",
    utc_offset="-05:00",
    site_names=("Monte Inventado", "Bahía Supuesta"),
    money_unit=100,
    panel_a_count=97,
    panel_b_count=92,
    without_baseline_count=1,
    without_launch_count=2,
    late_joiner_count=3,
    baseline_income_panel_a=97_000_000,
    launch_income_panel_a=88_270_000,
    income=(84_640_000, 85_486_400),
    savings=(13_800_000, 14_103_600),
    circle_families=(25, 26),
    circle_contributed=(1_250_000, 1_300_000),
    satisfaction=(500, 530),
    control=(552, 575),
    given_percent=6,
    invested_family_count=96,
    child_family_count=12,
    journal_payment=40_000,
    investment_range=(400_000, 1_200_000),
    price_levels=(122.7, 127.6),
    local_per_usd_ppp=1419.37426757813,
    local_per_usd=3700,
    unit_error=Fraction(1, 1000),  # spoken, and typed, in thousands
    income_shocks={"2020-12": 1.1},
    mess=Mess(
        doubled=9,
        conflicting=4,
        edited=6,
        mistyped_code=5,
        wrong_unit=10,
        in_dollars=0,
        wrong_month=4,
        late=7,
        test=5,
        deleted=3,
        rejected=3,
        after_cutoff=1,
    ),
)

PHILIPPINES = Country(
    code="PH",
    iso3="PHL",
    currency="PHP",
    language="fil",
    utc_offset="+08:00",
    site_names=("Barangay Halimbawa", "Isla Kathang-isip"),
    money_unit=10,
    panel_a_count=95,
    panel_b_count=88,
    without_baseline_count=2,
    without_launch_count=3,
    late_joiner_count=4,
    baseline_income_panel_a=1_425_000,
    launch_income_panel_a=1_026_000,
    income=(968_000, 977_680),
    savings=(132_000, 145_200),
    circle_families=(44, 48),
    circle_contributed=(22_000, 25_300),
    satisfaction=(400, 428),
    control=(484, 506),
    given_percent=9,
    invested_family_count=92,
    child_family_count=23,
    journal_payment=500,
    investment_range=(5_000, 15_000),
    price_levels=(132.8, 137.8),
    local_per_usd_ppp=19.3925170898438,
    local_per_usd=49.0,
    unit_error=Fraction(100),  # centavos typed without a point
    income_shocks={"2020-11": 0.80, "2020-12": 0.9},  # typhoons
    mess=Mess(
        doubled=15,
        conflicting=6,
        edited=9,
        mistyped_code=7,
        wrong_unit=4,
        in_dollars=2,
        wrong_month=5,
        late=14,
        test=5,
        deleted=5,
        rejected=3,
        after_cutoff=2,
    ),
)

COUNTRIES = (MEXICO, COLOMBIA, PHILIPPINES)
