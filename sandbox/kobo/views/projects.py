"""Projects: lists, detail, content, versions, deployment, counts."""

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from sandbox.http_server.exchange import Answer, json_answer
from sandbox.kobo.asking.paging import link_window, page, page_head
from sandbox.kobo.asking.search import Predicate, Search, unknown_field
from sandbox.kobo.exchange import not_found
from sandbox.kobo.service import Call
from sandbox.kobo.stored.content import flat_content
from sandbox.kobo.stored.state import ProjectState
from sandbox.kobo.views.assets import (
    asset,
    listed_asset,
    status_of,
    version_row,
    version_rows,
)

COUNTED_DAYS = 31


def project_list(call: Call) -> Answer:
    """Return the projects the caller may see: none without a token, not a 401."""
    request = call.request
    found = _searched(call.projects(), request.params.get("q", "").strip())
    shown = link_window(request).of(found)
    answer = {
        **page_head(request, len(found)),
        "results": [listed_asset(call, state) for state in shown],
    }
    if request.params.get("metadata") == "on":
        languages = {
            name
            for state in found
            for name in state.latest_version.content.get("translations", [])
            if name
        }
        answer["metadata"] = {
            "languages": sorted(languages),
            "countries": [],
            "sectors": [],
            "organizations": [],
        }
    return json_answer(answer)


def minimal_list(call: Call) -> Answer:
    """Return uid, name and status of each project; there is no count."""
    rows = [
        {
            "uid": state.form.uid,
            "name": state.form.name,
            "deployment_status": status_of(state),
        }
        for state in call.projects()
    ]
    return json_answer({"next": None, "previous": None, "results": rows})


def versions_hash(call: Call) -> Answer:
    """Return a hash that changes when any form does."""
    uids = [state.latest_version.uid for state in call.projects()]
    joined = "".join(sorted(uids)).encode()
    return json_answer({"hash": hashlib.sha256(joined).hexdigest()[:32]})


def project(call: Call, uid: str) -> Answer:
    """Return a project in detail."""
    state = call.project(uid)
    return json_answer(asset(call, state))


def content(call: Call, uid: str) -> Answer:
    """Return the content in flat XLSForm columns, unlike the detail."""
    state = call.project(uid)
    return json_answer(
        {
            "kind": "asset.content",
            "uid_asset": uid,
            "data": flat_content(state.latest_version.content),
        }
    )


def version_list(call: Call, uid: str) -> Answer:
    """Return the versions, newest first."""
    return json_answer(
        page(call.request, version_rows(call.request, call.project(uid)))
    )


def version(
    call: Call,
    uid: str,
    version_uid: str,
) -> Answer:
    """Return a version with its content."""
    state = call.project(uid)
    for number, one in enumerate(state.versions, start=1):
        if one.uid == version_uid:
            row = version_row(call.request, state, number, one)
            return json_answer({**row, "content": one.content})
    raise not_found()


def deployment(call: Call, uid: str) -> Answer:
    """Return the deployment, which repeats the whole project."""
    state = call.project(uid)
    if not state.is_deployed:
        raise not_found()
    return json_answer(
        {
            "backend": "openrosa",
            "active": True,
            "version_id": state.latest_version.uid,
            "asset": asset(call, state),
        }
    )


def counts(call: Call, uid: str) -> Answer:
    """Return arrivals by day, which deletions do not lower, and the total they do."""
    state = call.project(uid)
    rows = call.rows(state)
    text = call.request.params.get("days", "")
    days = int(text) if text.isdecimal() else COUNTED_DAYS
    earliest = (call.service.now - timedelta(days=days)).date().isoformat()
    arrived = Counter(
        record["_submission_time"][: len(earliest)]
        for record in state.records_as_added.values()
    )
    daily = {day: arrived[day] for day in sorted(arrived) if day >= earliest}
    return json_answer(
        {"daily_submission_counts": daily, "total_submission_count": len(rows)}
    )


def _searched(states: list[ProjectState], text: str) -> list[ProjectState]:
    if not text:
        return states
    matches = Search(text, _term).predicate()
    return [state for state in states if matches(state)]


def _term(field: str | None, value: str) -> Predicate[ProjectState]:
    if field not in SEARCHED:
        raise unknown_field()
    return lambda state: SEARCHED[field](state, value)


SEARCHED: dict[str | None, Callable[[ProjectState, str], bool]] = {
    None: lambda state, value: (
        value.lower() in f"{state.form.name} {state.form.uid}".lower()
    ),
    "asset_type": lambda _state, value: value == "survey",
    "_deployment_status": lambda state, value: value == status_of(state),
    "uid": lambda state, value: value == state.form.uid,
    "name": lambda state, value: value == state.form.name,
    "name__icontains": lambda state, value: value.lower() in state.form.name.lower(),
}
