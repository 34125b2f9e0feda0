"""The faults that change the server, at the request that sets them off."""

from collections.abc import Callable, Iterable

from sandbox.http_server.exchange import RefusedError, Request
from sandbox.odk.access.sessions import bearer_session
from sandbox.odk.faults.rules import Rule
from sandbox.odk.service import Service


def do_harm(service: Service, request: Request, rules: Iterable[Rule]) -> None:
    """Let the rules that a request set off do their lasting damage."""
    for rule in rules:
        if rule.kind in LASTING:
            LASTING[rule.kind](service, request, rule)


def _withdraw_permission(service: Service, request: Request, _: Rule) -> None:
    service.damage.blind.update(_caller(service, request))


def _end_sessions(service: Service, request: Request, _: Rule) -> None:
    for username in _caller(service, request):
        service.sessions.close_all_of(username)


def _purge_rows(service: Service, request: Request, rule: Rule) -> None:
    service.purge_by_fault(rule.ids or _newest(service, request))


def _caller(service: Service, request: Request) -> list[str]:
    try:
        session = bearer_session(request, service.sessions, service.now)
    except RefusedError:
        return []
    return [session.account.username] if session else []


def _newest(service: Service, request: Request) -> list[str]:
    for state in service.states():
        if f"/forms/{state.form.form_id}" in request.path:
            return [one.root_id for one in state.live[:1]]
    return []


LASTING: dict[str, Callable[[Service, Request, Rule], None]] = {
    "permission_withdrawn": _withdraw_permission,
    "sessions_ended": _end_sessions,
    "rows_purged": _purge_rows,
}
