"""From a new version on the server to its answers in the warehouse, by command."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ingestion.answers.field_maps import load_field_map
from ingestion.command_line.writing import write_whole
from ingestion.errors import RegistryError
from sandbox.kobo import KoboServer
from tests.ingestion.command_line.commands import run
from tests.ingestion.conftest import MAPS, Rows
from tests.ingestion.small_forms import UID, Life, day, forty

PRESENT = MAPS / "small_journal.yml"


@pytest.fixture
def server() -> Iterator[KoboServer]:
    life = forty(Life())
    life.add(41, 55, family_code="MX-01-0041", ref_month="2021-02-01", mood="calm")
    with KoboServer([life.form()], clock=day(60)) as server:
        yield server


def test_a_map_is_printed_and_nothing_is_written(registry: Path) -> None:
    before = sorted(registry.parent.rglob("*"))

    code, out, err = run("propose-map", "--form", "journal")

    assert code == 0
    assert yaml.safe_load(out)["fields"]["mood"]["class"] == "sensitive"
    assert out.startswith(PRESENT.read_text().splitlines()[0])
    assert err.startswith("journal: 1 proposals, marked `# proposed` above")
    assert sorted(registry.parent.rglob("*")) == before
    assert (registry.parent / PRESENT.name).read_text() == PRESENT.read_text()


def test_an_accepted_map_names_the_answers_that_have_landed(
    registry: Path, rows: Rows
) -> None:
    run("land", "--form", "journal")
    present = registry.parent / PRESENT.name

    code, out, _ = run("propose-map", "--form", "journal", "--output", str(present))
    run("remap", "--form", "journal")

    query = "select answers from raw.forms__journals where submission_id = '41'"
    assert (code, out) == (0, "")
    assert rows(query)[0]["answers"]["mood"] == "calm"
    assert run("check", "--form", "journal")[0] == 0
    _, _, err = run("propose-map", "--form", "journal")
    assert err.strip() == "journal: the map accounts for every question already."


def test_offline_the_definitions_that_have_landed_are_enough(
    registry: Path, server: KoboServer
) -> None:
    run("land", "--form", "journal")
    _, online, _ = run("propose-map", "--form", "journal")
    server.clear_requests()

    code, offline, _ = run("propose-map", "--form", "journal", "--offline")

    assert (code, offline) == (0, online)
    assert server.requests == []
    assert registry.exists()


def test_offline_before_anything_has_landed_says_what_to_do(registry: Path) -> None:
    code, out, err = run("propose-map", "--form", "journal", "--offline")

    assert (code, out) == (1, "")
    assert "leave out --offline, or land the form first" in err
    assert registry.exists()


def test_a_form_that_is_not_registered_gets_a_map_of_its_role(
    registry: Path, tmp_path: Path
) -> None:
    path = tmp_path / "new.yml"

    code, _, err = run(
        "propose-map",
        *("--form-key", UID, "--server", "kobo_test", "--role", "journal"),
        *("--output", str(path)),
    )

    found = load_field_map(path)
    assert code == 0
    assert found.role == "journal"
    assert found.written.fields["family_code"].field_class == "sensitive"
    assert found.written.fields["reported_month"].cast == "month"
    assert found.written.fields["contact_phone"].field_class == "identifying"
    assert err.startswith(f"{UID}: ")
    assert "then register the form with it" in err
    assert registry.exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "needs either --form, or --form-key with --server and --role"),
        (["--form", "journal", "--role", "exit"], "needs either --form, or"),
        (["--form-key", UID], "needs either --form, or"),
        (["--form", "diary"], "has no form 'diary'"),
        (["--form", "corrections"], "No version of form 'corrections' is known"),
        (
            ["--form-key", UID, "--server", "kobo_two", "--role", "journal"],
            "has no server 'kobo_two': it has kobo_test, finance",
        ),
        (
            ["--form-key", UID, "--server", "kobo_test", "--role", "diary"],
            "No form of role 'diary' comes from a server of kind kobo",
        ),
        (["--form", "journal", "--output", "nowhere/map.yml"], "cannot be written"),
    ],
)
def test_a_wrong_choice_is_one_sentence(
    registry: Path, arguments: list[str], reason: str
) -> None:
    code, out, err = run("propose-map", *arguments)

    assert (code, out) == (1, "")
    assert reason in err
    assert len(err.strip().splitlines()) == 1
    assert registry.exists()


def test_a_file_is_replaced_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "map.yml"
    shutil.copy(PRESENT, path)

    with pytest.raises(RegistryError):
        write_whole(path, "role: journal\n", check=load_field_map)

    assert path.read_text() == PRESENT.read_text()
    assert list(tmp_path.iterdir()) == [path]
