"""The faults that change the server for good, at the request that sets them off."""

from collections.abc import Callable, Iterable

from sandbox.http_server.exchange import RefusedError, Request
from sandbox.kobo.access.accounts import authenticate
from sandbox.kobo.faults.rules import Rule
from sandbox.kobo.history import failed_deletion
from sandbox.kobo.service import Service
from sandbox.kobo.stored.state import ProjectState


def do_harm(service: Service, request: Request, rules: Iterable[Rule]) -> None:
    """Let the rules that a request set off do their lasting damage."""
    for rule in rules:
        if rule.kind in LASTING:
            LASTING[rule.kind](service, request, rule)


def _withdraw_permission(service: Service, request: Request, _: Rule) -> None:
    service.damage.blind.update(_caller(service, request))


def _revoke_token(service: Service, request: Request, _: Rule) -> None:
    service.damage.revoked.update(_caller(service, request))


def _delete_rows(service: Service, request: Request, rule: Rule) -> None:
    service.damage.deleted.update(rule.ids or _first_row(service, request))


def _lose_history(service: Service, _: Request, rule: Rule) -> None:
    for number in rule.ids or (None,):
        service.damage.unlogged_since.setdefault(number, service.now)


def _log_false_deletions(service: Service, request: Request, rule: Rule) -> None:
    wanted = set(rule.ids or _first_row(service, request))
    for state in service.projects_of(service.owner):
        told = service.damage.false_entries.setdefault(state.form.uid, [])
        told += [
            failed_deletion(state, number, service.now, service.owner.username)
            for number in state.rows
            if number in wanted
        ]


def _shorten_history(service: Service, _: Request, rule: Rule) -> None:
    service.damage.shown_days = rule.days


def _caller(service: Service, request: Request) -> list[str]:
    header = request.headers.get("authorization")
    try:
        account = authenticate(header, service.accounts)
    except RefusedError:
        return []
    return [account.username] if account else []


def _first_row(service: Service, request: Request) -> list[int]:
    for state in service.projects_of(service.owner):
        if f"/{state.form.uid}/" in request.path:
            return _rows_left(service, state)[:1]
    return []


def _rows_left(service: Service, state: ProjectState) -> list[int]:
    return [number for number in state.rows if number not in service.damage.deleted]


LASTING: dict[str, Callable[[Service, Request, Rule], None]] = {
    "permission_withdrawn": _withdraw_permission,
    "token_revoked": _revoke_token,
    "rows_deleted": _delete_rows,
    "history_lost": _lose_history,
    "false_deletions_logged": _log_false_deletions,
    "history_shortened": _shorten_history,
}
