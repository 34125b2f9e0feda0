"""The page on adding a site, followed word by word by somebody who knows nothing else.

That the lines are few and right takes a second. To do all that the page says, with a
server that has the new site's forms, and to see its rows takes two minutes.
"""

import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import yaml

from ingestion.registry import load_registry
from ingestion.registry.loading import DEFAULT_PATH
from sandbox.kobo import KoboServer
from sandbox.pilot import build_pilot
from sandbox.pilot.model import Event, Form, Record
from sandbox.pilot.sites import split_by_sites

REPOSITORY = Path(__file__).parents[3]
PAGE = REPOSITORY / "warehouse_docs" / "recipes" / "add_a_site.md"
INTERPRETER = ".venv/bin/python"
# A site of the pilot whose families the new one has copies of.
MODEL_SITE = "US-01"
LINES = 10
NOW = datetime(2022, 5, 31, tzinfo=UTC)
IDENTIFIER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FIRST_ID = 1_000_000  # ids are global to a server: those of the pilot are smaller


def blocks(language: str) -> list[str]:
    """Return what stands in the page's blocks of this language, in their order."""
    pattern = rf"^```{language}\n(.*?)^```$"
    return re.findall(pattern, PAGE.read_text(), re.DOTALL | re.MULTILINE)


def with_lines_of_the_page(registry: str) -> str:
    """Put the lines of the page's YAML below the headings of the same names."""
    (block,) = blocks("yaml")
    sections = re.findall(r"^(\w+:\n)((?:^ .*\n)+)", block, re.MULTILINE)
    assert "".join(heading + lines for heading, lines in sections) == block
    for heading, lines in sections:
        assert registry.count(f"\n{heading}") == 1
        registry = registry.replace(f"\n{heading}", f"\n{heading}{lines}")
    return registry


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "sites.yml"
    path.write_text(with_lines_of_the_page(DEFAULT_PATH.read_text()))
    return path


def test_a_site_with_its_forms_takes_less_than_ten_lines() -> None:
    (block,) = blocks("yaml")

    assert len(block.splitlines()) < LINES


def test_the_lines_make_a_registry_with_one_more_site_and_its_two_forms(
    registry: Path,
) -> None:
    before, after = load_registry(DEFAULT_PATH), load_registry(registry)

    (site,) = after.sites.keys() - before.sites.keys()
    new = [form for form in after.forms if before.form(form.name) is None]
    assert {form.role: form.site_codes for form in new} == {
        "enrolment": (site,),
        "journal": (site,),
    }
    assert [site] in [cohort.sites for cohort in after.cohorts.values()]
    assert len(after.forms) == len(before.forms) + 2


def test_every_command_of_the_page_is_one_of_ours() -> None:
    commands = [line for block in blocks("sh") for line in block.splitlines()]

    assert commands
    assert [line for line in commands if not line.startswith(INTERPRETER)] == []


def copied(form: Form, uid: str, site: str) -> Form:
    """Return a project of another site in which the same has happened."""

    def renamed(record: Record | None) -> Record | None:
        if record is None:
            return None
        text = json.dumps({**record, "_id": record["_id"] + FIRST_ID})
        text = text.replace(MODEL_SITE, site).replace(form.uid, uid)
        read: Record = json.loads(IDENTIFIER.sub(_other_identifier, text))
        return read

    def moved(event: Event) -> Event:
        return replace(
            event,
            submission_id=event.submission_id + FIRST_ID,
            record=renamed(event.record),
        )

    return replace(form, uid=uid, events=tuple(map(moved, form.events)))


def _other_identifier(found: re.Match[str]) -> str:
    return str(uuid.uuid5(uuid.UUID(found.group()), "of another site"))


@pytest.fixture
def server() -> Iterator[KoboServer]:
    """Serve the forms of one site of the pilot, and those that the page adds."""
    added = yaml.safe_load(blocks("yaml")[0])
    (site,) = added["sites"]
    forms, _ = split_by_sites(build_pilot().forms, [MODEL_SITE])
    by_role = {form.role: form for form in forms}
    new = [
        copied(by_role[entry["role"]], entry["form"], site) for entry in added["forms"]
    ]
    with KoboServer([*forms, *new], clock=NOW) as serving:
        yield serving


@pytest.fixture
def settings(
    server: KoboServer, registry: Path, empty_warehouse: str
) -> Mapping[str, str]:
    connection = {"conn_type": "http", "host": server.url, "password": server.token}
    return {
        **os.environ,
        "JOURNAL_SITES": str(registry),
        "WAREHOUSE_URL": empty_warehouse,
        "AIRFLOW_CONN_KOBO_MAIN": json.dumps(connection),
    }


@pytest.mark.long
def test_who_follows_the_page_sees_rows_of_the_new_site(
    settings: Mapping[str, str],
) -> None:
    (site,) = yaml.safe_load(blocks("yaml")[0])["sites"]
    said = ""
    for block in blocks("sh"):
        done = subprocess.run(
            ["bash", "-eu", "-c", block.replace(INTERPRETER, sys.executable)],  # noqa: S607 - whichever bash there is
            cwd=REPOSITORY,
            env=dict(settings),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said += done.stdout
    (query,) = blocks("sql")
    with psycopg.connect(settings["WAREHOUSE_URL"]) as connection:
        rows = connection.execute(query.encode()).fetchall()

    assert "journal_cedar_row" in said
    ((code, first_month, last_month, journal_count),) = rows
    assert code == site
    assert f"{first_month:%Y-%m} {last_month:%Y-%m}" == "2021-01 2022-01"
    assert journal_count > 100
