"""SQL, and what templates and shells read, is text in answers and names of all kinds.

Of questions, forms, sites and files.
"""

import csv
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect

from ingestion.landing import import_file, land_form, land_registry
from ingestion.registry import load_registry
from sandbox.kobo import KoboServer
from sandbox.pilot.model import Form
from tests.ingestion.conftest import REGISTRY, Rows, settings, write_registry
from tests.ingestion.landing.stage import Stage
from tests.ingestion.small_forms import UID, Life, day, forty
from warehouse.tables import metadata

DROP = "x'); drop table raw.forms__journals cascade; --"
QUOTED = '"; drop schema pii cascade; --'
JINJA = "{{ var('x') }}{% do run_query('drop schema raw cascade') %}{# x #}"
SHELL = "${HOME} $HOME $(id) `id` %HOME% ; exit 1 #"
NAMES = (DROP, QUOTED, JINJA, SHELL)
ANSWERS = (
    *NAMES,
    "$$; select pg_sleep(99); $$",
    "%(family_code)s :family_code {family_code} \\'",
)


def odd_life() -> Life:
    life = forty(Life())
    for number, words in enumerate(ANSWERS, start=41):
        life.add(
            number,
            11,
            **{
                "family_code": words,
                "ref_month": words,
                "phone": words,
                f"a question/{words}": words,
            },
        )
    return life


def tables_there(engine: Engine) -> bool:
    return all(
        inspect(engine).has_table(table.name, schema=table.schema)
        for table in metadata.sorted_tables
    )


def test_answers_and_questions_that_are_sql_land_as_they_are(
    stage: Stage, engine: Engine, rows: Rows
) -> None:
    server = stage.serve(odd_life(), 20)
    report = stage.land(server)
    stage.land(server, full=True)

    told = rows("select answers ->> 'family_code' as told from raw.forms__journals")
    phones = rows("select contact_phone from pii.family_contacts")
    assert report.new == 40 + len(ANSWERS)
    assert set(ANSWERS) <= {row["told"] for row in told}
    assert set(ANSWERS) <= {row["contact_phone"] for row in phones}
    assert {f"a question/{words}" for words in ANSWERS} <= set(report.unmapped)
    # None is like a family's code, so none got a key.
    assert len(rows("select 1 from pii.family_keys")) == 0
    assert tables_there(engine)


@pytest.mark.parametrize("name", NAMES, ids=["sql", "quoted", "jinja", "shell"])
def test_names_of_forms_sites_and_files_that_are_code_are_names(
    engine: Engine,
    rows: Rows,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    quoted = name.replace("'", "''")
    monkeypatch.setenv("JOURNAL_FILES_ROOT", str(tmp_path))
    (tmp_path / "finance").mkdir()
    written = write_registry(
        tmp_path, REGISTRY.replace("{name: A,", f"{{name: '{quoted}',")
    )
    written.write_text(
        written.read_text()
        + f"  - {{role: journal_payments, server: finance, form: '{quoted}',\n"
        "     sites: [MX-01], field_map: maps/journal_payments.yml}\n"
    )
    registry = load_registry(written)
    dropped = tmp_path / f"{name}.csv"
    with dropped.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("payment_ref", "journal_month", "amount_local"))
        lines.writerows((f"P-{n}{name}", "2021-06", 200) for n in range(1, 4))
    form = Form(
        UID, "journal", name, forty(Life()).form().versions, odd_life().form().events
    )

    land_registry(registry, engine)
    report = import_file(dropped, "journal_payments", registry=registry, engine=engine)
    with KoboServer([form], clock=day(20)) as server:
        for variable, value in settings(server, written).items():
            monkeypatch.setenv(variable, value)
        landed = land_form("journal", registry=registry, engine=engine)

    assert rows(
        "select site_name from raw.registry__sites where site_name = :x", x=name
    )
    assert (report.landing.new, landed.new) == (3, 40 + len(ANSWERS))
    assert report.file.name == f"{name}.csv"
    found = rows(
        "select answers ->> 'payment_ref' as said from raw.forms__journal_payments"
    )
    assert {row["said"] for row in found} == {f"P-{n}{name}" for n in range(1, 4)}
    assert tables_there(engine)
