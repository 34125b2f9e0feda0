"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Url = Annotated[
    str | None,
    typer.Option("--url", help="The warehouse; WAREHOUSE_URL if not given."),
]
Specs = Annotated[
    Path, typer.Option("--specs", help="Folder of specs, for dashboards of your own.")
]
Synthetic = Annotated[
    bool | None,
    typer.Option(
        help="Stamp every chart as synthetic; on unless DASHBOARDS_SYNTHETIC=false."
    ),
]
