"""What MetricFlow answers is what the marts say."""

import csv
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.warehouse.conftest import Warehouse
from warehouse import dbt, semantic
from warehouse.errors import SemanticError

GLOSSARY = Path("warehouse_docs") / "glossary"


@pytest.fixture(scope="module")
def project(built_pilot: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the dbt project, for MetricFlow writes into it."""
    if not semantic.MF.exists():
        pytest.skip("MetricFlow is not installed: `make check-semantic` installs it")
    root = tmp_path_factory.mktemp("semantic")
    left_out = shutil.ignore_patterns("target", "logs")
    shutil.copytree(dbt.PROJECT, root / "dbt_project", ignore=left_out)
    shutil.copytree(dbt.PROJECT.parent / GLOSSARY, root / GLOSSARY)
    semantic.write_manifest(root / "dbt_project", url=built_pilot.url)
    return root / "dbt_project"


@pytest.mark.long
def test_every_semantic_model_and_metric_holds_on_the_warehouse(
    project: Path, built_pilot: Warehouse
) -> None:
    semantic.run_mf(["validate-configs"], project_dir=project, url=built_pilot.url)


@pytest.mark.long
def test_months_of_families_answer_as_the_months_of_countries(
    project: Path, built_pilot: Warehouse, tmp_path: Path
) -> None:
    answer = tmp_path / "answer.csv"
    metrics = (
        "expected_journals,reported_journals,families_with_income,income_mean_local,"
        "income_mean_usd_ppp,saver_share"
    )
    by = "metric_time__month,family_month__country_code"
    asked = ["query", "--metrics", metrics, "--group-by", by, "--csv", str(answer)]
    marts = built_pilot.rows(
        "select journal_month::text, country_code, expected_family_count,"
        " reported_family_count, income_family_count, income_mean_local,"
        " income_mean_usd_ppp, saver_share"
        " from marts.fct_country_months"
    )

    semantic.run_mf(asked, project_dir=project, url=built_pilot.url)

    found = {
        (row["metric_time__month"][:10], row["family_month__country_code"]): [
            Decimal(row[name] or 0) for name in metrics.split(",")
        ]
        for row in csv.DictReader(answer.read_text().splitlines())
    }
    assert len(found) == len(marts)
    for month, country, *figures in marts:
        told = found[month, country]
        assert told == pytest.approx(
            [figure or 0 for figure in figures], rel=Decimal("1e-4")
        ), (month, country)


@pytest.mark.long
def test_a_figure_of_the_catalogue_is_found_by_its_whole_key(
    project: Path, built_pilot: Warehouse, tmp_path: Path
) -> None:
    answer = tmp_path / "answer.csv"
    key = {
        "metric_code": "M03",
        "scope_type_code": "country",
        "scope_code": "MEX",
        "panel_code": "balanced",
        "statistic_code": "growth_of_means",
        "price_code": "nominal",
        "outlier_code": "kept",
        "denominator_code": "household",
        "category_code": "total",
        "release_code": "2021-07",
    }
    where = " and ".join(
        f"{{{{ Dimension('figure__{name}') }}}} = '{value}'"
        for name, value in key.items()
    )
    columns = " and ".join(f"{name} = '{value}'" for name, value in key.items())
    (mart,) = built_pilot.rows(
        f"select value, family_count from marts.fct_metric_values where {columns}"  # noqa: S608 - our own words
        " and start_month = date '2020-07-01' and end_month = date '2021-07-01'"
    )
    launch = "{{ TimeDimension('figure__start_month', 'month') }} = '2020-07-01'"
    end = "{{ TimeDimension('metric_time', 'month') }} = '2021-07-01'"

    semantic.run_mf(
        [
            *("query", "--metrics", "figure_value,figure_count,figure_family_count"),
            *("--group-by", "figure__scope_code", "--csv", str(answer)),
            *("--where", f"{where} and {launch} and {end}"),
        ],
        project_dir=project,
        url=built_pilot.url,
    )

    (row,) = csv.DictReader(answer.read_text().splitlines())
    assert row["figure_count"] == "1"
    assert (Decimal(row["figure_value"]), int(row["figure_family_count"])) == mart


def test_without_its_environment_one_sentence_says_how_to_get_it(
    tmp_path: Path,
) -> None:
    with pytest.raises(SemanticError, match="make install-semantic"):
        semantic.run_mf(["query"], mf=tmp_path / "mf")


def test_a_question_that_fails_is_an_error_and_reaches_the_warehouse_it_was_given(
    tmp_path: Path,
) -> None:
    program = tmp_path / "mf"
    program.write_text('#!/bin/sh\nenv > "$DBT_PROFILES_DIR/seen"\nexit 3\n')
    program.chmod(0o755)

    with pytest.raises(SemanticError, match="mf query ended with an error"):
        semantic.run_mf(
            ["query"],
            project_dir=tmp_path,
            url="postgresql://reader:secret@db.example:6543/journal",
            mf=program,
        )

    seen = (tmp_path / "seen").read_text().splitlines()
    assert {"WAREHOUSE_HOST=db.example", "WAREHOUSE_PORT=6543"} <= set(seen)
