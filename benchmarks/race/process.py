"""Run one contender in a process of its own and read what it tells."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.contenders.job import Job
from sandbox.errors import SandboxError
from sandbox.machine.home import REPOSITORY
from sandbox.machine.processes import environment

# Whoever runs this may have settings of their own, which must not decide what is run.
OWN_SETTINGS = ("JOURNAL_SITES", "JOURNAL_FILES_ROOT", "WAREHOUSE_URL")
QUIET = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a contender did.

    Attributes:
        seconds: From when everything was imported until everything was committed.
        cpu_seconds: Of them, those that its own process computed.
        peak_memory_mb: The most its process ever held, its imports among it.
        facts: What it counted.
    """

    seconds: float
    cpu_seconds: float
    peak_memory_mb: float
    facts: dict[str, int]


def run_contender(
    python: str, module: str, job: Job, progress: Callable[[int], None]
) -> Outcome:
    """Run `benchmarks.contenders.<module>` and return what it did.

    Raises:
        SandboxError: It failed; the message holds the last line it printed.
    """
    settings = environment(QUIET)
    settings = {key: settings[key] for key in settings if key not in OWN_SETTINGS}
    with (
        (Path(job.folder) / f"{module}.log").open("w+", encoding="utf-8") as errors,
        subprocess.Popen(  # noqa: S603 - our own command
            [python, "-m", f"benchmarks.contenders.{module}"],
            cwd=REPOSITORY,
            env=settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdin is not None  # noqa: S101 - asked for above
        assert process.stdout is not None  # noqa: S101 - asked for above
        process.stdin.write(f"{json.dumps(asdict(job))}\n")
        process.stdin.close()
        last: dict[str, object] = {}
        for line in process.stdout:
            if not line.startswith("{"):
                continue
            last = json.loads(line)
            if "done" in last:
                progress(int(str(last["done"])))
        if process.wait() or "seconds" not in last:
            errors.seek(0)
            printed = errors.read().strip() or "it printed nothing"
            raise SandboxError(
                f"The contender {module} ended without a result: "
                f"{printed.splitlines()[-1]}"
            )
    return Outcome(**last)  # type: ignore[arg-type]  # written by `take_job`
