import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.warehouse.conftest import Warehouse
from warehouse.__main__ import app
from warehouse.connection import open_engine
from warehouse.documentation import cookbook
from warehouse.errors import CookbookError

RECIPE = """\
-- Topic: Income
-- Question: How many are there,
--   all in all?
-- Asked by: analyst
-- Read: one line
-- Traps: none
-- Definition: none
-- Release: live
select 1::integer as one
"""
# Names that would show one family, or lead to it.
IDENTIFYING = re.compile(r"(_key|_id|_text|_url)$|family_code|root_id")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.sql").write_text(RECIPE)
    return tmp_path


@pytest.mark.parametrize("recipe", cookbook.recipes(), ids=lambda recipe: recipe.name)
def test_every_query_gives_what_stands_beside_it_on_the_pilot(
    recipe: cookbook.Recipe, built_pilot: Warehouse
) -> None:
    engine = open_engine(built_pilot.url)
    with engine.connect() as connection:
        given = cookbook.result(recipe, connection)
    engine.dispose()

    assert given == recipe.expected


def test_there_are_as_many_questions_as_promised_and_each_has_an_answer() -> None:
    found = cookbook.recipes()

    assert len(found) >= 25
    assert [one.name for one in found if len(one.expected.splitlines()) < 2] == []


def test_no_result_shows_a_family() -> None:
    identifying = [
        f"{recipe.name}.{column}"
        for recipe in cookbook.recipes()
        for column in recipe.expected.splitlines()[0].split(",")
        if IDENTIFYING.search(column) and column != "form_id"
    ]

    assert identifying == []


def test_queries_read_marts_and_operations_and_nothing_below() -> None:
    below = [
        recipe.name
        for recipe in cookbook.recipes()
        if re.search(r"\b(raw|pii|staging|intermediate|reference)\.", recipe.sql)
    ]

    assert below == []


def test_the_index_lists_the_queries_as_they_are() -> None:
    """Renewed by `python -m warehouse cookbook --write`."""
    page = (cookbook.COOKBOOK / cookbook.INDEX).read_text()

    assert page == cookbook.index(cookbook.recipes())


def test_a_header_is_read_over_several_lines(folder: Path) -> None:
    (recipe,) = cookbook.recipes(folder)

    assert recipe.about["Question"] == "How many are there, all in all?"
    assert recipe.about["Release"] == "live"


@pytest.mark.parametrize(
    ("line", "said"),
    [("-- Traps: none\n", "Traps"), ("-- Topic: Income\n", "Topic")],
)
def test_a_header_that_lacks_a_field_is_refused(
    folder: Path, line: str, said: str
) -> None:
    (folder / "one.sql").write_text(RECIPE.replace(line, ""))

    with pytest.raises(CookbookError, match=rf"one\.sql: .*look at {said}"):
        cookbook.recipes(folder)


def test_a_topic_that_is_not_known_is_refused(folder: Path) -> None:
    (folder / "one.sql").write_text(RECIPE.replace("Income", "Luck"))

    with pytest.raises(CookbookError, match="Luck is no topic"):
        cookbook.recipes(folder)


def test_what_changed_is_named_and_written(folder: Path, empty_warehouse: str) -> None:
    engine = open_engine(empty_warehouse)
    with engine.connect() as connection:
        assert cookbook.changed(connection, folder) == {"one": "one\n1\n"}

        assert cookbook.write(connection, folder) == ["one"]

        assert cookbook.changed(connection, folder) == {}
    engine.dispose()
    assert (folder / "one.csv").read_text() == "one\n1\n"
    assert "[query](one.sql)" in (folder / "README.md").read_text()


def test_every_mart_of_the_cookbook_is_in_its_exposure(built_pilot: Warehouse) -> None:
    manifest = built_pilot.manifest()
    exposed = {
        f"{node['schema']}.{node['name']}"
        for key in manifest["exposures"]["exposure.family_journal.cookbook"][
            "depends_on"
        ]["nodes"]
        for node in [manifest["nodes"][key]]
    }
    read = {
        name
        for recipe in cookbook.recipes()
        for name in re.findall(r"\b(?:from|join) ((?:marts|ops)\.\w+)", recipe.sql)
    }

    assert read == exposed


def test_the_command_says_that_nothing_changed_on_the_pilot(
    built_pilot: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", built_pilot.url)

    done = CliRunner().invoke(app, ["cookbook"])

    assert done.output == f"{len(cookbook.recipes())} queries ran; changed: none.\n"
    assert done.exit_code == 0
