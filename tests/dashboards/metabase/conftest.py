import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from dashboards.metabase import run
from dashboards.metabase.run import Work, prepare
from dashboards.metabase.settings import read_settings
from dashboards.metabase.signing_in import open_transport
from dashboards.metabase.transport import Calls, Clock, RawAnswer, Transport
from dashboards.metabase.wanted.things import KEY
from pages import Language
from sandbox.metabase import MetabaseServer
from sandbox.postgres import Postgres
from tests.dashboards.metabase.roles import PASSWORD, drop_roles, make_roles
from tests.dashboards.small_warehouse import fill

if TYPE_CHECKING:
    from sandbox.metabase.stored import Stored

DATABASE = "metabase_small"
VERSIONS = (58, 60, 62, 65)
REGISTRY = """
sites:
  MX-01: {name: Loma Clara, country: MEX}
  MX-02: {name: Ámbar, country: MEX}
  CO-01: {name: Puente Nuevo, country: COL}
  PH-01: {name: Dalampasigan, country: PHL}
access:
  lead_mexico: {sites: [MX-01, MX-02]}
  metabase_mexico: {sites: [MX-01, MX-02]}
  metabase_programme: {sites: all}
"""
SPEC = """
code: D1
title: {en: Small board, es: Tablero pequeño}
subtitle: {en: For trying., es: Para probar.}
data_state: data_state
sections:
  - id: first
    title: {en: First, es: Primera}
    cards:
      - id: sites
        kind: table
        title: {en: Sites, es: Sitios}
        columns:
          - {column: site_name, label: {en: Site, es: Sitio}, format: text}
          - {column: country_code, label: {en: Country, es: País}, format: text}
          - {column: reported_share, label: {en: Share, es: Parte}, format: percent}
      - id: savers
        kind: trend
        title: {en: Savers, es: Ahorradoras}
        panel: country_code
        x: months_since_launch_count
        x_label: {en: Months, es: Meses}
        lines: [{column: saver_share, format: percent, families: reported_family_count}]
  - id: second
    title: {en: Second, es: Segunda}
    cards:
      - id: words
        kind: note
        title: {en: Words, es: Palabras}
        paragraphs: [{en: "It's a note.", es: Es una nota.}]
"""
QUERIES = {
    "data_state": (
        "select max(journal_month) as latest_journal_month, '2021010401' as "
        "form_version_name, '2021-07' as release_code from share.site_months"
    ),
    "sites": (
        "-- It's one row a site.\nselect sites.site_name, sites.country_code, "
        "'live' as release_code, 0.5 as reported_share, site_months.is_suppressed, "
        "site_months.suppression_reason_code from marts.dim_sites as sites inner join "
        "share.site_months as site_months on sites.site_code = site_months.site_code "
        "where site_months.months_since_launch_count = 1"
    ),
    "savers": (
        "select country_code, 'live' as release_code, months_since_launch_count, "
        "saver_share, reported_family_count, is_suppressed from share.country_months"
    ),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One request and its answer."""

    method: str
    path: str
    body: Any
    status: int
    text: str


@dataclass(slots=True)
class Recorder:
    """Sends as others do, and notes what was sent."""

    calls: Calls
    sent: list[Sent]

    def send(self, method: str, path: str, body: Any) -> RawAnswer:  # noqa: ANN401 - any JSON
        answer = self.calls.send(method, path, body)
        self.sent.append(Sent(method, path, body, answer.status_code, answer.text))
        return answer


class MakeBench(Protocol):
    """Makes a bench."""

    def __call__(
        self, version: int = 58, *, specs: Path = ..., has_email: bool = True
    ) -> "Bench": ...


Applied = Callable[..., "Bench"]


@pytest.fixture(scope="session")
def secured_warehouse(postgres_server: Postgres) -> Iterator[str]:
    """Make the small warehouse with two roles that see only their own rows."""
    postgres_server.ensure_database(DATABASE)
    url = postgres_server.url(DATABASE)
    fill(url)
    make_roles(url)
    yield url
    postgres_server.run_sql(f"drop database {DATABASE} with (force)")
    drop_roles(postgres_server)


@dataclass(slots=True)
class Bench:
    """One Metabase and all that is needed to work on it."""

    server: MetabaseServer
    warehouse: str
    specs: Path
    registry: Path
    environment: dict[str, str] = field(default_factory=dict)
    languages: tuple[Language, ...] = ("en",)
    pauses: list[float] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)

    def work(self, **environment: str) -> Work:
        """Return work whose pauses and requests are noted; nothing waits."""
        settings = read_settings({**self.environment, **environment})
        transport = Transport(
            settings.url,
            Recorder(open_transport(settings)._calls, self.sent),  # noqa: SLF001 - to listen
            settings.secrets,
            clock=Clock(pause=self.pauses.append),
        )
        log_in_with = transport.log_in_with
        transport.log_in_with = lambda calls, *secrets: log_in_with(  # type: ignore[method-assign]
            Recorder(calls, self.sent), *secrets
        )
        return prepare(
            settings=settings,
            transport=transport,
            url=self.warehouse,
            specs=self.specs,
            registry=self.registry,
            languages=self.languages,
            is_synthetic=True,
        )

    def card(self, key: str) -> dict[str, Any]:
        """Return a card of the server's by its key."""
        return next(
            card
            for card in self.server.stored.cards.values()
            if card["visualization_settings"].get(KEY) == key
        )

    def dashboard(self, key: str) -> dict[str, Any]:
        """Return a dashboard of the server's by its key."""
        return next(
            board
            for board in self.server.stored.dashboards.values()
            if f'"{key}"' in (board["caveats"] or "")
        )

    def collection(self, key: str) -> dict[str, Any]:
        """Return a collection of the server's by its key."""
        return next(
            one
            for one in self.server.stored.collections.values()
            if f"[{KEY} {key}]" in one["description"]
        )

    def empty(self) -> None:
        """Throw away all collections and what is in them, as if never applied."""
        stored = self.server.stored
        for table in (
            stored.cards,
            stored.dashboards,
            stored.dashcards,
            stored.tabs,
            stored.collections,
        ):
            table.clear()

    @property
    def counts(self) -> dict[str, int]:
        """Return how many things there are, without the trash."""
        stored = self.server.stored
        kept = {
            name: sum(not one["archived"] for one in table.values())
            for name, table in (
                ("cards", stored.cards),
                ("dashboards", stored.dashboards),
                ("collections", stored.collections),
            )
        }
        return {
            **kept,
            "databases": len(stored.databases),
            "groups": len(stored.groups),
            "users": len(stored.users),
        }


COUNTS = {  # once all of SPEC is applied
    "cards": 2 * (2 * 3 + 1),
    "dashboards": 2 * 2,
    "collections": 2 * 2,
    "databases": 2,
    "groups": 2 + 2,
    "users": 1,
}


@pytest.fixture(scope="session")
def small_specs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write two dashboards of three cards, which link to each other."""
    folder = tmp_path_factory.mktemp("specs")
    for name, code in (("d1_small", "D1"), ("d2_other", "D2")):
        (folder / f"{name}.yml").write_text(SPEC.replace("code: D1", f"code: {code}"))
        (folder / name).mkdir()
        for query, sql in QUERIES.items():
            (folder / name / f"{query}.sql").write_text(sql)
    return folder


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("registry") / "sites.yml"
    path.write_text(REGISTRY)
    return path


@pytest.fixture(scope="session")
def make_bench(
    secured_warehouse: str, small_specs: Path, registry: Path
) -> Iterator[MakeBench]:
    """Return a maker of benches, whose servers are stopped in the end."""
    servers = []

    def make(
        version: int = 58, *, specs: Path = small_specs, has_email: bool = True
    ) -> Bench:
        server = MetabaseServer(version, has_email=has_email).start()
        servers.append(server)
        environment = {
            "METABASE_URL": server.url,
            "METABASE_ADMIN_EMAIL": "admin@example.org",
            "METABASE_ADMIN_PASSWORD": "a long first password",
            "METABASE_SETUP_TOKEN": server.setup_token,
            "WAREHOUSE_PASSWORD_METABASE_MEXICO": PASSWORD,
            "WAREHOUSE_PASSWORD_METABASE_PROGRAMME": PASSWORD,
        }
        return Bench(server, secured_warehouse, specs, registry, environment)

    yield make
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def applied(make_bench: MakeBench) -> Applied:
    """Return a maker of benches on which all is applied; made once a version."""
    known: dict[int, tuple[Bench, Stored]] = {}

    def get(version: int = 58) -> Bench:
        if version not in known:
            bench = make_bench(version)
            run.apply(bench.work())
            known[version] = bench, deepcopy(bench.server.stored)
        bench, stored = known[version]
        bench.server.service.stored = deepcopy(stored)
        bench.server.set_faults()
        bench.server.clear_requests()
        bench.sent.clear()
        return replace(bench, pauses=[], environment=dict(bench.environment))

    return get


@pytest.fixture(params=VERSIONS)
def bench(request: pytest.FixtureRequest, applied: Applied) -> Bench:
    """Return a bench of each version in turn, all applied."""
    return applied(request.param)


@pytest.fixture
def own_specs(small_specs: Path, tmp_path: Path) -> Path:
    """Return a copy of the specs to change."""
    return Path(shutil.copytree(small_specs, tmp_path / "specs"))
