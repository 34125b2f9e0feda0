"""Whoever changes a table finds out from dbt which dashboards and queries read it."""

import re
from pathlib import Path

import yaml

from dashboards.spec_file import load_specs

ROOT = Path(__file__).parents[2]
EXPOSURES = ROOT / "dbt_project" / "models" / "exposures.yml"
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


def tables_in(*queries: str) -> set[str]:
    return {table for query in queries for table in READ.findall(query)}


def test_every_dashboard_and_the_cookbook_are_exposures() -> None:
    dashboards = {spec.name for spec in load_specs()}

    assert dashboards
    assert dashboards | {"cookbook"} <= set(exposed())


def test_an_exposure_names_the_tables_that_its_queries_read() -> None:
    read = {spec.name: tables_in(*spec.queries.values()) for spec in load_specs()}
    pages = COOKBOOK.rglob("*.sql")
    read["cookbook"] = tables_in(*(page.read_text() for page in pages))

    for name, tables in read.items():
        assert exposed()[name] == tables, name
