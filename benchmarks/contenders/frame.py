"""What most analysts do: pandas, `json_normalize` and `to_sql`.

Repeats stay JSON text in a cell. Rows go in by COPY, the fastest insertion method that
the documentation of `to_sql` describes; `method="multi"` was measured to be ten times
slower than even the default. All pages are held at once, as forms differ in columns
from page to page.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

import httpx
import pandas as pd
from sqlalchemy import Connection, create_engine

from benchmarks.contenders.job import Job, Progress, take_job


def load(job: Job, progress: Progress) -> dict[str, int]:
    """Write every journal into a table made from the frame."""
    records: list[dict[str, Any]] = []
    url = job.first_page
    with httpx.Client(timeout=60) as client:
        while url:
            page = client.get(url).raise_for_status().json()
            url = page["next"]
            records += page["results"]
            progress(len(records))
    frame = pd.json_normalize(records)
    for name in frame.columns:
        if frame[name].map(lambda value: isinstance(value, list)).any():
            frame[name] = frame[name].map(json.dumps, na_action="ignore")
    engine = create_engine(
        job.database_url.replace("postgresql://", "postgresql+psycopg://")
    )
    with engine.begin() as connection:
        frame.to_sql(
            "journals", connection, index=False, chunksize=10_000, method=_by_copy
        )
    engine.dispose()
    return {"journals": len(frame)}


def _by_copy(
    table: Any,  # noqa: ANN401 - pandas does not publish its type
    connection: Connection,
    names: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    columns = ", ".join(f'"{name}"' for name in names)
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - it is open
    with (
        driver.cursor() as cursor,
        cursor.copy(f'copy "{table.name}" ({columns}) from stdin (format csv)') as copy,
    ):
        copy.write(text.getvalue())


if __name__ == "__main__":
    take_job(load)
