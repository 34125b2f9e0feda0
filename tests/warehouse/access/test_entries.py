from pathlib import Path

import pytest

from ingestion.errors import RegistryError
from ingestion.registry import load_registry
from warehouse.access.registry import DEFAULT_PATH, load_access
from warehouse.errors import AccessError

WRONG = {
    "lead_x: {}": "either sites or",
    "lead_x: {sites: [MX-99]}": "names no site",
    "lead_x: {sites: []}": "sites",
    "lead_x: {groups: [MX-PG01]}": "only a liaison has groups",
    "liaison_x: {sites: [MX-01]}": "give groups instead",
    "liaison_x: {groups: [MX-PG01], totals: true}": "no use for totals",
    "analyst: {sites: all, totals: true}": "no use for totals",
    "boss: {sites: all}": "boss",
    "postgres: {sites: all}": "postgres",
    'lead_"; drop role x: {sites: all}': "lead_",
    "lead_x: {sites: all, people: [transformer]}": "is the name of a role",
    "lead_x: {sites: all, people: [publisher]}": "is the name of a role",
    "lead_x: {sites: all, people: [pg_monitor]}": "is the name of a role",
    "lead_x: {sites: all, people: [Maria]}": "people",
    "lead_x: {sites: all, rows: all}": "rows",
}


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    written = DEFAULT_PATH.read_text().partition("access:\n")[0]
    path = tmp_path / "sites.yml"
    path.write_text(written + "access:\n  ENTRY\n")
    return path


@pytest.mark.parametrize(("entry", "reason"), WRONG.items(), ids=WRONG)
def test_a_wrong_entry_is_refused_by_both_who_read_it(
    registry: Path, entry: str, reason: str
) -> None:
    registry.write_text(registry.read_text().replace("ENTRY", entry))

    with pytest.raises(AccessError, match=reason):
        load_access(registry)
    with pytest.raises(RegistryError, match=r"line \d+: .*" + reason):
        load_registry(registry)


def test_both_read_the_same_of_a_right_entry(registry: Path) -> None:
    entry = "lead_x: {sites: [MX-01], totals: true, people: [maria]}"
    registry.write_text(registry.read_text().replace("ENTRY", entry))

    assert load_access(registry).readers == load_registry(registry).access
    assert load_access(registry).people == {"maria": frozenset({"lead_x"})}


def test_a_registry_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match=r"none\.yml cannot be read"):
        load_access(tmp_path / "none.yml")
