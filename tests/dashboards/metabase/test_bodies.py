"""What is sent, against the schemas of Metabase's own client and its OpenAPI."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # published without
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from dashboards.metabase import run
from dashboards.spec_file import SPECS
from tests.conftest import SHARED
from tests.dashboards.metabase.conftest import MakeBench, Sent

METABASE = SHARED / "metabase"
CLIENT_VARIABLE = "METABASE_CLI"  # a path to `mb`, of npm's @metabase/cli
RECIPIENTS = "metabase_mexico:\n  - {email: ana@example.org}\n"
COMMANDS = {  # what the official client calls these requests
    r"POST /api/card": "card create",
    r"PUT /api/card/\d+": "card update",
    r"POST /api/dashboard": "dashboard create",
    r"PUT /api/dashboard/\d+": "dashboard update",
    r"POST /api/collection": "collection create",
    r"POST /api/pulse": "subscription create",
    r"PUT /api/pulse/\d+": "subscription update",
    r"POST /api/notification": "alert create",
    r"PUT /api/notification/\d+": "alert update",
    r"PUT /api/table/\d+": "table update",
    r"PUT /api/field/\d+": "field update",
}
# The client adds it itself; the OpenAPI document requires it.
ASKED_FOR = {"alert update": {"payload_type"}}
ANSWERS = {
    r"(GET|PUT) /api/card/\d+": "card get",
    r"POST /api/card": "card get",
    r"(GET|PUT) /api/dashboard/\d+": "dashboard get",
    r"GET /api/database/\d+": "db get",
    r"POST /api/collection": "collection get",
    r"PUT /api/field/\d+": "field get",
    r"PUT /api/table/\d+": "table get",
    r"POST /api/pulse": "subscription get",
    r"POST /api/notification": "alert get",
    r"POST /api/card/\d+/query": "card query",
}


@pytest.fixture(scope="module")
def sent(make_bench: MakeBench, tmp_path_factory: pytest.TempPathFactory) -> list[Sent]:
    """Apply everything, change some of it, check it; return all requests."""
    bench = make_bench(62, specs=SPECS)
    recipients = tmp_path_factory.mktemp("mail") / "recipients.yml"
    recipients.write_text(RECIPIENTS)
    file = {"METABASE_RECIPIENTS": str(recipients)}
    run.apply(bench.work(**file))
    recipients.write_text(RECIPIENTS.replace("ana", "luz"))
    for kind, table in (
        ("card", bench.server.stored.cards),
        ("dashboard", bench.server.stored.dashboards),
    ):
        bench.server.edit(kind, next(iter(table)), name="Mine")
    run.apply(bench.work(**file), overwrite=True)
    run.check(bench.work(**file))
    return bench.sent


@pytest.fixture(scope="module")
def client_schemas() -> dict[str, Any]:
    return dict(_read("mb_cli_schemas.json")["commands"])


def _read(name: str) -> Any:  # noqa: ANN401 - any JSON
    file = METABASE / name
    if not file.is_file():
        pytest.skip(f"no {name} (../shared/metabase) beside this checkout")
    return json.loads(file.read_text(encoding="utf-8"))


def _named(known: dict[str, str], sent: list[Sent]) -> Iterator[tuple[str, Sent]]:
    for one in sent:
        request = f"{one.method} {one.path.partition('?')[0]}"
        for pattern, command in known.items():
            if re.fullmatch(pattern, request):
                yield command, one


def test_every_body_fits_the_schemas_of_the_official_client(
    sent: list[Sent], client_schemas: dict[str, Any]
) -> None:
    seen = set()
    for command, one in _named(COMMANDS, sent):
        schema = client_schemas[command]["inputSchema"]
        errors = list(Draft202012Validator(schema).iter_errors(one.body))
        assert not errors, f"{command}: {errors[0].message}"
        # A key that the client does not know is one that a version may drop.
        known = set(schema["properties"]) | ASKED_FOR.get(command, set())
        assert set(one.body) <= known, command
        seen.add(command)

    assert seen == set(COMMANDS.values())


def test_every_answer_of_the_stand_in_fits_the_official_client(
    sent: list[Sent], client_schemas: dict[str, Any]
) -> None:
    seen = set()
    for command, one in _named(ANSWERS, sent):
        schema = client_schemas[command]["outputSchema"]
        errors = list(Draft202012Validator(schema).iter_errors(json.loads(one.text)))
        assert not errors, f"{command}: {errors[0].json_path} {errors[0].message}"
        seen.add(command)

    assert seen == set(ANSWERS.values())


def test_every_query_fits_the_schema_of_queries(sent: list[Sent]) -> None:
    read = _read("mb_query_schema.json")
    resources = {"query.yaml": read["schema"], **read["defs"]}
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(content, default_specification=DRAFT202012))
        for name, content in resources.items()
    )
    validator = Draft202012Validator({"$ref": "query.yaml"}, registry=registry)
    queries = [
        one.body["dataset_query"] for one in sent if "dataset_query" in _body(one)
    ]

    assert len(queries) > 40
    for query in queries:
        errors = list(validator.iter_errors(query))
        assert not errors, errors[0].message


def test_every_body_fits_the_openapi_document(sent: list[Sent]) -> None:
    document = _read("openapi_subset.json")
    seen = set()
    for one in sent:
        path = re.sub(r"/\d+", "/{id}", one.path.partition("?")[0])
        path = path.replace("/card/{id}/query", "/card/{card-id}/query")
        operation = document["paths"][path][one.method.lower()]
        content = operation.get("requestBody", {}).get("content", {})
        if not content or not one.body:
            continue
        schema = content["application/json"]["schema"]
        whole = {**schema, "components": document["components"]}
        errors = list(Draft202012Validator(whole).iter_errors(one.body))
        assert not errors, f"{one.method} {path}: {errors[0].message}"
        if "properties" in schema:
            assert set(one.body) <= set(schema["properties"]), path
        seen.add((one.method, path))

    assert len(seen) > 15


def _body(one: Sent) -> dict[str, Any]:
    return one.body if isinstance(one.body, dict) else {}


def test_the_official_client_finds_nothing_wrong_with_a_query(
    sent: list[Sent], tmp_path: Path
) -> None:
    client = os.environ.get(CLIENT_VARIABLE) or shutil.which("mb")
    if not client:
        pytest.skip(
            f"no @metabase/cli: npm install it and name it in {CLIENT_VARIABLE}"
        )
    queries = {
        one.body["dataset_query"]["stages"][0]["native"]: one.body["dataset_query"]
        for one in sent
        if "dataset_query" in _body(one)
    }
    # The longest has most in it; each start of the client takes a second.
    file = tmp_path / "query.json"
    file.write_text(json.dumps(queries[max(queries, key=len)]))

    done = subprocess.run(
        [client, "query", "--dry-run", "--json", "--file", str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "HOME": str(tmp_path)},
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["ok"] is True
