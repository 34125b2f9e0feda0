"""The project, its forms, their versions and fields."""

from collections import Counter
from typing import Any

from sandbox.http_server.exchange import Answer
from sandbox.odk.asking.options import is_true
from sandbox.odk.call import PROJECT_ID, Call
from sandbox.odk.exchange import XML_TYPE, json_answer, not_found, written
from sandbox.odk.stored.model import Definition
from sandbox.odk.stored.state import FormState, state_at

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_VERSION = "___"  # how a version without a name is called in an address


def project_list(call: Call) -> Answer:
    """Return the projects the caller may see: the one, or none."""
    if call.account is None and not call.is_phone:
        call.check_project(PROJECT_ID)
    may_see = call.service.role_of(call.account) is not None
    found = [_project(call)] if may_see else []
    if is_true(call.request.params.get("forms")):
        visible = _visible(call)
        listed = [_form(call, one, is_extended=True) for one in visible]
        found = [{**one, **_counts(visible), "formList": listed} for one in found]
    return json_answer(found)


def project(call: Call, project: str) -> Answer:
    """Return the project."""
    call.check_project(project)
    return json_answer(_project(call))


def form_list(call: Call, project: str) -> Answer:
    """Return the forms the caller may see; a viewer sees no mere draft."""
    call.check_project(project)
    if is_true(call.request.params.get("deleted")):
        call.check_writing()
        return json_answer([_trashed(call, form_id) for form_id in _deleted(call)])
    return json_answer(
        [_form(call, one, is_extended=call.is_extended) for one in _visible(call)]
    )


def form(call: Call, project: str, form_id: str) -> Answer:
    """Return a form."""
    state = call.form(project, form_id)
    return json_answer(_form(call, state, is_extended=call.is_extended))


def form_xml(call: Call, project: str, form_id: str) -> Answer:
    """Return the XForm of the current version."""
    state = call.form(project, form_id)
    return Answer(200, state.current.xml, XML_TYPE)


def fields(call: Call, project: str, form_id: str) -> Answer:
    """Return what the current version asks."""
    return _fields(call, call.form(project, form_id).current)


def version_list(call: Call, project: str, form_id: str) -> Answer:
    """Return the published versions, newest first."""
    state = call.form(project, form_id)
    found = [_version(call, state, one) for one in reversed(state.definitions)]
    return json_answer(found)


def version(call: Call, project: str, form_id: str, version: str) -> Answer:
    """Return one version."""
    state = call.form(project, form_id)
    return json_answer(_version(call, state, _named(state, version, call)))


def version_xml(call: Call, project: str, form_id: str, version: str) -> Answer:
    """Return the XForm of a version."""
    state = call.form(project, form_id)
    return Answer(200, _named(state, version, call).xml, XML_TYPE)


def version_fields(call: Call, project: str, form_id: str, version: str) -> Answer:
    """Return what a version asks."""
    state = call.form(project, form_id)
    return _fields(call, _named(state, version, call))


def described(call: Call, state: FormState) -> dict[str, Any]:
    """Return a form as it is listed."""
    return _form(call, state, is_extended=False)


def _visible(call: Call) -> list[FormState]:
    return [
        state for state in call.service.states() if state.is_published or call.may_write
    ]


def _deleted(call: Call) -> list[str]:
    service = call.service
    return [form_id for form_id in sorted(service.forms) if service.is_deleted(form_id)]


def _trashed(call: Call, form_id: str) -> dict[str, Any]:
    state = state_at(call.service.forms[form_id], call.service.now)
    deleted_at = written(call.service.deleted[form_id])
    number = sorted(call.service.forms).index(form_id) + 1
    found = _form(call, state, is_extended=False)
    return found | {"deletedAt": deleted_at, "id": number}


def _named(state: FormState, name: str, call: Call) -> Definition:
    wanted = "" if name == NO_VERSION else name
    suffix = call.service.suffix(state.form)
    for one in state.definitions:
        if one.version + suffix == wanted:
            return one
    raise not_found()


def _fields(call: Call, definition: Definition) -> Answer:
    is_odata = is_true(call.request.params.get("odata"))
    return json_answer(definition.schema.listed(is_odata=is_odata))


def _project(call: Call) -> dict[str, Any]:
    account = call.account
    return {
        "id": int(PROJECT_ID),
        "name": "Family journals",
        "description": None,
        "archived": None,
        "keyId": None,
        "createdAt": written(min(_birthdays(call), default=call.service.now)),
        "updatedAt": None,
        "deletedAt": None,
        "verbs": list(account.verbs) if account else [],
    }


def _counts(visible: list[FormState]) -> dict[str, Any]:
    newest = [one.live[0].created_at for one in visible if one.live]
    return {
        "forms": len(visible),
        "lastSubmission": written(max(newest, default=None)),
    }


def _birthdays(call: Call) -> list[Any]:
    forms = call.service.forms.values()
    return [form.definitions[0].published_at for form in forms]


def _form(call: Call, state: FormState, *, is_extended: bool) -> dict[str, Any]:
    born = state.form.definitions[0].published_at
    changes = [one.published_at for one in state.definitions[1:]]
    if call.service.is_closed(state.form.form_id):
        changes.append(call.service.closed[state.form.form_id])
    found = {
        "projectId": int(PROJECT_ID),
        "xmlFormId": state.form.form_id,
        "state": "closed" if call.service.is_closed(state.form.form_id) else "open",
        "enketoId": None,
        "enketoOnceId": None,
        "createdAt": written(min(born, state.moment)),
        "updatedAt": written(max(changes, default=None)),
        "webformsEnabled": True,
        "keyId": 1 if state.form.is_encrypted else None,
        "version": state.current.version + call.service.suffix(state.form),
        **state.current.hashes,
        "draftToken": None if state.is_published else "draft" + "0" * 59,
        "publishedAt": written(state.current.published_at)
        if state.is_published
        else None,
        "name": state.form.name,
    }
    return found | (_more(call, state) if is_extended else {})


def _more(call: Call, state: FormState) -> dict[str, Any]:
    reviews = Counter(one.review or "received" for one in state.live)
    newest = state.live[0].created_at if state.live else None
    return {
        "submissions": len(state.live),
        "entityRelated": False,
        "reviewStates": {
            name: reviews[name] for name in ("received", "hasIssues", "edited")
        },
        "lastSubmission": written(newest),
        "excelContentType": EXCEL,
        "publicLinks": 0,
        "createdBy": call.actor(call.service.admin.email),
    }


def _version(call: Call, state: FormState, definition: Definition) -> dict[str, Any]:
    found = _form(call, state, is_extended=False)
    found |= {
        "version": definition.version + call.service.suffix(state.form),
        **definition.hashes,
        "publishedAt": written(definition.published_at),
    }
    if call.is_extended:
        found["excelContentType"] = EXCEL
        found["publishedBy"] = call.actor(call.service.admin.email)
    return found
