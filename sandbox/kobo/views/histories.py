"""The project history, which only those who manage a project may read."""

from typing import Any

from sandbox.http_server.exchange import Answer, json_answer, rendered
from sandbox.kobo.asking.paging import link_window, page_head
from sandbox.kobo.asking.search import Search
from sandbox.kobo.exchange import forbidden, link
from sandbox.kobo.history import Entry, term, user_uid
from sandbox.kobo.service import Call


def history(call: Call, uid: str) -> Answer:
    """Return the entries that `q` asks for, newest first."""
    found = _entries(call, uid)
    request = call.request
    text = request.params.get("q", "").strip()
    if text:
        matches = Search(text, term).predicate()
        found = [entry for entry in found if matches(entry)]
    shown = link_window(request).of(found)
    rows = [_row(call, uid, entry) for entry in shown]
    return json_answer({**page_head(request, len(found)), "results": rows})


def actions(call: Call, uid: str) -> Answer:
    """Return the distinct actions in the history."""
    found = {entry.action for entry in _entries(call, uid)}
    return json_answer({"actions": sorted(found)})


def _entries(call: Call, uid: str) -> list[Entry]:
    state = call.project(uid)
    if not call.may("manage_asset"):
        raise forbidden()
    return call.service.history(state)


def _row(call: Call, uid: str, entry: Entry) -> dict[str, Any]:
    return {
        "user": link(call.request, f"/api/v2/users/{entry.username}/"),
        "user_uid": user_uid(entry.username),
        "username": entry.username,
        "action": entry.action,
        "metadata": {
            "source": "Sandbox",
            "asset_uid": uid,
            "ip_address": "127.0.0.1",
            **entry.details,
            "log_subtype": "project",
            "project_owner": call.owner,
        },
        "date_created": rendered(entry.at),
    }
