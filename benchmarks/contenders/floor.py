"""The floor: requests and COPY of raw jsonb; no history, no answers, no second run.

The fastest simple way that was found: orjson instead of `response.json()`, and one
COPY that stays open from page to page, so that the database works while we download.
"""

import orjson
import psycopg
import requests  # noqa: TID251 - what a user would write is what is measured

from benchmarks.contenders.job import Job, Progress, take_job


def load(job: Job, progress: Progress) -> dict[str, int]:
    """Copy every journal into a table with a key."""
    done = 0
    url = job.first_page
    with (
        requests.Session() as session,
        psycopg.connect(job.database_url) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "create table journals (id bigint primary key, payload jsonb not null)"
        )
        # As our raw does where the database has no lz4: its older packing costs more
        # than all else that COPY does.
        cursor.execute("alter table journals alter payload set storage external")
        with cursor.copy("copy journals (id, payload) from stdin") as copy:
            while url:
                response = session.get(url, timeout=60)
                response.raise_for_status()
                page = orjson.loads(response.content)
                for record in page["results"]:
                    copy.write_row((record["_id"], orjson.dumps(record).decode()))
                url = page["next"]
                done += len(page["results"])
                progress(done)
    return {"journals": done}


if __name__ == "__main__":
    take_job(load)
