"""Whoever changes a table finds out from dbt which dashboards and queries read it."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
EXPOSURES = ROOT / "dbt_project" / "models" / "exposures.yml"
SPECS = ROOT / "dashboards" / "specs"
COOKBOOK = ROOT / "warehouse_docs" / "cookbook"
READ = re.compile(r"\b(?:from|join)\s+(?:marts|ops|share)\.(\w+)")


def exposed() -> dict[str, set[str]]:
    page = yaml.safe_load(EXPOSURES.read_text())
    return {
        exposure["name"]: {
            ref.removeprefix("ref('").removesuffix("')")
            for ref in exposure["depends_on"]
        }
        for exposure in page["exposures"]
    }


def tables_of(folder: Path) -> set[str]:
    return {
        table
        for page in folder.rglob("*.sql")
        for table in READ.findall(page.read_text())
    }


def test_every_dashboard_and_the_cookbook_are_exposures() -> None:
    dashboards = {spec.stem for spec in SPECS.glob("*.yml")}

    assert dashboards
    assert dashboards | {"cookbook"} <= set(exposed())


def test_an_exposure_names_the_tables_that_its_queries_read() -> None:
    folders = {spec.stem: spec.with_suffix("") for spec in SPECS.glob("*.yml")}
    folders["cookbook"] = COOKBOOK

    for name, folder in folders.items():
        assert exposed()[name] == tables_of(folder), name
