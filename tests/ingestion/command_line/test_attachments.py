"""The files of a form, as `land` brings them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.landing import forms_with_files
from sandbox.kobo import KoboServer
from tests.ingestion.command_line.commands import objects, run
from tests.ingestion.conftest import REGISTRY, settings, write_registry
from tests.ingestion.landing.attachments.small_photos import two_families
from tests.ingestion.small_forms import day

WITH_FILES = REGISTRY.replace(
    "field_map: small_journal.yml}",
    "field_map: small_journal.yml, attachments: {types: [image/*]}}",
)


@pytest.fixture
def photos(
    tmp_path: Path, warehouse_with_tables: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Yield where the files of a form with photos go when it is landed."""
    registry = write_registry(tmp_path, WITH_FILES)
    (tmp_path / "finance").mkdir()
    (tmp_path / "finance" / "corrections.csv").write_text("correction_ref\nC-1\n")
    store = tmp_path / "photos"
    monkeypatch.setenv("JOURNAL_ATTACHMENTS", str(store))
    monkeypatch.setenv("WAREHOUSE_URL", warehouse_with_tables)
    with KoboServer([two_families().form()], clock=day(15)) as server:
        server.service.files.contents |= {"a1": b"one", "a2": b"two", "b1": b"three"}
        for name, value in settings(server, registry).items():
            monkeypatch.setenv(name, value)
        yield store


def test_landing_a_form_with_files_fetches_them_and_says_how_many(photos: Path) -> None:
    code, out, err = run("land", "--form", "journal")

    assert (code, err) == (0, "")
    assert out.splitlines()[1].startswith(
        "journal: 3 files fetched, 0 removed, 3 kept ("
    )
    assert sum(file.is_file() for file in photos.rglob("*")) == 3


def test_a_program_reads_what_became_of_the_files(photos: Path) -> None:
    code, out, _ = run("land", "--json")

    landed, files, corrections = objects(out)
    assert code == 0
    assert (landed["new"], corrections["new"]) == (3, 1)
    assert files["attachments"]["stored"] == 3
    assert photos.exists()


def test_a_store_that_is_not_there_fails_the_command_and_not_the_landing(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNAL_ATTACHMENTS", "unknown://bucket")

    code, out, err = run("land", "--form", "journal")

    assert code == 1
    assert out.startswith("journal: 3 new; 3 live (")
    assert "JOURNAL_ATTACHMENTS" in err
    assert not photos.exists()


def test_a_form_that_keeps_no_files_any_more_is_still_looked_after(
    photos: Path,
) -> None:
    assert forms_with_files() == ["journal"]
    run("land", "--form", "journal")
    registry = photos.parent / "sites.yml"
    registry.write_text(REGISTRY)

    assert forms_with_files() == ["journal"]
