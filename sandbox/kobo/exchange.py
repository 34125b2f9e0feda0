"""What is KoboToolbox's own in an answer: its links, its refusals, its pages.

Bodies and headers are those of a real server; the names of the recordings that show
them stand in `tests/sandbox/kobo/test_recordings.py`.
"""

import re

from sandbox.http_server.exchange import (
    Answer,
    RefusedError,
    Request,
    html_page,
    json_answer,
    refused,
)


def link(request: Request, path: str) -> str:
    """Return the absolute URL of `path`; the real one repeats `format` in it."""
    suffix = "?format=json" if request.params.get("format") == "json" else ""
    return f"{request.base_url}{path}{suffix}"


def html_answer(status: int, title: str) -> Answer:
    """Return an HTML page, as the real server sends where no client expects it."""
    return html_page(status, title, "KoboToolbox")


def not_found() -> RefusedError:
    """Return the 404 that also hides what the account may not see."""
    return refused(404, {"detail": "Not found."})


def forbidden() -> RefusedError:
    """Return the 403 of an account that may see but not do."""
    return refused(
        403, {"detail": "You do not have permission to perform this action."}
    )


def unauthenticated(detail: str) -> RefusedError:
    """Return a 401."""
    answer = json_answer({"detail": detail}, 401)
    return RefusedError(answer.with_headers(WWW_Authenticate="Session"))


def not_covered(what: str) -> RefusedError:
    """Return a 501: a real server does this, the stand-in does not."""
    return refused(501, {"detail": f"The stand-in does not cover {what}."})


def missing_page() -> RefusedError:
    """Return the 404 with an HTML body, whatever the client accepts."""
    return RefusedError(html_answer(404, "Page not found"))


def without_json_suffix(path: str) -> str:
    """Return the path that `.json` at its end stands for."""
    return re.sub(r"\.json$", "/", path)
