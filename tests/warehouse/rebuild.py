"""Rebuild part of a built warehouse with one model changed, and look at the figures.

The repairs of the pipeline (de-duplication, corrections, ...) have no switch in the
product. A test takes the SQL that dbt compiled, changes the one place that does the
repair, rebuilds what lies downstream inside a transaction, reads the answer and rolls
back: the built warehouse stays as it was. dbt's own tests of the data are seen to fail
in the same way.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql


@dataclass(frozen=True, slots=True)
class Change:
    """One place of one model, and what to put there instead.

    Attributes:
        model: The model's name.
        old: Text of the compiled SQL; must stand there exactly once.
        new: What replaces it.
    """

    model: str
    old: str
    new: str


class Rebuilder:
    """Rebuilds models downstream of a change from dbt's manifest.

    Args:
        manifest: Path of the `manifest.json` that the build wrote.
        url: URL of the built warehouse.
    """

    def __init__(self, manifest: Path, url: str) -> None:
        nodes = json.loads(manifest.read_text())["nodes"]
        self._models: dict[str, Mapping[str, Any]] = {
            name: node
            for name, node in nodes.items()
            if node["resource_type"] == "model"
        }
        self._tests: dict[str, Mapping[str, Any]] = {
            node["name"]: node
            for node in nodes.values()
            if node["resource_type"] == "test"
        }
        self._by_name = {node["name"]: key for key, node in self._models.items()}
        self._url = url

    def query_after(
        self, changes: list[Change], up_to: str | Iterable[str], query: str
    ) -> list[tuple[Any, ...]]:
        """Return the rows of `query` after `changes`, leaving the database as it was.

        Args:
            changes: What to change; a model may be changed in several places.
            up_to: The last models to rebuild; those they do not need are left alone.
            query: The SQL to run then.
        """
        last = [up_to] if isinstance(up_to, str) else up_to
        return self._query_after(changes, {self._by_name[name] for name in last}, query)

    def query_rebuilt(self, up_to: Iterable[str], query: str) -> list[tuple[Any, ...]]:
        """Return the rows of `query` once all that `up_to` rest on is built anew.

        As a build from nothing does it: whatever was there before counts for nothing.
        """
        needed = self._upstream({self._by_name[name] for name in up_to})
        return self._query_after([], needed, query, dirty=needed)

    def failures_after(self, changes: list[Change], test: str) -> int:
        """Return how many rows dbt's test `test` finds wrong after `changes`."""
        query = self._tests[test]["compiled_code"]
        return len(self._query_after(changes, self.models_of(test), query))

    def models_of(self, test: str) -> set[str]:
        """Return the models that dbt's test `test` reads, by their unique ids."""
        parents = self._tests[test]["depends_on"]["nodes"]
        return {parent for parent in parents if parent in self._models}

    def _query_after(
        self,
        changes: list[Change],
        needed: set[str],
        query: str,
        dirty: Iterable[str] = (),
    ) -> list[tuple[Any, ...]]:
        changed = {self._by_name[change.model] for change in changes}
        with psycopg.connect(self._url) as connection:
            for key in self._affected({*changed, *dirty}, needed):
                self._create(connection, key, changes)
            rows = connection.execute(query.encode()).fetchall()
            connection.rollback()
        return rows

    def _affected(self, dirty: set[str], wanted: set[str]) -> Iterator[str]:
        needed = self._upstream(wanted)
        order = TopologicalSorter(
            {key: self._parents(key) for key in needed}
        ).static_order()
        for key in order:
            if key in dirty or dirty & self._parents(key):
                dirty.add(key)
                yield key

    def _create(
        self,
        connection: psycopg.Connection[Any],
        key: str,
        changes: list[Change],
    ) -> None:
        node = self._models[key]
        code = node["compiled_code"]
        for change in changes:
            if change.model != node["name"]:
                continue
            assert code.count(change.old) == 1, (
                f"{change.model} holds {code.count(change.old)} times: {change.old}"
            )
            code = code.replace(change.old, change.new)
        # What a model asks of the planner: without it, some take minutes.
        for hook in node["config"]["pre-hook"]:
            connection.execute(hook["sql"].encode())
        relation = sql.Identifier(node["schema"], node["alias"])
        # Built into a table of another name first: the old one may be read on the way.
        connection.execute(
            sql.SQL("create table {} as {}").format(
                sql.Identifier(node["schema"], "rebuilt"), sql.SQL(code)
            )
        )
        connection.execute("reset all")  # dbt gives each model a transaction of its own
        # Without statistics the planner takes a table that was just filled for empty.
        connection.execute(
            sql.SQL("analyze {}").format(sql.Identifier(node["schema"], "rebuilt"))
        )
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        connection.execute(
            sql.SQL("drop {} if exists {} cascade").format(sql.SQL(kind), relation)
        )
        connection.execute(
            sql.SQL("alter table {} rename to {}").format(
                sql.Identifier(node["schema"], "rebuilt"),
                sql.Identifier(node["alias"]),
            )
        )

    def _upstream(self, keys: set[str]) -> set[str]:
        found: set[str] = set()
        waiting = list(keys)
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting.extend(self._parents(current))
        return found

    def _parents(self, key: str) -> set[str]:
        parents = self._models[key]["depends_on"]["nodes"]
        return {parent for parent in parents if parent in self._models}
