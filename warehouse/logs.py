"""What our commands and tasks log: sentences, each with the ids of what it is about.

A log line has the form and the run it is of, a count and a reason; no answer, no name
and no code of a family. In an Airflow task the ids stand beside Airflow's own (DAG,
task, run), as Airflow writes its logs with the same library. Beside Airflow,
`WAREHOUSE_LOG_FORMAT=json` makes each line an object; without it lines are sentences.
"""

import logging
import os
import sys

import structlog
from structlog.contextvars import bound_contextvars

VARIABLE = "WAREHOUSE_LOG_FORMAT"

__all__ = ["bound_contextvars", "set_up_logs"]


def set_up_logs(*, are_sentences_shown: bool = True) -> None:
    """Log to standard error as `WAREHOUSE_LOG_FORMAT` says.

    Args:
        are_sentences_shown: Whether plain lines of information are shown; a command
            that draws its own progress shows warnings only.
    """
    if os.environ.get(VARIABLE) == "json":
        logging.basicConfig(level=logging.INFO, handlers=[_json_handler()])
        # Addresses of requests hold ids of records, one line for each.
        logging.getLogger("httpx").setLevel(logging.WARNING)
    elif are_sentences_shown:
        logging.basicConfig(level=logging.INFO, format="%(message)s")


def _json_handler() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _error_without_its_values,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    return handler


def _error_without_its_values(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Name the kind of an error alone: its text and its trace may hold answers."""
    told = event.pop("exc_info", None)
    if isinstance(told, tuple) and told[0] is not None:
        event["error"] = told[0].__name__
    return event
