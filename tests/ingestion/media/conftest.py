"""Three families in marts that a test wrote, and a form whose lists are kept."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from ingestion.registry import Registry
from ingestion.registry.entries import FormMediaRules
from tests.ingestion.conftest import PRODUCT_MAPS, kobo_form

EVERYTHING = ["sites", "peer_groups", "families", "last_month"]
NAMED = EVERYTHING[:-1]  # incomes stand beside no name
# The columns that the functions of the warehouse read, of the tables that dbt makes.
MARTS = """
create table marts.dim_families (
    family_key text, peer_group_code text, site_code text, status_code text,
    has_consented_to_health boolean
);
create table marts.dim_peer_groups (peer_group_code text, site_code text);
create table marts.fct_family_months (
    family_key text, site_code text, journal_month date, journal_status_code text,
    income_local numeric, income_programme_local numeric
);
insert into marts.dim_peer_groups values ('MX-PG01', 'MX-01'), ('CO-PG01', 'CO-01');
insert into marts.dim_families values
    ('k1', 'MX-PG01', 'MX-01', 'active', true),
    ('k2', 'MX-PG01', 'MX-01', 'paused', false),
    ('k3', 'CO-PG01', 'CO-01', 'active', null);
insert into pii.family_keys (family_code, family_key) values
    ('MX-01-0001', 'k1'), ('MX-01-0002', 'k2'), ('CO-01-0001', 'k3');
insert into marts.fct_family_months values
    ('k1', 'MX-01', '2021-04-01', 'on_time', 90, null),
    ('k1', 'MX-01', '2021-05-01', 'late', 100.50, 20),
    ('k2', 'MX-01', '2021-02-01', 'on_time', 70, null),
    ('k3', 'CO-01', '2021-05-01', 'on_time', 50, null);
insert into pii.family_contacts
    (form_id, submission_id, family_code, contact_name, run_id, landed_at)
values
    ('e', '1', 'MX-01-0001', 'Maria of before', gen_random_uuid(), '2021-01-01'),
    ('e', '2', 'MX-01-0001', 'Maria Lopez', gen_random_uuid(), '2021-02-01');
"""


def run(engine: Engine, statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements.split(";\n"):
            if statement.strip():
                connection.execute(text(statement))


@pytest.fixture
def marts(engine: Engine) -> Engine:
    """Return an engine on a warehouse with three families in its marts."""
    run(engine, MARTS)
    return engine


def registry_with(
    uid: str, *, names: bool = False, files: list[str] | None = None
) -> Registry:
    """Return a registry whose one form reads lists."""
    plain = kobo_form(uid, PRODUCT_MAPS / "journal.yml")
    rules = FormMediaRules.model_validate(
        {"files": files or (NAMED if names else EVERYTHING), "names": names}
    )
    return replace(plain, forms=(replace(plain.forms[0], media=rules),))
