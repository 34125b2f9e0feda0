"""The files the finance office and the data desk would drop: payments, corrections."""

from pathlib import Path

from sandbox import pilot
from sandbox.feeds.source_hash import PILOT, source_hash


def write_finance_files(folder: Path) -> str:
    """Write the pilot's files under `folder`, and the truth to compare with.

    Making the pilot takes seconds and gives the same every time, so it is done once
    per version of its code.
    """
    stamp = folder / "made_from"
    source = source_hash(*PILOT)
    if stamp.exists() and stamp.read_text() == source:
        return f"in {folder}, unchanged"
    folder.mkdir(parents=True, exist_ok=True)
    made = pilot.build_pilot()
    made.write_files(folder)
    stamp.write_text(source)
    return (
        f"{len(made.journal_payments):,} payments, {len(made.corrections)} corrections"
    )
