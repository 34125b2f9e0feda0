"""The marts' own SQL, asked for one release instead of `live`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from warehouse import dbt
from warehouse.errors import DbtBuildError


@dataclass(frozen=True, slots=True)
class MartQuery:
    """One mart of a release.

    Attributes:
        name: Its name, in `marts` and in the release's schema.
        sql: The select that gives the release's rows.
    """

    name: str
    sql: str


def mart_queries(code: str, url: str | None, target_dir: Path) -> list[MartQuery]:
    """Compile every mart that is part of a release, those first that others read.

    Args:
        code: The release's.
        url: The warehouse, built with that release as a draft.
        target_dir: Where dbt writes.

    Raises:
        DbtBuildError: dbt could not compile them.
    """
    options = [
        "--vars",
        json.dumps({"freezing_release": code}),
        "--select",
        "config.meta.is_in_releases:true",
    ]
    outcome = dbt.run("compile", dbt.PROJECT, target_dir, url=url, options=options)
    if outcome.code:
        raise DbtBuildError(f"dbt could not compile the release: {outcome.reason}")
    nodes = json.loads((target_dir / "manifest.json").read_text())["nodes"]
    return list(_in_order(nodes))


def _in_order(nodes: dict[str, dict[str, Any]]) -> Iterator[MartQuery]:
    marts = {
        key: node
        for key, node in nodes.items()
        if node["resource_type"] == "model"
        and node["config"]["meta"].get("is_in_releases")
    }
    parents = {
        key: marts.keys() & node["depends_on"]["nodes"] for key, node in marts.items()
    }
    for key in TopologicalSorter(parents).static_order():
        yield MartQuery(marts[key]["alias"], marts[key]["compiled_code"])
