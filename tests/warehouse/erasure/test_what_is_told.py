"""What leaves the warehouse once a family is erased names nobody: exports and mails.

Neither the erased family, nor any of the forty that the pilot was planted with. What
else leaves it, pages and what Airflow keeps, is searched in tests/test_demo.py.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts import check, send_digests
from ingestion.registry import Alerts, load_registry
from sandbox.pilot.canaries import CANARIES
from tests import search
from tests.alerts.receivers import MailServer, serving
from tests.warehouse.erasure.conftest import Erased, in_environment
from tests.warehouse.erasure.planting import WORDS
from warehouse.connection import open_engine
from warehouse.errors import ExportError
from warehouse.exports import Wish, export
from warehouse.exports.anonymity import Changes

MARTS = ("marts.fct_family_baselines", "marts.fct_family_months")
FORMATS = ("csv", "parquet")
NOW = datetime(2026, 3, 20, 6, tzinfo=UTC)
SITES = ["MX-01", "CO-01", "PH-01"]
# The server of the tests takes mail from anybody.
SMTP = {
    "conn_type": "smtp",
    "host": "127.0.0.1",
    "extra": {
        "from_email": "warehouse@programme.example",
        "disable_ssl": True,
        "disable_tls": True,
    },
}


@pytest.fixture
def words(erased: Erased) -> list[str]:
    return [*erased.names, *WORDS, *(canary.identifier for canary in CANARIES)]


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with serving(MailServer()) as server:
        yield server


def changes_for(url: str, folder: Path) -> Changes:
    """Return what the export itself suggests to leave out."""
    with pytest.raises(ExportError) as refused:
        export(Wish(MARTS, folder), lambda *_: None, url)
    suggested = str(refused.value).partition("This would do: ")[2]
    return Changes(
        frozenset(re.findall(r"--without (\w+)", suggested)),
        frozenset(re.findall(r"--coarsen (\w+)", suggested)),
    )


def test_exports_name_nobody(erased: Erased, words: list[str], tmp_path: Path) -> None:
    changes = changes_for(erased.url, tmp_path / "refused")
    for kind in FORMATS:
        wish = Wish(MARTS, tmp_path / kind, format_code=kind, changes=changes)
        assert export(wish, lambda *_: None, erased.url).row_count > 1000

    assert {path.suffix for path in tmp_path.rglob("*.*")} >= {".csv", ".parquet"}
    # That it would be found, a country is: in what is packed, too.
    assert {
        place.partition("/")[0] for place, _ in search.in_files([tmp_path], ["COL"])
    } == set(FORMATS)
    assert search.in_files([tmp_path], words) == set()


def test_mails_of_alerts_and_digests_name_nobody(
    erased: Erased, words: list[str], mail: MailServer
) -> None:
    receivers = {
        "engineer": {"email": ["engineer@programme.example"]},
        "leads": {"email": ["leads@programme.example"], "sites": SITES},
    }
    told = Alerts.model_validate({"receivers": receivers})
    engine = open_engine(erased.url)
    smtp = json.dumps({**SMTP, "port": mail.port})
    with in_environment({**erased.environment, "AIRFLOW_CONN_SMTP_DEFAULT": smtp}):
        registry = replace(load_registry(), alerts=told)
        report = check(NOW, registry=registry, engine=engine)
        sent = send_digests(NOW, registry=registry, engine=engine)
    engine.dispose()

    assert report.found > 3
    assert (report.sent, sent) == (2, 2)
    mails = "\n".join(one.as_string() + one.get_content() for one in mail.mails())
    assert "MX-01" in mails
    assert list(search.in_bytes(mails.encode(), words)) == []
