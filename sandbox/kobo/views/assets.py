"""A project ("asset") as the API describes it: in the list, in detail, its versions."""

import hashlib
import mimetypes
from typing import Any

from sandbox.http_server.exchange import RefusedError, Request, rendered
from sandbox.kobo.access.permissions import assignable, assigned, effective
from sandbox.kobo.exchange import link
from sandbox.kobo.service import Call
from sandbox.kobo.stored.content import content_hash, report_styles, summary
from sandbox.kobo.stored.media import MediaFile
from sandbox.kobo.stored.state import ProjectState
from sandbox.pilot.model import FormVersion

# What the list leaves out of the detail.
DETAIL_ONLY = frozenset(
    {
        *("files", "version__content_hash", "version_count", "deployed_versions"),
        *("deployment__links", "deployment__data_download_links", "report_styles"),
        *("report_custom", "advanced_features", "map_styles", "map_custom", "content"),
        *("embeds", "analysis_form_json", "xform_link", "hooks_link", "xls_link"),
        *("assignable_permissions", "effective_permissions", "exports"),
        *("paired_data", "project_ownership"),
    }
)
NO_SETTINGS: dict[str, Any] = {
    "sector": {},
    "country": [],
    "description": "",
    "organization": "",
    "country_codes": [],
}


def listed_asset(call: Call, state: ProjectState) -> dict[str, Any]:
    """Return the project as the list shows it."""
    whole = asset(call, state)
    return {key: value for key, value in whole.items() if key not in DETAIL_ONLY}


def asset(call: Call, state: ProjectState) -> dict[str, Any]:
    """Return the project in detail."""
    request = call.request
    path = asset_path(state)
    latest = state.latest_version
    content = latest.content
    return {
        "url": link(request, path),
        "owner": link(request, f"/api/v2/users/{call.owner}/"),
        "owner__username": call.owner,
        "parent": None,
        "settings": NO_SETTINGS,
        "asset_type": "survey",
        "files": [
            media_file(call, state.form.uid, one)
            for one in call.service.media.of(state.form.uid)
        ],
        "summary": summary(content),
        "date_created": rendered(state.form.versions[0].deployed_at),
        "date_modified": rendered(latest.deployed_at),
        "version_id": version_id_of(call, state),
        "version__content_hash": content_hash(content),
        "version_count": max(len(state.versions), 1),
        **_deployment(call, state),
        "report_styles": report_styles(
            version.content for version in state.versions or (latest,)
        ),
        "report_custom": {},
        "advanced_features": {"_version": "20250820"},
        "map_styles": {},
        "map_custom": {},
        "content": content,
        **_links(request, path),
        "tag_string": "",
        "uid": state.form.uid,
        "kind": "asset",
        "name": state.form.name,
        "analysis_form_json": {"additional_fields": []},
        **_sharing(call, state),
        "export_settings": [],
        "children": {"count": 0},
        "subscribers_count": 0,
        "access_types": None,
        "data_sharing": {},
        "project_ownership": None,
        "owner_label": call.owner,
        "last_modified_by": None,
        "created_by": None,
    }


def version_id_of(call: Call, state: ProjectState) -> str:
    """Return the uid of the newest version, deployed or not."""
    newest = state.latest_version.uid
    is_changed = state.form.uid in call.service.media.undeployed
    return f"{newest[:-1]}~" if is_changed else newest


def asset_path(state: ProjectState) -> str:
    """Return the path of a project."""
    return f"/api/v2/assets/{state.form.uid}/"


def media_file(call: Call, uid: str, one: MediaFile) -> dict[str, Any]:
    """Return what the server tells of a file."""
    project = f"/api/v2/assets/{uid}/"
    path = f"{project}files/{one.uid}/"
    return {
        "uid": one.uid,
        "url": link(call.request, path),
        "asset": link(call.request, project),
        "user": link(call.request, f"/api/v2/users/{one.username}/"),
        "user__username": one.username,
        "file_type": one.file_type,
        "description": one.description,
        "date_created": rendered(one.created_at),
        "content": link(call.request, f"{path}content/"),
        "metadata": {
            "hash": one.digest,
            "filename": one.name,
            "mimetype": mimetypes.guess_type(one.name)[0],
        },
    }


def version_rows(request: Request, state: ProjectState) -> list[dict[str, Any]]:
    """Return the deployed versions, newest first."""
    numbered = enumerate(state.versions, start=1)
    rows = [version_row(request, state, number, one) for number, one in numbered]
    return rows[::-1]


def version_row(
    request: Request, state: ProjectState, number: int, version: FormVersion
) -> dict[str, Any]:
    """Return one version without its content."""
    deployed = rendered(version.deployed_at)
    return {
        "uid": version.uid,
        "url": link(request, f"{asset_path(state)}versions/{version.uid}/"),
        "content_hash": content_hash(version.content),
        "date_deployed": deployed,
        "date_modified": deployed,
        "version_number": str(number),
    }


def status_of(state: ProjectState) -> str:
    """Return `deployed` or `draft`."""
    return "deployed" if state.is_deployed else "draft"


def _deployment(call: Call, state: ProjectState) -> dict[str, Any]:
    deployed = state.versions[-1] if state.versions else None
    # To deploy the same version again makes it no other, but moves this.
    again = call.service.media.deployed_at.get(state.form.uid)
    versions = version_rows(call.request, state)
    arrivals = [event.at for event in state.events if event.kind == "add"]
    return {
        "date_deployed": rendered(
            max(deployed.deployed_at, again or deployed.deployed_at)
        )
        if deployed
        else None,
        "has_deployment": state.is_deployed,
        "deployed_version_id": deployed.uid if deployed else None,
        "deployed_versions": {
            "count": len(versions),
            "next": None,
            "previous": None,
            "results": versions,
        },
        "deployment__links": {},
        "deployment__active": state.is_deployed,
        "deployment__data_download_links": _download_links(call, state),
        "deployment__submission_count": _submission_count(call, state),
        "deployment__last_submission_time": rendered(arrivals[-1])
        if arrivals
        else None,
        "deployment__encrypted": False,
        "deployment__uuid": _form_uuid(state),
        "deployment_status": status_of(state),
    }


def _download_links(call: Call, state: ProjectState) -> dict[str, str]:
    home, uid = f"{call.request.base_url}/{call.owner}", state.form.uid
    legacy = {
        f"{kind}_legacy": f"{home}/exports/{uid}/{kind}/"
        for kind in ("xls", "csv", "zip")
    }
    return {
        **legacy,
        "xls": f"{home}/reports/{uid}/export.xlsx",
        "csv": f"{home}/reports/{uid}/export.csv",
    }


def _submission_count(call: Call, state: ProjectState) -> int | None:
    try:
        return len(call.rows(state))
    except RefusedError:
        return None


def _form_uuid(state: ProjectState) -> str:
    """Return what every submission carries as `formhub/uuid`."""
    for event in state.form.events:
        if event.record and "formhub/uuid" in event.record:
            return str(event.record["formhub/uuid"])
    return hashlib.sha256(state.form.uid.encode()).hexdigest()[:32]


def _links(request: Request, path: str) -> dict[str, Any]:
    return {
        "downloads": [
            {"format": kind, "url": f"{link(request, path)}.{kind}"}
            for kind in ("xls", "xml")
        ],
        "embeds": [
            {"format": kind, "url": link(request, f"{path}{kind}/")}
            for kind in ("xls", "xform")
        ],
        "xform_link": link(request, f"{path}xform/"),
        "hooks_link": link(request, f"{path}hooks/"),
        "xls_link": link(request, f"{path}xls/"),
        "exports": link(request, f"{path}exports/"),
        "data": link(request, f"{path}data/"),
        "paired_data": link(request, f"{path}paired-data/"),
    }


def _sharing(call: Call, state: ProjectState) -> dict[str, Any]:
    everyone = call.service.all_accounts
    is_shared = any(one.permissions for one in everyone if not one.is_owner)
    return {
        "assignable_permissions": assignable(call.request),
        "permissions": assigned(call.request, state.form.uid, everyone, call.account),
        "effective_permissions": effective(call.account),
        "status": "shared" if is_shared else "private",
    }
