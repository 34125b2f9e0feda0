"""Whose groups' pages a role writes, and what a family's consent does to them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from reports import ReportError, build_group_pages
from reports.deciding import Refusal
from tests.warehouse.access.conftest import Guarded
from warehouse.errors import WarehouseSettingError

OF_LIAISON = {"MX-PG01", "MX-PG02"}  # of liaison_loma_clara, in the registry


def groups_in(folder: Path) -> set[str]:
    return {page.parent.name for page in folder.rglob("*.html")}


@pytest.fixture
def withdrawn(guarded: Guarded) -> Iterator[str]:
    """Let one group be as it is when a family has taken its consent back."""
    change = "update marts.dim_peer_groups set is_agreed_by_all = {} where {}"
    of_group = "peer_group_code = 'MX-PG01'"
    guarded.run(change.format("false", of_group))
    yield "MX-PG01"
    guarded.run(change.format("true", of_group))


def test_a_liaison_writes_the_pages_of_own_groups_and_no_others(
    guarded: Guarded, tmp_path: Path
) -> None:
    url = guarded.url_of("liaison_loma_clara")

    built = build_group_pages(tmp_path, url=url)

    assert groups_in(tmp_path) == OF_LIAISON
    assert built.group_count == 2


def test_an_administrator_can_write_what_a_role_may_see(
    guarded: Guarded, tmp_path: Path
) -> None:
    build_group_pages(tmp_path, url=guarded.url, role="liaison_loma_clara")

    assert groups_in(tmp_path) == OF_LIAISON


def test_a_liaison_who_sees_no_group_is_told_so_and_keeps_no_page_of_before(
    guarded: Guarded, tmp_path: Path
) -> None:
    url = guarded.url_of("liaison_loma_clara")
    build_group_pages(tmp_path, url=url)
    assert groups_in(tmp_path)

    with pytest.raises(ReportError, match="sees no peer group of PH-01"):
        build_group_pages(tmp_path, url=url, sites=["PH-01"])

    assert groups_in(tmp_path) == set()


def test_a_lead_reads_no_marts_of_groups_and_writes_no_page(
    guarded: Guarded, tmp_path: Path
) -> None:
    with pytest.raises(ReportError, match="may not read the marts of peer groups"):
        build_group_pages(tmp_path, url=guarded.url_of("lead_mexico"))

    assert groups_in(tmp_path) == set()


def test_a_role_that_was_not_given_to_the_login_is_not_taken(
    guarded: Guarded, tmp_path: Path
) -> None:
    url = guarded.url_of("liaison_loma_clara")
    with pytest.raises(WarehouseSettingError, match="may not read as analyst"):
        build_group_pages(tmp_path, url=url, role="analyst")


def test_a_group_loses_its_page_when_a_family_takes_its_consent_back(
    guarded: Guarded, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = guarded.url_of("liaison_loma_clara")
    build_group_pages(tmp_path, url=url)
    group = request.getfixturevalue("withdrawn")

    built = build_group_pages(tmp_path, url=url)

    assert built.refused == {Refusal.NOT_AGREED: [group]}
    assert groups_in(tmp_path) == OF_LIAISON - {group}


def test_a_page_is_written_of_another_month_and_language_where_asked(
    guarded: Guarded, tmp_path: Path
) -> None:
    build_group_pages(
        tmp_path,
        url=guarded.url_of("liaison_loma_clara"),
        month=date(2021, 7, 1),
        languages=("en",),
    )

    pages = {page.relative_to(tmp_path).as_posix() for page in tmp_path.rglob("*.html")}
    assert pages == {"MX-PG01/2021-07.en.html", "MX-PG02/2021-07.en.html"}
