"""Requests of which the log may not tell where they go, nor what is answered.

Some addresses are secrets: of a file with its signature, of a channel that takes what
anybody posts there. And some answers open a session to whoever has read their headers.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import httpx


@contextmanager
def addresses_kept_out_of_log() -> Iterator[None]:
    """Keep httpx from logging addresses beyond their host, and headers of answers."""
    # Of its own for every request: what another thread asks for stays unsaid as well.
    filters = {name: partial(tell) for name, tell in LOGGED.items()}
    for name, one in filters.items():
        logging.getLogger(name).addFilter(one)
    try:
        yield
    finally:
        for name, one in filters.items():
            logging.getLogger(name).removeFilter(one)


def _without_address(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(
            f"{one.scheme}://{one.host}/..." if isinstance(one, httpx.URL) else one
            for one in record.args
        )
    return True


def _not_at_all(_: logging.LogRecord) -> bool:
    return False


# The second logs, for those who look for a mistake in it, every header it reads.
LOGGED = {"httpx": _without_address, "httpcore.http11": _not_at_all}
