"""Nothing but the download of a sweep: no sync without change can be faster."""

from urllib.parse import quote

import httpx

from benchmarks.contenders.job import Job, Progress, take_job

FIELDS = quote('["_id","_uuid","_validation_status"]')


def load(job: Job, progress: Progress) -> dict[str, int]:
    """Download id and fingerprint of every journal and throw them away."""
    with httpx.Client(timeout=60) as client:
        first = client.get(f"{job.asset_url}data/", params={"limit": 1})
        count = first.raise_for_status().json()["count"]
        for done, url in enumerate(job.page_urls(lambda: count), start=1):
            client.get(f"{url}&fields={FIELDS}").raise_for_status()
            progress(done)
    return {"journals": count}


if __name__ == "__main__":
    take_job(load)
