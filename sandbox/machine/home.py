"""Where one sandbox keeps its files, its ports and its generated secrets."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.errors import SandboxError

REPOSITORY = Path(__file__).parents[2]
LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Home:
    """One sandbox: a folder, and the ports the caller insists on.

    Attributes:
        root: Folder under which everything of this sandbox lies.
        warehouse_port: Port Postgres must take; None lets the sandbox choose.
        airflow_port: The same for Airflow.
        kobo_port: The same for the stand-in of KoboToolbox.
        odk_port: The same for the stand-in of ODK Central.
    """

    root: Path
    warehouse_port: int | None = None
    airflow_port: int | None = None
    kobo_port: int | None = None
    odk_port: int | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Home":
        """Read `SANDBOX_HOME` and the four port variables.

        Raises:
            SandboxError: A port variable holds something that is no port.
        """
        return cls(
            root=(REPOSITORY / environment.get("SANDBOX_HOME", ".local")).resolve(),
            warehouse_port=_port(environment, "WAREHOUSE_PORT"),
            airflow_port=_port(environment, "AIRFLOW_PORT"),
            kobo_port=_port(environment, "KOBO_PORT"),
            odk_port=_port(environment, "ODK_PORT"),
        )

    @property
    def postgres(self) -> Path:
        """Data folder of the embedded Postgres."""
        return self.root / "postgres"

    @property
    def airflow(self) -> Path:
        """Airflow's own folder, its `AIRFLOW_HOME`."""
        return self.root / "airflow"

    @property
    def kobo(self) -> Path:
        """Folder of the KoboToolbox stand-in: its record and its log."""
        return self.root / "kobo"

    @property
    def odk(self) -> Path:
        """The same of the ODK Central stand-in."""
        return self.root / "odk"

    @property
    def pilot(self) -> Path:
        """Folder the finance office's files are written to."""
        return self.root / "pilot"

    @property
    def site(self) -> Path:
        """Folder of the published dashboards."""
        return self.root / "site"

    @property
    def reports(self) -> Path:
        """Folder of the pages of peer groups, apart from what is published."""
        return self.root / "group_pages"

    @property
    def backups(self) -> Path:
        """Folder of the warehouse's backups."""
        return self.root / "backups"

    def secret(self, name: str, make: Callable[[], str]) -> str:
        """Return the secret `name`, made on first use and readable by us alone."""
        folder = self.root / "secrets"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / name
        if not file.exists():
            # Opened with its final mode: never, not even briefly, readable by others.
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as stream:
                stream.write(make())
        return file.read_text()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep a second demo out of this sandbox while the block runs.

        The lock ends with the process that holds it, however that ends.

        Raises:
            SandboxError: A demo is running here, or the folder is not ours to write.
        """
        file = self.root / "demo.lock"
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = file.open("w")
        except PermissionError as error:
            raise SandboxError(
                f"{error.filename} belongs to another user: run as that user, or "
                "choose another folder with SANDBOX_HOME=<folder>."
            ) from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SandboxError(
                    f"Another `make demo` is running in {self.root}: wait until it has "
                    "ended, or choose another folder with SANDBOX_HOME=<folder>."
                ) from None
            yield

    def kobo_token(self) -> str:
        """Return the stand-in's API token: 40 hexadecimal digits, as Kobo's are."""
        return self.secret("kobo_token", lambda: secrets.token_hex(20))

    def odk_secret(self) -> str:
        """Return what the passwords of the ODK Central stand-in are derived from."""
        return self.secret("odk_secret", lambda: secrets.token_hex(20))

    def metabase_secret(self) -> str:
        """Return what the passwords of Metabase's warehouse roles are derived from."""
        return self.secret("metabase_secret", lambda: secrets.token_hex(20))


def _port(environment: Mapping[str, str], variable: str) -> int | None:
    text = environment.get(variable, "").strip()
    if not text:
        return None
    if not text.isdigit() or not 0 < int(text) <= LAST_PORT:
        raise SandboxError(
            f"{variable} is {text!r}, which is no port: set a number from 1 to "
            f"{LAST_PORT}, or leave it out."
        )
    return int(text)
