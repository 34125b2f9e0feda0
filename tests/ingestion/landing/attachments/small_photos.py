"""Submissions of the small journal that have files, and a place to keep these."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from fsspec.implementations.local import LocalFileSystem
from sqlalchemy import Engine

from ingestion.landing import (
    AttachmentReport,
    LandingReport,
    fetch_attachments,
    land_form,
)
from ingestion.landing.attachments import AttachmentStore
from ingestion.landing.attachments.store import INCOMING
from ingestion.registry import Registry
from ingestion.registry.entries import AttachmentRules
from ingestion.registry.entries import KoboServer as KoboEntry
from ingestion.sources.http import PatientClient
from ingestion.sources.kobo import KoboSource
from sandbox.kobo import KoboServer
from sandbox.kobo.for_tests.samples import NO_TLS
from tests.ingestion.conftest import MAPS, SHORT, Rows, kobo_form
from tests.ingestion.landing.stage import Stage
from tests.ingestion.small_forms import UID, Life

RULES = AttachmentRules()
LEDGER = """
select submission_id, attachment_key, status_code from ops.attachments
order by submission_id, attachment_key
"""


def file_of(
    uid: str, media_type: str = "image/png", *, is_deleted: bool = False
) -> dict[str, Any]:
    """Return what a record says of a file, as newer servers do."""
    return {
        "download_url": f"http://a.example/{uid}",
        "mimetype": media_type,
        "filename": f"owner/attachments/Rosa Ejemplo {uid}.png",
        "media_file_basename": f"Rosa Ejemplo {uid}.png",
        "uid": uid,
        "is_deleted": is_deleted,
        "question_xpath": "photo",
    }


def add(life: Life, number: int, *files: dict[str, Any], on_day: float = 1) -> None:
    """Send in a submission with files."""
    life.add(number, on_day, family_code="MX-01-0001", _attachments=list(files))


def two_families() -> Life:
    life = Life()
    add(life, 1, file_of("a1"), file_of("a2"))
    add(life, 2, file_of("b1"))
    add(life, 3)
    return life


def statuses(rows: Rows) -> dict[str, str]:
    return {row["attachment_key"]: row["status_code"] for row in rows(LEDGER)}


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class Album:
    """A form with files, its warehouse, and the folder they are kept in."""

    stage: Stage
    folder: Path

    @property
    def engine(self) -> Engine:
        return self.stage.engine

    @property
    def store(self) -> AttachmentStore:
        return AttachmentStore(LocalFileSystem(), str(self.folder))

    def registry(self, rules: AttachmentRules | None = RULES) -> Registry:
        registry = kobo_form(UID, MAPS / "small_journal.yml", deletion_limit_share=1)
        (form,) = registry.forms
        return replace(registry, forms=(replace(form, attachments=rules),))

    def registry_with_one_slot(self) -> Registry:
        registry = self.registry()
        (form,) = registry.forms
        server = KoboEntry(kind="kobo", connection="kobo_test", runs_at_once=1)
        return replace(registry, forms=(replace(form, server=server),))

    def serve(self, life: Life, **contents: bytes) -> KoboServer:
        """Serve a life instead of the one before, files with these contents."""
        self.stage.stop()
        server = self.stage.serve(life, 15)
        server.service.files.contents |= contents
        return server

    def land(self, server: KoboServer) -> LandingReport:
        with self.client(server) as client:
            source = self.source(client)
            return land_form(
                "journal",
                registry=self.registry(),
                engine=self.engine,
                source=source,
            )

    def fetch(
        self,
        server: KoboServer,
        rules: AttachmentRules | None = RULES,
        **options: Any,  # noqa: ANN401 - those of `fetch_attachments`
    ) -> AttachmentReport:
        with self.client(server) as client:
            return fetch_attachments(
                "journal",
                **{
                    "registry": self.registry(rules),
                    "engine": self.engine,
                    "source": self.source(client),
                    "store": self.store,
                    **options,
                },
            )

    def pull(self, server: KoboServer) -> AttachmentReport:
        """Land the form, then fetch its files."""
        self.land(server)
        return self.fetch(server)

    def kept(self) -> dict[str, bytes]:
        """Return the files that are kept, by path; each under the hash it has."""
        found = {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and INCOMING not in path.parts
        }
        for path, content in found.items():
            digest = sha(content)
            assert path.startswith(f"{digest[:2]}/{digest[2:4]}/{digest}")
        return found

    def contents(self) -> set[bytes]:
        return set(self.kept().values())

    def incoming(self) -> list[Path]:
        return [path for path in (self.folder / INCOMING).rglob("*") if path.is_file()]

    @staticmethod
    def client(server: KoboServer) -> httpx.Client:
        headers = {"Authorization": f"Token {server.token}"}
        return httpx.Client(
            base_url=server.url, headers=headers, timeout=10, verify=NO_TLS
        )

    @staticmethod
    def source(client: httpx.Client) -> KoboSource:
        patient = PatientClient("Kobo", client, SHORT)
        return KoboSource(patient, UID, "kobo_test", with_attachments=True)
