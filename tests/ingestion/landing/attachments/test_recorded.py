"""The files of a recorded form, served again over HTTP, are those that it announces."""

from dataclasses import replace
from pathlib import Path

import httpx
from fsspec.implementations.memory import MemoryFileSystem
from sqlalchemy import Engine

from ingestion.landing import fetch_attachments, land_form
from ingestion.landing.attachments import AttachmentStore
from ingestion.registry.entries import AttachmentRules
from ingestion.sources.http import PatientClient
from ingestion.sources.kobo import KoboSource
from sandbox.kobo import KoboServer
from sandbox.kobo.for_tests import replay
from sandbox.kobo.for_tests.samples import NO_TLS
from tests.ingestion.conftest import MAPS, SHORT, Rows, kobo_form

TOKEN = "0123456789abcdef" * 2 + "01234567"


def test_every_recorded_file_is_fetched_and_answers_its_question(
    shared_folder: Path, engine: Engine, rows: Rows, tmp_path: Path
) -> None:
    forms = replay.replay_forms(shared_folder / "sources" / "kobo_recorded")
    announced = {
        file["uid"]
        for event in forms[0].events
        for file in (event.record or {}).get("_attachments", [])
        if event.at <= replay.THIRTY_ROWS
    }
    registry = kobo_form(replay.JOURNAL_UID, MAPS / "recorded_journal.yml")
    (form,) = registry.forms
    wanting = replace(form, attachments=AttachmentRules())
    registry = replace(registry, forms=(wanting,))
    accounts = replay.replay_accounts(TOKEN)
    with (
        KoboServer(forms, clock=replay.THIRTY_ROWS, accounts=accounts) as server,
        httpx.Client(
            base_url=server.url,
            headers={"Authorization": f"Token {TOKEN}"},
            verify=NO_TLS,
        ) as client,
    ):
        source = KoboSource(
            PatientClient("Kobo", client, SHORT),
            replay.JOURNAL_UID,
            "kobo_test",
            with_attachments=True,
        )
        land_form("journal", registry=registry, engine=engine, source=source)
        report = fetch_attachments(
            "journal",
            registry=registry,
            engine=engine,
            source=source,
            store=AttachmentStore(MemoryFileSystem(), f"/{tmp_path.name}"),
        )

    assert announced, "the recordings announce no file"
    assert report.kept == len(announced)
    found = rows("select * from ops.attachments")
    assert {row["attachment_key"] for row in found} == announced
    assert {row["question_path"] for row in found} == {"wellbeing/photo"}
    assert {row["media_type"] for row in found} == {"image/png"}
    # One pixel stands for every recorded picture, so one file does for all of them.
    assert len({row["stored_path"] for row in found}) == 1
