"""What stands beside a backup: whether it is whole, and the roles that it names."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from warehouse.errors import BackupError

CHUNK = 1024 * 1024
VERSION = 1
SERVER_VERSION = text("select current_setting('server_version_num')::integer / 10000")
# Without passwords: these are set again by whoever restores, or by `warehouse roles`.
ROLES = text("""
select
    roles.rolname as name,
    roles.rolcanlogin as can_login,
    array(
        select groups.rolname
        from pg_auth_members as members
        inner join pg_roles as groups on members.roleid = groups.oid
        where members.member = roles.oid and groups.rolname not like 'pg\\_%'
        order by groups.rolname
    ) as member_of
from pg_roles as roles
where roles.rolname not like 'pg\\_%' and not roles.rolsuper
order by roles.rolname
""")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        written_at: ISO 8601, UTC: what was committed before it is in the backup.
        database: The name of the database.
        postgres_version: Its server's major version.
        bytes: Of the backup's file.
        sha256: Of the same.
        table_count: Tables with rows of their own, in all schemas.
        roles: Name, `can_login` and `member_of` of every role but superusers.
    """

    written_at: str
    database: str
    postgres_version: int
    bytes: int
    sha256: str
    table_count: int
    roles: tuple[dict[str, Any], ...]

    def write(self, path: Path) -> None:
        """Write it beside the backup, whole or not at all."""
        partial = path.with_suffix(".partial")
        partial.write_text(
            json.dumps({"version": VERSION, **asdict(self)}, indent=1) + "\n"
        )
        partial.replace(path)


def manifest_path(backup: Path) -> Path:
    """Return where a backup's manifest stands."""
    return backup.with_suffix(".json")


def read_manifest(backup: Path) -> Manifest:
    """Return what a backup says of itself.

    Raises:
        BackupError: It is missing, or none.
    """
    path = manifest_path(backup)
    try:
        content = json.loads(path.read_text())
        version = content.pop("version")
        if version != VERSION:
            raise BackupError(
                f"{path} is of version {version}: restore it with the release of the "
                "product that wrote it."
            )
        return Manifest(**{**content, "roles": tuple(content["roles"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BackupError(
            f"{path} is missing or cannot be read, so nobody can tell whether the "
            "backup is whole: copy both files, or take another backup."
        ) from None


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def server_version(connection: Connection) -> int:
    """Return the server's major version."""
    return int(connection.execute(SERVER_VERSION).scalar_one())


def roles(connection: Connection) -> tuple[dict[str, Any], ...]:
    """Return every role but superusers and PostgreSQL's own."""
    return tuple(dict(row) for row in connection.execute(ROLES).mappings())
