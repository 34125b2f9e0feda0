"""What dbt makes for every statement anew and can leave unmade, or make once.

A build of ours is of hundreds of small models, so the work that dbt does around a
statement is half of what it costs. Nobody hears its debug events; the macros of its
adapter run a thousand times in the same surroundings; the tester of types of an empty
result is always the same; one name is looked for among all relations of a schema; and a
model is compiled from its template twice. What a build does and says stays the same.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

# dbt has no types, and what is passed on here is passed on as it is.
Unknown = Any
Contexts = Callable[..., dict[str, Any]]
SAID = "said"  # by an event that nobody has read yet
_COMPILED: dict[tuple[type, tuple[str, ...], str], Unknown] = {}


@contextmanager
def shortcuts() -> Iterator[None]:
    """Let dbt take them for as long as the block runs."""
    # Here and not above: only those who run dbt shall wait for it.
    from dbt.adapters.base.impl import BaseAdapter  # noqa: PLC0415
    from dbt_common.clients import agate_helper  # noqa: PLC0415
    from dbt_common.clients.jinja import MacroFuzzEnvironment  # noqa: PLC0415
    from dbt_common.events.base_types import BaseEvent  # noqa: PLC0415
    from dbt_common.events.event_manager import EventManager  # noqa: PLC0415

    with ExitStack() as stack:
        for owner, name, shortened in (
            (BaseEvent, "__init__", _kept_for_readers),
            (BaseEvent, "__getattr__", _read),
            (EventManager, "fire_event", _heard),
            (agate_helper, "empty_table", cache),
            (agate_helper, "build_type_tester", _testers),
            (BaseAdapter, "set_macro_context_generator", _contexts_of_threads),
            (BaseAdapter, "get_relation", _looked_up),
            (MacroFuzzEnvironment, "compile", _compiled_once),
        ):
            stack.enter_context(_shortened(owner, name, shortened))
        yield


@contextmanager
def _shortened(
    owner: Unknown, name: str, shortened: Callable[[Unknown], Unknown]
) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, shortened(before))
    try:
        yield
    finally:
        setattr(owner, name, before)


def _kept_for_readers(fill: Unknown) -> Unknown:
    """Keep what an event says, and make its message when somebody reads it."""

    def keep(event: Unknown, *words: Unknown, **said: Unknown) -> None:
        event.__dict__[SAID] = (fill, words, said)

    return keep


def _read(attribute_of: Unknown) -> Unknown:
    def read(event: Unknown, name: str) -> Unknown:
        kept = event.__dict__.pop(SAID, None)
        if kept:
            fill, words, said = kept
            fill(event, *words, **said)
            return getattr(event, name)
        return attribute_of(event, name)

    return read


def _heard(fire: Unknown) -> Unknown:
    """Fire no debug event where no log takes it: our own reader leaves them out."""

    def fire_heard(
        manager: Unknown,
        e: Unknown,
        level: Unknown = None,
        *rest: Unknown,
        **how: Unknown,
    ) -> None:
        is_forced = rest[1:] or how.get("force_warn_or_error_handling")
        if manager.loggers or is_forced or (level or e.level_tag()) != "debug":
            fire(manager, e, level, *rest, **how)

    return fire_heard


def _testers(build: Unknown) -> Unknown:
    @cache
    def build_once(columns: frozenset[str], nulls: tuple[str, ...] | None) -> Unknown:
        return build(columns, nulls)

    def tester(
        text_columns: Iterable[str],
        string_null_values: Iterable[str] | None = ("null", ""),
    ) -> Unknown:
        nulls = None if string_null_values is None else tuple(string_null_values)
        return build_once(frozenset(text_columns), nulls)

    return tester


def _contexts_of_threads(use: Unknown) -> Unknown:
    """Let each thread keep the context of each macro that the adapter runs."""

    def use_kept(adapter: Unknown, make: Contexts) -> None:
        kept = threading.local()

        def context(
            macro: Unknown, config: Unknown, macros: Unknown, package: str | None
        ) -> dict[str, Any]:
            contexts = kept.__dict__
            key = f"{macro.unique_id} {package} {id(macros)}"
            if key not in contexts:
                contexts[key] = make(macro, config, macros, package)
            found: dict[str, Any] = contexts[key]
            return found

        use(adapter, context)

    return use_kept


def _looked_up(search: Unknown) -> Unknown:
    """Look among the relations of a schema for the one, and not at each of them."""
    # As above.
    from dbt.adapters.reference_keys import _ReferenceKey  # noqa: PLC0415

    def look_up(
        adapter: Unknown, database: str, schema: str, identifier: str
    ) -> Unknown:
        if (database, schema) not in adapter.cache or None in {database, identifier}:
            return search(adapter, database, schema, identifier)
        key = _ReferenceKey(database.lower(), schema.lower(), identifier.lower())
        found = adapter.cache.relations.get(key)
        if found is None:
            return None
        # It may be of the same name but for small letters, which is refused.
        wanted = adapter._make_match_kwargs(database, schema, identifier)  # noqa: SLF001 - as dbt does
        return found.inner if found.inner.matches(**wanted) else None

    return look_up


def _compiled_once(compile_one: Unknown) -> Unknown:
    """Keep what a template became: a model's is compiled to parse it and to run it."""

    def compile_or_remember(
        environment: Unknown, source: Unknown, *rest: Unknown, **how: Unknown
    ) -> Unknown:
        if rest or how or not isinstance(source, str):
            return compile_one(environment, source, *rest, **how)
        key = (type(environment), tuple(environment.extensions), source)
        if key not in _COMPILED:
            _COMPILED[key] = compile_one(environment, source)
        return _COMPILED[key]

    return compile_or_remember
