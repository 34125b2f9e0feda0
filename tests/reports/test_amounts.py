from datetime import date
from decimal import Decimal

import pytest

from reports.amounts import money, month_name


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("8200", "MXN", "$\N{NO-BREAK SPACE}8,200"),
        ("910000.00", "COP", "$\N{NO-BREAK SPACE}910.000"),
        ("10799.50", "PHP", "₱10,800"),
        ("0", "USD", "$0"),
        ("1500000", "LRD", "L$1,500,000"),
        ("12", "UGX", "UGX\N{NO-BREAK SPACE}12"),
    ],
)
def test_an_amount_is_written_as_in_its_country(
    amount: str, currency: str, written: str
) -> None:
    assert money(Decimal(amount), currency) == written


def test_a_month_is_said_in_the_language_of_the_page() -> None:
    month = date(2021, 8, 1)

    assert month_name(month, "en") == "August 2021"
    assert month_name(month, "es") == "agosto 2021"
    assert month_name(month, "fil") == "Agosto 2021"
