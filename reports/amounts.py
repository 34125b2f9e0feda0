"""Amounts, counts and months as families write them."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from pages import Language, month_names

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
# What stands before an amount, and what parts its thousands, as in the journals.
_MONEY = {
    "MXN": (f"${NO_BREAK_SPACE}", ","),
    "COP": (f"${NO_BREAK_SPACE}", "."),
    "PHP": ("\N{PESO SIGN}", ","),
    "USD": ("$", ","),
    "LRD": ("L$", ","),
}


def money(amount: Decimal, currency: str) -> str:
    """Return an amount in whole units, such as `$ 910.000` in Colombia."""
    before, thousands = _MONEY.get(currency, (f"{currency}{NO_BREAK_SPACE}", ","))
    whole = amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return before + f"{whole:,}".replace(",", thousands)


def month_name(month: date, language: Language) -> str:
    """Return a month such as `March 2022`."""
    return f"{month_names(language)[month.month - 1]} {month.year}"
