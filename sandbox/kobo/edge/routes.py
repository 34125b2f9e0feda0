"""Which path is which endpoint, and how a request gets its answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.http_server.exchange import (
    Answer,
    RefusedError,
    Request,
    json_answer,
    method_not_allowed,
)
from sandbox.kobo.access.accounts import Account, authenticate
from sandbox.kobo.exchange import missing_page, not_covered, without_json_suffix
from sandbox.kobo.service import Call, Service
from sandbox.kobo.views import (
    changes,
    histories,
    media,
    openrosa,
    people,
    projects,
    submissions,
)

View = Callable[..., Answer]

READ_ONLY = "GET, HEAD, OPTIONS"
WITH_POST = "GET, POST, HEAD, OPTIONS"
MANY = "PATCH, DELETE, OPTIONS"
WITH_EDITING = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"
V1_IS_GONE = (
    "The V1 API has been removed. Please read the migration article at "
    "https://support.kobotoolbox.org/migrating_api.html"
)


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint.

    Attributes:
        path: Its path, with a name in braces for each part that varies.
        view: What answers a GET, None where there is none.
        allow: The methods of the real endpoint.
        writes: What answers the methods that change something.
    """

    path: str
    view: View | None
    allow: str = READ_ONLY
    writes: Mapping[str, View] = field(default_factory=dict)

    def view_of(self, method: str) -> View | None:
        """Return what answers the method, None where nothing here does."""
        return self.view if method in ("GET", "HEAD") else self.writes.get(method)

    def match(self, path: str) -> dict[str, str] | None:
        """Return the parts of `path` that vary, None when it is another endpoint."""
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        found = re.fullmatch(pattern, path)
        return found.groupdict() if found else None


ASSET = "/api/v2/assets/{uid}/"
ROW = f"{ASSET}data/{{number}}/"
ROUTES = (
    Route("/me/", people.me, "GET, PATCH, DELETE, HEAD, OPTIONS"),
    Route("/token/", people.token, "GET, POST, DELETE, HEAD, OPTIONS"),
    Route("/api/v2/assets/", projects.project_list, WITH_POST),
    Route("/api/v2/assets/minimal-list/", projects.minimal_list),
    Route("/api/v2/assets/hash/", projects.versions_hash),
    Route(ASSET, projects.project, WITH_EDITING),
    Route(f"{ASSET}content/", projects.content),
    Route(f"{ASSET}versions/", projects.version_list, WITH_POST),
    Route(f"{ASSET}versions/{{version_uid}}/", projects.version, WITH_EDITING),
    Route(
        f"{ASSET}deployment/",
        projects.deployment,
        "GET, POST, PATCH, HEAD, OPTIONS",
        {"PATCH": media.deploy_again},
    ),
    Route(f"{ASSET}files/", media.file_list, WITH_POST, {"POST": media.add_file}),
    Route(
        f"{ASSET}files/{{file_uid}}/",
        media.file,
        "GET, DELETE, HEAD, OPTIONS",
        {"DELETE": media.delete_file},
    ),
    Route(f"{ASSET}files/{{file_uid}}/content/", media.file_content),
    Route(f"{ASSET}counts/", projects.counts),
    Route(f"{ASSET}data/", submissions.submission_list),
    Route(
        f"{ASSET}data/bulk/",
        None,
        MANY,
        {"PATCH": changes.edit_many, "DELETE": changes.delete_many},
    ),
    Route(
        f"{ASSET}data/validation_statuses/",
        None,
        MANY,
        {"PATCH": changes.review_many, "DELETE": changes.review_many},
    ),
    Route(
        ROW,
        submissions.submission,
        "GET, DELETE, HEAD, OPTIONS",
        {"DELETE": changes.delete},
    ),
    Route(
        f"{ROW}validation_status/",
        changes.review_state,
        "GET, PATCH, DELETE, HEAD, OPTIONS",
        {"PATCH": changes.review, "DELETE": changes.take_review_back},
    ),
    Route(f"{ROW}attachments/", submissions.attachment_list),
    Route(f"{ROW}attachments/{{attachment_uid}}/", submissions.attachment),
    Route(f"{ROW}attachments/{{attachment_uid}}/{{size}}/", submissions.attachment),
    Route(f"{ASSET}history/", histories.history),
    Route(f"{ASSET}history/actions/", histories.actions),
    Route("/submission", None, "POST, HEAD, OPTIONS", {"POST": openrosa.submit}),
)


def answer(service: Service, request: Request) -> Answer:
    """Return the answer to a request, errors included."""
    try:
        return _answer(service, request)
    except RefusedError as error:
        return error.answer


def _answer(service: Service, request: Request) -> Answer:
    if request.path.startswith("/api/v1/"):
        gone = json_answer({"detail": V1_IS_GONE}, 410)
        return gone.with_headers(Allow="OPTIONS")
    path = without_json_suffix(request.path)
    found = _find(path)
    if found is None:
        return _elsewhere(request)
    route, parts = found
    uid = parts.get("uid")
    # Below a project, a missing one is noticed before anyone asks who is calling.
    if uid and route.path != ASSET and not service.is_project(uid):
        raise missing_page()
    return _from_view(service, request, route, parts)


def _find(path: str) -> tuple[Route, dict[str, str]] | None:
    for route in ROUTES:
        parts = route.match(path)
        if parts is not None:
            return route, parts
    return None


def _elsewhere(request: Request) -> Answer:
    """Return the answer where no endpoint is: a slash was forgotten, or a 404."""
    if _find(f"{request.path}/") is None:
        raise missing_page()
    query = f"?{request.query_string}" if request.query_string else ""
    moved = Answer(301, b"", "text/html; charset=utf-8")
    return moved.with_headers(Location=f"{request.path}/{query}")


def _from_view(
    service: Service, request: Request, route: Route, parts: Mapping[str, str]
) -> Answer:
    account: Account | None = None
    try:
        header = request.headers.get("authorization")
        account = authenticate(header, service.accounts)
        found = _checked_view(Call(service, request, account), route, parts)
    except RefusedError as error:
        found = error.answer
    caller = {"X_KoBoNaUt": account.username} if account else {}
    return found.with_headers(Allow=route.allow, Vary="Accept, origin", **caller)


def _checked_view(call: Call, route: Route, parts: Mapping[str, str]) -> Answer:
    method = call.request.method
    view = route.view_of(method)
    if view:
        return view(call, **parts)
    if "uid" in parts:
        call.project(parts["uid"])
    if method not in route.allow.split(", "):
        raise method_not_allowed(method)
    raise not_covered(f"{method} here")
