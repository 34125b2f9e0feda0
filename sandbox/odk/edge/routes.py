"""Which path is which endpoint, and how a request gets its answer."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from sandbox.http_server.exchange import Answer, RefusedError, Request
from sandbox.odk.access.sessions import basic_account, bearer_session
from sandbox.odk.call import Call
from sandbox.odk.exchange import not_found, problem, unauthenticated, weak_tag
from sandbox.odk.service import Service
from sandbox.odk.views import (
    attachments,
    drafts,
    exports,
    forms,
    metadata,
    odata,
    people,
    repeats,
    submissions,
)

View = Callable[..., Answer]
READING = ("GET", "HEAD")
MOVED = (301, 307)
PHONE = re.compile(r"/v1/key/([^/]+)(/.*)")
PROJECT = "/v1/projects/{project}"
FORM = f"{PROJECT}/forms/{{form_id}}"
SERVICE = f"{FORM}.svc"
SUBMISSION = f"{FORM}/submissions/{{root_id}}"
# The real server has these; the stand-in says that it has not.
NOT_COVERED = re.compile(
    r"/v1/(audits|roles|users|assignments|backup|config)(/.*)?|"
    r"/v1/projects/\d+/(datasets|app-users|assignments|submission|formList)(/.*)?|"
    r".*/(comments|diffs|keys|submitters|draft|assignments|public-links)(/.*)?"
)


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint.

    Attributes:
        method: GET, POST, ...
        path: Its path, with a name in braces for each part that varies.
        view: What answers.
    """

    method: str
    path: str
    view: View

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Return the parts of `path` that vary, None when it is another endpoint."""
        if method != self.method and not (method == "HEAD" and self.method == "GET"):
            return None
        found = re.fullmatch(_pattern(self.path), path)
        return found.groupdict() if found else None


def routes(download: View) -> tuple[Route, ...]:
    """Return the endpoints; where two fit a path, the first is meant.

    Args:
        download: The view that gives out the file of a submission.
    """
    return (*_of_people(), *_of_odata(), *_of_submissions(download), *_of_forms())


def answer(service: Service, endpoints: tuple[Route, ...], request: Request) -> Answer:
    """Return the answer to a request, errors included."""
    try:
        found = _answer(service, endpoints, request)
    except RefusedError as error:
        found = error.answer
    return _with_head(found, request)


def _of_people() -> Iterator[Route]:
    yield Route("POST", "/v1/sessions", people.log_in)
    yield Route("DELETE", "/v1/sessions/{token}", people.log_out)
    yield Route("GET", "/v1/sessions/restore", people.restore)
    yield Route("GET", "/v1/users/current", people.current_user)


def _of_odata() -> Iterator[Route]:
    one = f"{SERVICE}/Submissions('{{root_id}}')"
    yield Route("GET", SERVICE, odata.document)
    yield Route("GET", f"{SERVICE}/$metadata", metadata.metadata)
    yield Route("GET", one, odata.single)
    yield Route("GET", f"{one}/{{path*}}", repeats.items_of_one)
    yield Route("GET", f"{SERVICE}/{{table}}", odata.table)


def _of_submissions(download: View) -> Iterator[Route]:
    yield Route("GET", f"{FORM}/submissions", submissions.submission_list)
    yield Route("GET", f"{FORM}/submissions.csv", exports.table)
    yield Route("GET", f"{FORM}/submissions.csv.zip", exports.archive)
    yield Route("GET", f"{SUBMISSION}.xml", submissions.submission_xml)
    yield Route("GET", f"{SUBMISSION}/versions", submissions.version_list)
    version = f"{SUBMISSION}/versions/{{instance_id}}"
    yield Route("GET", f"{version}.xml", submissions.version_xml)
    yield Route("GET", version, submissions.version)
    yield Route("GET", f"{SUBMISSION}/audits", submissions.audits)
    yield Route("GET", f"{SUBMISSION}/attachments", attachments.file_list)
    yield Route("GET", f"{SUBMISSION}/attachments/{{name}}", download)
    one = f"{FORM}/submissions/{{instance_id}}"
    yield Route("GET", one, submissions.submission)
    yield Route("DELETE", SUBMISSION, submissions.delete)
    yield Route("POST", f"{SUBMISSION}/restore", submissions.restore)


def _of_forms() -> Iterator[Route]:
    version = f"{FORM}/versions/{{version}}"
    yield Route("GET", "/v1/projects", forms.project_list)
    yield Route("GET", PROJECT, forms.project)
    yield Route("GET", f"{PROJECT}/forms", forms.form_list)
    yield Route("GET", f"{FORM}.xml", forms.form_xml)
    yield Route("GET", f"{FORM}/fields", forms.fields)
    yield Route("GET", f"{FORM}/attachments", drafts.published_files)
    yield Route("GET", f"{FORM}/attachments/{{name}}", drafts.published_file)
    draft = f"{FORM}/draft"
    yield Route("GET", draft, drafts.draft)
    yield Route("POST", draft, drafts.begin)
    yield Route("DELETE", draft, drafts.give_up)
    yield Route("GET", f"{draft}/attachments", drafts.draft_files)
    yield Route("POST", f"{draft}/attachments/{{name}}", drafts.fill)
    yield Route("POST", f"{draft}/publish", drafts.publish)
    yield Route("GET", f"{FORM}/versions", forms.version_list)
    yield Route("GET", f"{version}.xml", forms.version_xml)
    yield Route("GET", f"{version}/fields", forms.version_fields)
    yield Route("GET", version, forms.version)
    yield Route("GET", FORM, forms.form)


def _pattern(path: str) -> str:
    parts = re.split(r"(\{\w+\*?\})", path)
    return "".join(
        re.sub(
            r"\{(\w+)(\*?)\}",
            lambda found: f"(?P<{found[1]}>{'.+' if found[2] else '[^/]+'})",
            part,
        )
        if part.startswith("{")
        else re.escape(part)
        for part in parts
    )


def _answer(service: Service, endpoints: tuple[Route, ...], request: Request) -> Answer:
    call, path = _call(service, request)
    for route in endpoints:
        parts = route.match(request.method, unquote(path))
        if parts is not None:
            return route.view(call, **parts)
    is_write = request.method not in READING and path.startswith("/v1/projects/")
    if is_write or NOT_COVERED.fullmatch(path):
        call.check_writing()
        raise problem(501, f"The stand-in does not cover {request.method} {path}.")
    raise not_found()


def _call(service: Service, request: Request) -> tuple[Call, str]:
    """Return the call, and the path without the key of a phone."""
    session = bearer_session(request, service.sessions, service.now)
    if session:
        return Call(service, request, session.account), request.path
    account = basic_account(request, service.accounts, is_sso=service.setting.is_sso)
    phone = PHONE.fullmatch(request.path)
    if phone is None or account:
        return Call(service, request, account), request.path
    if phone[1] != service.setting.app_user_key:
        raise unauthenticated()
    return Call(service, request, None, is_phone=True), f"/v1{phone[2]}"


def _with_head(found: Answer, request: Request) -> Answer:
    """Return the answer with what all have, or a 304 for one that is known."""
    is_private = request.method in READING and "/sessions" not in request.path
    found = found.with_headers(
        Cache_Control="private, no-cache" if is_private else "no-store",
        Vary=_vary(found) if is_private else "*",
    )
    if "ETag" not in found.headers and found.status not in MOVED:
        found = found.with_headers(ETag=weak_tag(found.body))
    known = request.headers.get("if-none-match")
    is_ok = found.status == 200  # noqa: PLR2004 - as in any HTTP client
    if is_ok and known and known == found.headers.get("ETag"):
        return replace(found, status=304, body=b"", content_type="", is_chunked=False)
    return found


def _vary(found: Answer) -> str:
    more = ", Accept" if found.status in MOVED else ""
    return f"Accept-Encoding, Origin{more}"
