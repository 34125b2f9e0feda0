"""Questions in the words of the semantic models, answered by MetricFlow.

MetricFlow lives in an environment of its own, `.venv-semantic`: it brings a dbt with it
and is needed by nobody who only builds.
"""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from warehouse import dbt
from warehouse.connection import warehouse_url
from warehouse.errors import SemanticError

MF = Path(__file__).parents[1] / ".venv-semantic" / "bin" / "mf"


def write_manifest(project_dir: Path = dbt.PROJECT, *, url: str | None = None) -> None:
    """Write what MetricFlow reads: the semantic models as they are now.

    Raises:
        SemanticError: dbt could not read the project.
    """
    outcome = dbt.run("parse", project_dir, project_dir / "target", url=url)
    if outcome.code:
        raise SemanticError(f"dbt could not read the models: {outcome.reason}")


def run_mf(
    arguments: Sequence[str],
    *,
    project_dir: Path = dbt.PROJECT,
    url: str | None = None,
    mf: Path = MF,
) -> None:
    """Run one `mf` command on the warehouse; what it prints goes where ours goes.

    It reads what `write_manifest` wrote last.

    Args:
        arguments: Of `mf`, such as `query --metrics reported_journals`.
        project_dir: The dbt project; its `profiles.yml` stands in it.
        url: The warehouse. None takes `WAREHOUSE_URL`.
        mf: The program.

    Raises:
        SemanticError: It is not installed, or it ended with an error.
        WarehouseSettingError: The warehouse has no usable address.
    """
    if not mf.exists():
        raise SemanticError(
            "What answers in the words of the semantic models is not installed: run "
            "`make install-semantic`."
        )
    settings = dbt.environment(warehouse_url(url)) | {
        "DBT_PROFILES_DIR": str(project_dir)
    }
    done = subprocess.run(  # noqa: S603 - the program of our own environment
        [str(mf), *arguments], cwd=project_dir, env=os.environ | settings, check=False
    )
    if done.returncode:
        raise SemanticError(
            f"mf {arguments[0] if arguments else ''} ended with an error: what it said "
            "stands above."
        )
