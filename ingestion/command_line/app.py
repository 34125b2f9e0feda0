"""The command line: its commands, and how each of them ends."""

import typer

from ingestion.command_line.check import check
from ingestion.command_line.erase import erase
from ingestion.command_line.erase_again import erase_again
from ingestion.command_line.failures import OneSentence
from ingestion.command_line.import_file import import_
from ingestion.command_line.land import land
from ingestion.command_line.propose_map import propose_map
from ingestion.command_line.publish_media import publish_media
from ingestion.command_line.remap import remap
from ingestion.command_line.status import status
from warehouse.logs import set_up_logs

app = typer.Typer(
    cls=OneSentence,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they would print variables, and so answers
    help="Bring raw up to date with the form servers.",
)


@app.callback()
def prepare() -> None:
    """Log as the environment says before any command runs."""
    set_up_logs(are_sentences_shown=False)


app.command()(check)
app.command()(land)
app.command("import")(import_)
app.command()(status)
app.command()(remap)
app.command()(erase)
app.command()(erase_again)
app.command()(propose_map)
app.command()(publish_media)
