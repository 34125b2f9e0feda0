"""`python -m alerts`: look for what is wrong, tell who can mend it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import text

from alerts.channels import send
from alerts.checking import check
from alerts.closing import close
from alerts.digest import send_digests
from alerts.errors import AlertError
from alerts.message import TITLE, Message
from ingestion.clock import utc_now
from ingestion.errors import IngestionError
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.registry import Receiver, load_registry
from warehouse.errors import WarehouseError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Tell people what is wrong with the warehouse, once, and when it is mended.",
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
OPEN = text("""
select alert_id, severity_code, kind_code, place, summary, what_to_do, opened_at
from ops.alerts
where closed_at is null
order by severity_code, opened_at, alert_id
""")


@app.command(name="check")
def run_check(*, as_json: AsJson = False) -> None:
    """Look at forms, builds and sites; open and close alerts; send what is new."""
    report = check(utc_now())
    if as_json:
        typer.echo(json.dumps(report.as_dict()))
        return
    typer.echo(
        f"{report.found} found, {report.closed} mended, {report.open} open, "
        f"{report.sent} messages sent."
    )


@app.command()
def digest() -> None:
    """Send every receiver the digest of this week, unless it has it."""
    typer.echo(f"{send_digests(utc_now())} digests sent.")


@app.command(name="open")
def show_open(*, as_json: AsJson = False) -> None:
    """Show what is open."""
    with ready_warehouse() as engine, engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(OPEN).mappings()]
    for row in rows:
        if as_json:
            typer.echo(json.dumps(row, default=str))
        else:
            typer.echo(
                f"{row['alert_id']:<5} {row['severity_code']:<8} "
                f"since {row['opened_at']:%Y-%m-%d %H:%M}  "
                f"{row['summary']}. {row['what_to_do']}."
            )
    if not rows and not as_json:
        typer.echo("Nothing is open.")


@app.command(name="close")
def run_close(
    alert_id: Annotated[int, typer.Argument(help="Its number, as `open` shows it.")],
    reason: Annotated[
        str, typer.Option(help="Why; it is kept and told, so name no family.")
    ],
    by: Annotated[
        str | None, typer.Option(help="Who closes it; you, unless said otherwise.")
    ] = None,
) -> None:
    """Close what nothing mends any more; what a check still finds it opens again."""
    summary = close(alert_id, reason, utc_now(), closed_by=by)
    typer.echo(f"Closed {alert_id}: {summary}.")


@app.command()
def receivers() -> None:
    """Show who hears of what, as the registry says."""
    alerts = load_registry().alerts
    for name, receiver in alerts.receivers.items():
        sites = ", ".join(receiver.sites or ["everything else"])
        typer.echo(f"{name:<20} {_way(receiver)}: {sites}")
    if not alerts.receivers:
        typer.echo("Nobody hears of alerts: add `alerts: receivers:` to the registry.")


@app.command()
def greet(
    receiver: Annotated[str, typer.Argument(help="A receiver of the registry.")],
) -> None:
    """Send a receiver a greeting, to see that it is reached."""
    alerts = load_registry().alerts
    chosen = alerts.receivers.get(receiver)
    if chosen is None:
        raise AlertError(
            f"The registry has no receiver {receiver!r}: it has "
            f"{', '.join(alerts.receivers) or 'none'}."
        )
    moment = utc_now()
    greeting = Message(
        message_id=f"{receiver}.greeting.{moment:%Y%m%d%H%M%S}",
        subject=f"{TITLE}: alerts reach you here",
        text="Nothing is wrong. Alerts will come to this address.\n",
        values={"opened": [], "closed": []},
    )
    refused = send(greeting, chosen, alerts.smtp)
    typer.echo(f"Sent to {receiver}.")
    for place, code in refused.items():
        typer.echo(f"Its address number {place} was refused ({code}).")


def _way(receiver: Receiver) -> str:
    if receiver.email:
        return f"e-mail to {', '.join(receiver.email)}"
    if receiver.slack:
        return f"Slack ({receiver.slack})"
    return f"webhook ({receiver.webhook})"


@contextmanager
def one_sentence_if_it_fails() -> Iterator[None]:
    """End the command with one sentence and exit code 1 on an expected error."""
    try:
        yield
    except (AlertError, IngestionError, WarehouseError) as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None


def main() -> None:
    """Run the command."""
    with one_sentence_if_it_fails():
        app()


if __name__ == "__main__":
    main()
