"""Which path is answered by which view."""

import re
from collections.abc import Callable

from sandbox.http_server.exchange import Answer, RefusedError
from sandbox.metabase.exchange import no_route
from sandbox.metabase.service import Call
from sandbox.metabase.views import (
    cards,
    collections,
    connections,
    dashboards,
    logins,
    mail,
    permissions,
)

View = Callable[..., Answer]
N = r"(\d+)"
ROUTES: list[tuple[str, str, View]] = [
    ("GET", "/api/health", logins.health),
    ("GET", "/api/session/properties", logins.properties),
    ("POST", "/api/setup", logins.set_up),
    ("POST", "/api/session", logins.log_in),
    ("GET", "/api/user/current", logins.current_user),
    ("GET", "/api/api-key", logins.list_keys),
    ("POST", "/api/api-key", logins.make_key),
    ("PUT", f"/api/api-key/{N}/regenerate", logins.renew_key),
    ("GET", "/api/database", connections.list_databases),
    ("POST", "/api/database", connections.make_database),
    ("GET", f"/api/database/{N}", connections.get_database),
    ("PUT", f"/api/database/{N}", connections.change_database),
    ("GET", f"/api/database/{N}/healthcheck", connections.healthcheck),
    ("GET", f"/api/database/{N}/metadata", connections.metadata),
    ("PUT", f"/api/table/{N}", connections.change_table),
    ("PUT", f"/api/field/{N}", connections.change_field),
    ("GET", "/api/collection", collections.list_collections),
    ("POST", "/api/collection", collections.make_collection),
    ("GET", "/api/collection/trash", collections.trash),
    ("GET", "/api/collection/graph", permissions.get_collection_graph),
    ("PUT", "/api/collection/graph", permissions.change_collection_graph),
    ("GET", f"/api/collection/{N}", collections.get_collection),
    ("PUT", f"/api/collection/{N}", collections.change_collection),
    ("GET", f"/api/collection/{N}/items", collections.list_items),
    ("GET", "/api/card", cards.list_cards),
    ("POST", "/api/card", cards.make_card),
    ("GET", f"/api/card/{N}", cards.get_card),
    ("PUT", f"/api/card/{N}", cards.change_card),
    ("POST", f"/api/card/{N}/query", cards.query_card),
    ("POST", "/api/dataset", cards.query_dataset),
    ("POST", "/api/dashboard", dashboards.make_dashboard),
    ("GET", f"/api/dashboard/{N}", dashboards.get_dashboard),
    ("PUT", f"/api/dashboard/{N}", dashboards.change_dashboard),
    (
        "POST",
        f"/api/dashboard/{N}/dashcard/{N}/card/{N}/query",
        cards.query_dashcard,
    ),
    ("GET", "/api/permissions/group", permissions.list_groups),
    ("POST", "/api/permissions/group", permissions.make_group),
    ("POST", "/api/permissions/membership", permissions.add_member),
    ("GET", "/api/permissions/graph", permissions.get_data_graph),
    ("PUT", "/api/permissions/graph", permissions.change_data_graph),
    ("GET", "/api/pulse", mail.list_pulses),
    ("POST", "/api/pulse", mail.make_pulse),
    ("PUT", f"/api/pulse/{N}", mail.change_pulse),
    ("GET", "/api/notification", mail.list_notifications),
    ("POST", "/api/notification", mail.make_notification),
    ("PUT", f"/api/notification/{N}", mail.change_notification),
]
_COMPILED = [(method, re.compile(path), view) for method, path, view in ROUTES]


def answer(call: Call) -> Answer:
    """Return the answer to a request."""
    path = call.request.path.removesuffix("/")
    try:
        for method, pattern, view in _COMPILED:
            found = pattern.fullmatch(path)
            if found and method == call.request.method:
                return view(call, *map(int, found.groups()))
        raise no_route()
    except RefusedError as error:
        return error.answer
