"""Rules of data quality: models, seed, free text and the page about them agree."""

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEED = ROOT / "dbt_project" / "seeds" / "data_quality_rules.csv"
ISSUES = ROOT / "dbt_project" / "models" / "intermediate" / "issues"
UNION = ISSUES.parent / "int_issues_unioned.sql"
MACRO = ROOT / "dbt_project" / "macros" / "staging" / "personal_data_kinds.sql"
MAPS = ROOT / "ingestion" / "maps"
PAGE = ROOT / "warehouse_docs" / "data_quality.md"
# Written by the product after a build, not by a model.
NOT_OF_A_MODEL = {"test_warning"}


def rules() -> list[dict[str, str]]:
    return list(csv.DictReader(SEED.read_text().splitlines()))


def rule_of_page(rule: dict[str, str]) -> str:
    cells = (
        f"`{rule['rule_code']}`",
        rule["rule_name"],
        rule["severity_code"],
        rule["owner_code"],
        rule["closes_when"],
    )
    return f"| {' | '.join(cells)} |"


def test_every_rule_of_the_seed_has_a_model_and_every_model_a_rule() -> None:
    text = "\n".join(page.read_text() for page in ISSUES.glob("*.sql"))
    corrections = set(re.findall(r"\('(correction_\w+)', \"", text))
    coded = set(re.findall(r"issue_columns\(\s*'(\w+)'", text)) | corrections

    assert {rule["rule_code"] for rule in rules()} - NOT_OF_A_MODEL == coded


def test_every_model_of_a_rule_is_among_the_issues() -> None:
    models = {page.stem.removeprefix("int_issues_") for page in ISSUES.glob("*.sql")}
    listed = set(re.findall(r"^\s+'(\w+)',$", UNION.read_text(), re.MULTILINE))

    assert models
    assert listed == models


def test_the_page_lists_every_rule_as_the_seed_has_it() -> None:
    listed = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]

    assert listed == [rule_of_page(rule) for rule in rules()]


@pytest.mark.parametrize("column", ["rule_name", "what_to_do"])
def test_every_rule_is_told_in_three_languages(column: str) -> None:
    for rule in rules():
        told = [rule[column], rule[f"{column}_es"], rule[f"{column}_fil"]]

        assert all(told), rule["rule_code"]
        assert len(set(told)) == 3, rule["rule_code"]


def test_a_limit_says_what_it_is_of() -> None:
    for rule in rules():
        for name in ("lower_limit", "upper_limit", "minimum_count"):
            if rule[name]:
                meaning = rule["limits_meaning"].lower()
                assert name in meaning or "both limits" in meaning, rule["rule_code"]


@pytest.mark.parametrize("page", sorted(MAPS.glob("*.yml")), ids=lambda page: page.stem)
def test_every_answer_in_free_text_is_searched_for_personal_data(page: Path) -> None:
    fields = set(re.findall(r"^\s+(\w+_text):", page.read_text(), re.MULTILINE))
    listed = re.search(
        rf"'{page.stem}s': \[(.*?_text')?,?\s*\],\n", MACRO.read_text(), re.DOTALL
    )
    searched = set(re.findall(r"(\w+_text)'", listed.group(1))) if listed else set()

    assert fields == searched
