"""Where a person who may see it finds a record on its form server."""

from urllib.parse import quote

from ingestion.errors import ConnectionMissingError
from ingestion.registry import Form
from ingestion.registry.entries import KoboServer, OdkServer
from ingestion.sources.connections import LOGIN, TOKEN, find_connection

# What stands for the record in the address.
SUBMISSION = "{submission_id}"


def record_url(form: Form) -> str | None:
    """Return the address of a record of `form`, `{submission_id}` standing for which.

    It holds the server's public address and never what opens it: whoever follows it
    logs in there. None where a file has no address, or where this machine does not
    know the server's.
    """
    server = form.server
    try:
        if isinstance(server, KoboServer):
            return _on_kobo(find_connection(server.connection, needs=TOKEN).host, form)
        if isinstance(server, OdkServer):
            host = find_connection(server.connection, needs=LOGIN).host
            return _on_central(host, server.project, form)
    except ConnectionMissingError:
        # The registry is still worth landing; landing a form says what is missing.
        pass
    return None


def _on_kobo(host: str, form: Form) -> str:
    """Return the redirect to the filled-in form: a table's row has no address."""
    asset = quote(form.source_key, safe="")
    return f"{host}/api/v2/assets/{asset}/data/{SUBMISSION}/enketo/redirect/view/"


def _on_central(host: str, project: int, form: Form) -> str:
    form_key = quote(form.source_key, safe="")
    return f"{host}/#/projects/{project}/forms/{form_key}/submissions/{SUBMISSION}"
