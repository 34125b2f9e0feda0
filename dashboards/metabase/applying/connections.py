"""One connection for each reader, with her own role; nothing reads as anybody else."""

from collections.abc import Iterable
from typing import Any

from dashboards.errors import MetabaseUnavailableError
from dashboards.metabase.access import Reader
from dashboards.metabase.applying.pen import Pen
from dashboards.metabase.settings import Settings
from dashboards.metabase.there.reading import There, read_databases
from dashboards.metabase.transport import Transport

SECRET = "password"  # noqa: S105 - the name of a detail
SYNC_LOOKS = 120
LOOK_SECONDS = 1.0


def connection_name(reader: Reader) -> str:
    """Return what Metabase calls the connection."""
    return f"Family journals: {reader.title}"


def write_connections(  # noqa: PLR0913 - what is there, what should be, and the pen
    transport: Transport,
    there: There,
    readers: Iterable[Reader],
    settings: Settings,
    pen: Pen,
    *,
    warehouse_url: str | None = None,
) -> None:
    """Make the connections that are missing and mend those that differ.

    A password that was changed in the warehouse shows as a connection that cannot log
    in any more; no trace of a password is kept to compare with.

    Raises:
        MetabaseError: Metabase cannot connect as a role, or its first look at the
            tables does not end.
    """
    for reader in readers:
        details = settings.connection_details(reader.role, warehouse_url)
        transport.hide(details[SECRET])
        body = {
            "name": connection_name(reader),
            "engine": "postgres",
            "details": details,
            "is_full_sync": True,
            "is_on_demand": False,
            "auto_run_queries": True,
        }
        known = there.databases.get(reader.role)
        if known is None:
            _make(transport, reader, body, pen)
        else:
            _mend(transport, known, body, pen)
    if not pen.is_dry:
        read_databases(transport, there)
        for reader in readers:
            _wait_for_sync(transport, there.symbols.databases[reader.role])


def _make(transport: Transport, reader: Reader, body: dict[str, Any], pen: Pen) -> None:
    def look() -> dict[str, Any] | None:
        again = There()
        read_databases(transport, again)
        return again.databases.get(reader.role)

    def make() -> object:
        return transport.create("/api/database", body, look)

    pen.write("connection", body["name"], "create", make)


def _mend(
    transport: Transport, known: dict[str, Any], body: dict[str, Any], pen: Pen
) -> None:
    is_there = {"name": known.get("name"), **(known.get("details") or {})}
    should = {"name": body["name"], **body["details"]}
    differs = [
        name
        for name, value in should.items()
        if name != SECRET and is_there.get(name, False) != value
    ]
    path = f"/api/database/{known['id']}"
    if not differs:
        if transport.get(f"{path}/healthcheck").get("status") == "ok":
            return
        differs = ["login"]
    changed = {name: body[name] for name in ("name", "engine", "details")}
    pen.write(
        "connection",
        body["name"],
        f"update {', '.join(sorted(differs))}",
        lambda: transport.put(path, changed),
    )


def _wait_for_sync(transport: Transport, number: int) -> None:
    for _ in range(SYNC_LOOKS):
        database = transport.get(f"/api/database/{number}")
        if database.get("initial_sync_status") == "complete":
            return
        transport.clock.pause(LOOK_SECONDS)
    raise MetabaseUnavailableError(
        f"Metabase has not finished reading the tables of connection {number}: run the "
        "same again later."
    )
