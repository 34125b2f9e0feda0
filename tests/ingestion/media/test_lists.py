from dataclasses import replace
from decimal import Decimal

import pytest

from ingestion.media.families import Family, Known
from ingestion.media.lists import lists_of_form
from ingestion.registry import Registry
from tests.ingestion.media.conftest import registry_with

FAMILIES = (
    Family(
        "MX-01-0001",
        "MX-PG01",
        "MX-01",
        may_ask_of_health=True,
        last_income=Decimal("120.50"),
    ),
    Family(
        "MX-01-0002",
        None,
        "MX-01",
        may_ask_of_health=False,
        last_income=Decimal("70.00"),
    ),
    Family("MX-01-0003", "MX-PG01", "MX-01", may_ask_of_health=False, last_income=None),
    Family(
        "CO-01-0001", "CO-PG01", "CO-01", may_ask_of_health=True, last_income=Decimal(9)
    ),
)
KNOWN = Known(
    FAMILIES,
    {"MX-PG01": "MX-01", "CO-PG01": "CO-01"},
    {"MX-01-0001": 'Maria "Mari" Lopez, Sra.'},
)


def made(registry: Registry) -> dict[str, str]:
    form = registry.forms[0]
    return {
        file.name: file.content.decode()
        for file in lists_of_form(form, registry.sites, KNOWN)
    }


def test_the_lists_have_the_columns_that_the_forms_look_up() -> None:
    assert made(registry_with("a")) == {
        "sites.csv": "site_code,site_label,country\nMX-01,Loma Clara,mx\n",
        "peer_groups.csv": "group_code,group_label,site_code\nMX-PG01,MX-PG01,MX-01\n",
        "families.csv": (
            "family_code,family_label,group_code,site_code,c_health\n"
            "MX-01-0001,MX-01-0001,MX-PG01,MX-01,yes\n"
            "MX-01-0002,MX-01-0002,,MX-01,no\n"
            "MX-01-0003,MX-01-0003,MX-PG01,MX-01,no\n"
        ),
        "last_month.csv": ("family_code,inc_total\nMX-01-0001,120.50\nMX-01-0002,70\n"),
    }


def test_names_stand_in_one_list_alone_and_only_where_the_registry_says_so() -> None:
    lists = made(registry_with("a", names=True))

    assert '"MX-01-0001 Maria ""Mari"" Lopez, Sra."' in lists["families.csv"]
    assert [name for name, text in lists.items() if "Maria" in text] == ["families.csv"]


def test_a_form_gets_the_lists_that_it_reads_and_no_other() -> None:
    assert list(made(registry_with("a", files=["families"]))) == ["families.csv"]


def test_a_group_that_nobody_is_in_yet_can_be_chosen_at_enrolment() -> None:
    registry = registry_with("a", files=["peer_groups"])
    site = registry.sites["MX-01"].model_copy(
        update={"new_peer_groups": ["MX-PG09", "MX-PG01"]}
    )

    lists = made(replace(registry, sites={**registry.sites, "MX-01": site}))

    assert lists["peer_groups.csv"].splitlines()[1:] == [
        "MX-PG01,MX-PG01,MX-01",
        "MX-PG09,MX-PG09,MX-01",
    ]


def test_the_same_facts_give_the_same_bytes() -> None:
    registry = registry_with("a", names=True)
    form = registry.forms[0]

    first = lists_of_form(form, registry.sites, KNOWN)
    second = lists_of_form(form, registry.sites, KNOWN)

    assert [file.digest for file in first] == [file.digest for file in second]


@pytest.mark.parametrize(("name", "count"), [("families", 3), ("last_month", 2)])
def test_a_list_counts_its_rows(name: str, count: int) -> None:
    registry = registry_with("a", files=[name])

    (file,) = lists_of_form(registry.forms[0], registry.sites, KNOWN)

    assert file.row_count == count
