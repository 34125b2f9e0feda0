"""Commands: `python -m dashboards build | check | ...`; `--help` lists them all."""

from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from dashboards.errors import DashboardError
from dashboards.metabase import is_configured
from dashboards.metabase.commands import app as metabase_app
from dashboards.metabase.commands import check_metabase
from dashboards.one_sentence import console, one_sentence
from dashboards.options import Specs, Synthetic, Url
from dashboards.schema import SCHEMA_PATH, schema_text
from dashboards.site import (
    SLOW_MILLISECONDS,
    build_site,
    check_site,
)
from dashboards.sites_of_leads import build_sites_of_leads
from dashboards.spec_file import SPECS
from pages import LANGUAGES, Language

app = typer.Typer(
    help="Dashboards as code: specs in YAML and SQL, drawn as static pages and applied "
    "to a Metabase.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(metabase_app)  # without a name: its commands stand beside these


@app.command()
def build(  # noqa: PLR0913 - the options of a command
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder; DASHBOARDS_OUT or ./site.")
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option(
            "--language", help="Repeat for several; those of the sites if not given."
        ),
    ] = None,
    *,
    role: Annotated[
        str | None,
        typer.Option("--role", help="Show the rows of this role of access:."),
    ] = None,
    synthetic: Synthetic = None,
    url: Url = None,
    specs: Specs = SPECS,
) -> None:
    """Draw every dashboard in every language of its readers."""
    with one_sentence(), console.status("Starting") as status:
        report = build_site(
            out,
            url=url,
            role=role,
            languages=_languages(language),
            is_synthetic=synthetic,
            specs=specs,
            on_step=status.update,
        )
    held_back = report.suppressed_card_count
    typer.echo(
        f"{len(report.pages)} pages in {report.out}: {report.dashboard_count} "
        f"dashboard(s), {report.card_count} cards"
        + (f", {held_back} of them holding figures back" if held_back else "")
        + f". Open {report.pages[0]}"
    )


@app.command("build-for-leads")
def build_for_leads(
    out: Annotated[
        Path, typer.Option("--out", help="Folder, with one in it for each lead.")
    ],
    *,
    synthetic: Synthetic = None,
    url: Url = None,
    specs: Specs = SPECS,
) -> None:
    """Draw every dashboard for each lead of access:, of the rows she may read."""
    with one_sentence(), console.status("Starting") as status:
        reports = build_sites_of_leads(
            out, url=url, is_synthetic=synthetic, specs=specs, on_step=status.update
        )
    for report in reports:
        typer.echo(f"{report.out.name}: {len(report.pages)} pages in {report.out}")
    if not reports:
        typer.echo("The registry has no lead: add `lead_<name>` under access.")


@app.command()
def check(url: Url = None, specs: Specs = SPECS) -> None:
    """Check every spec and query; with METABASE_URL set, every card in Metabase too."""
    with one_sentence(), console.status("Running every query"):
        report = check_site(url, specs=specs)
    typer.echo(
        f"{report.dashboard_count} dashboard(s), {report.card_count} cards: all "
        f"queries run. Slowest: {report.timed[0]}."
    )
    for timed in report.slow:
        typer.echo(
            f"Warning: {timed}, over {SLOW_MILLISECONDS} ms: make its query lighter.",
            err=True,
        )
    if is_configured():
        check_metabase(url, specs)


@app.command()
def schema() -> None:
    """Write the JSON Schema of specs, for editors."""
    SCHEMA_PATH.write_text(schema_text(), encoding="utf-8")
    typer.echo(f"Wrote {SCHEMA_PATH}")


def _languages(given: list[str] | None) -> tuple[Language, ...] | None:
    unknown = set(given or ()) - set(get_args(Language))
    if unknown:
        raise DashboardError(
            f"--language {min(unknown)} is not one of {', '.join(LANGUAGES)}."
        )
    return cast("tuple[Language, ...]", tuple(given)) if given else None


if __name__ == "__main__":
    app()
