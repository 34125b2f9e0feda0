from decimal import Decimal

import pytest
from sqlalchemy import Engine

from ingestion.errors import MediaNotReadyError
from ingestion.media.families import Family, ask_warehouse
from tests.ingestion.media.conftest import run


def family(engine: Engine, code: str) -> Family | None:
    known = ask_warehouse(engine, with_names=False)
    return next((one for one in known.families if one.family_code == code), None)


def test_a_family_comes_with_its_group_consent_and_last_income(marts: Engine) -> None:
    assert family(marts, "MX-01-0001") == Family(
        "MX-01-0001",
        "MX-PG01",
        "MX-01",
        may_ask_of_health=True,
        last_income=Decimal("120.50"),
    )


def test_health_is_asked_of_nobody_who_did_not_say_yes(marts: Engine) -> None:
    asked = ask_warehouse(marts, with_names=False).families

    assert [one.family_code for one in asked if one.may_ask_of_health] == ["MX-01-0001"]


def test_an_income_of_three_months_ago_is_nobodys_last_month(marts: Engine) -> None:
    found = family(marts, "MX-01-0002")

    assert found is not None
    assert found.last_income is None


@pytest.mark.parametrize(
    "change",
    [
        "delete from marts.dim_families where family_key = 'k1'",
        "update marts.dim_families set status_code = 'exited' where family_key = 'k1'",
        # An erasure: the marts of before are still there.
        "delete from pii.family_keys where family_key = 'k1'",
    ],
    ids=["withdrew", "left", "erased"],
)
def test_a_family_that_withdrew_left_or_was_erased_is_nowhere(
    marts: Engine, change: str
) -> None:
    assert family(marts, "MX-01-0001") is not None

    run(marts, change)

    assert family(marts, "MX-01-0001") is None


def test_a_rejected_journal_gives_no_income(marts: Engine) -> None:
    run(marts, "update marts.fct_family_months set journal_status_code = 'rejected'")

    incomes = {
        one.last_income for one in ask_warehouse(marts, with_names=False).families
    }

    assert incomes == {None}


def test_names_are_the_newest_and_only_where_asked_for(marts: Engine) -> None:
    assert ask_warehouse(marts, with_names=False).names == {}
    assert ask_warehouse(marts, with_names=True).names == {"MX-01-0001": "Maria Lopez"}


def test_no_representation_names_a_family(marts: Engine) -> None:
    known = ask_warehouse(marts, with_names=True)

    assert "0001" not in repr(known)
    assert "Maria" not in repr(known)


def test_marts_that_were_never_built_are_asked_to_be(engine: Engine) -> None:
    with pytest.raises(MediaNotReadyError, match="python -m warehouse build"):
        ask_warehouse(engine, with_names=False)
