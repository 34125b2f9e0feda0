"""The serious rival: dlt's REST source, merged by key, repeats in tables of their own.

It is run the way its documentation shows. A second run reads everything again: the
server offers nothing by which it could see what has changed.
"""

import dlt
from dlt.sources.rest_api import rest_api_source

from benchmarks.contenders.job import PAGE_SIZE, Job, Progress, take_job

DATASET = "journals_of_dlt"


def load(job: Job, _progress: Progress) -> dict[str, int]:
    """Merge every journal into the tables of a dataset."""
    source = rest_api_source(
        {
            "client": {
                "base_url": job.asset_url,
                "paginator": {"type": "json_link", "next_url_path": "next"},
            },
            "resource_defaults": {"primary_key": "_id", "write_disposition": "merge"},
            "resources": [
                {
                    "name": "journals",
                    "endpoint": {
                        "path": "data/",
                        "params": {"limit": PAGE_SIZE},
                        "data_selector": "results",
                    },
                }
            ],
        }
    )
    pipeline = dlt.pipeline(
        pipeline_name="journals",
        destination=dlt.destinations.postgres(job.database_url),
        dataset_name=DATASET,
        pipelines_dir=job.folder,
    )
    pipeline.run(source)
    return {"journals": pipeline.last_trace.last_normalize_info.row_counts["journals"]}


if __name__ == "__main__":
    take_job(load)
