"""What dbt does not do a second time, and what it says all the same."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from dbt.adapters.base import impl
from dbt.adapters.base.relation import BaseRelation
from dbt.adapters.cache import RelationsCache
from dbt.adapters.events.types import ListRelations, NewConnection
from dbt.adapters.exceptions.compilation import ApproximateMatchError
from dbt_common.clients import agate_helper, jinja
from dbt_common.clients.jinja import get_environment
from dbt_common.events import base_types, event_manager
from dbt_common.events.base_types import EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.types import Note
from dbt_common.exceptions.events import EventCompilationError

from warehouse.dbt_shortcuts import shortcuts

ADAPTER: Any = impl.BaseAdapter


@pytest.fixture
def shortened() -> Iterator[None]:
    with shortcuts():
        yield


@pytest.fixture
def heard(shortened: None) -> tuple[EventManager, list[Any]]:  # noqa: ARG001 - it is in force
    manager, messages = EventManager(), list[Any]()
    manager.add_callback(messages.append)
    return manager, messages


def replaced() -> list[object]:
    return [
        base_types.BaseEvent.__init__,
        base_types.BaseEvent.__getattr__,
        event_manager.EventManager.fire_event,
        agate_helper.empty_table,
        agate_helper.build_type_tester,
        ADAPTER.set_macro_context_generator,
        ADAPTER.get_relation,
        jinja.MacroFuzzEnvironment.compile,
    ]


def test_dbt_is_as_before_afterwards() -> None:
    before = replaced()

    with shortcuts():
        assert not set(map(id, before)) & set(map(id, replaced()))

    assert replaced() == before


@pytest.mark.usefixtures("shortened")
def test_an_event_tells_what_it_was_told_when_it_is_read() -> None:
    event = NewConnection(conn_type="postgres", conn_name="model.tiny.one")

    assert event.conn_name == "model.tiny.one"
    assert event.message() == ("Acquiring new postgres connection 'model.tiny.one'")
    assert event.conn_type == "postgres"


@pytest.mark.usefixtures("shortened")
def test_an_event_has_no_message_before_it_is_read() -> None:
    event = ListRelations(database="one", schema="two", relations=[])

    assert "pb_msg" not in vars(event)


def test_a_debug_event_is_not_heard_and_any_other_is(
    heard: tuple[EventManager, list[Any]],
) -> None:
    manager, messages = heard

    manager.fire_event(NewConnection(conn_type="postgres", conn_name="one"))
    manager.fire_event(Note(msg="for all"), level=EventLevel.INFO)
    manager.fire_event(Note(msg="mind it"), EventLevel.WARN)
    manager.fire_event(Note(msg="for nobody"), level=EventLevel.DEBUG)

    assert [(message.info.level, message.info.msg) for message in messages] == [
        ("info", "for all"),
        ("warn", "mind it"),
    ]


def test_what_must_be_an_error_is_one_though_it_is_of_debug(
    heard: tuple[EventManager, list[Any]],
) -> None:
    manager, _ = heard
    manager.warn_error = True

    with pytest.raises(EventCompilationError, match="mind it"):
        manager.fire_event(
            Note(msg="mind it"),
            level=EventLevel.DEBUG,
            force_warn_or_error_handling=True,
        )


@pytest.mark.usefixtures("shortened")
def test_each_thread_makes_the_context_of_a_macro_once() -> None:
    made: list[tuple[str, int]] = []

    def make(macro: Any, *_: object) -> dict[str, Any]:  # noqa: ANN401 - as dbt's
        made.append((macro.unique_id, threading.get_ident()))
        return {}

    adapter = SimpleNamespace()
    ADAPTER.set_macro_context_generator(adapter, make)
    macros = object()

    def use() -> None:
        for name in ("macro.dbt.drop", "macro.dbt.rename", "macro.dbt.drop"):
            macro = SimpleNamespace(unique_id=name)
            adapter._macro_context_generator(macro, None, macros, None)  # noqa: SLF001 - as dbt does

    use()
    other = threading.Thread(target=use)
    other.start()
    other.join()

    assert [name for name, _ in made] == ["macro.dbt.drop", "macro.dbt.rename"] * 2
    assert len({thread for _, thread in made}) == 2


def found(identifier: str, schema: str = "marts") -> Any:  # noqa: ANN401 - dbt's
    cache: Any = RelationsCache()
    for name in ("fct_sales", "fct_costs"):
        cache.add(BaseRelation.create(database="one", schema="marts", identifier=name))
    quoting = {"database": True, "schema": True, "identifier": True}
    adapter: Any = SimpleNamespace(
        config=SimpleNamespace(quoting=quoting),
        cache=cache,
        list_relations=lambda *_: [
            BaseRelation.create(database="one", schema="other", identifier="listed")
        ],
    )
    for method in ("_make_match_kwargs", "_make_match"):
        setattr(adapter, method, getattr(ADAPTER, method).__get__(adapter))
    return ADAPTER.get_relation(adapter, "one", schema, identifier)


@pytest.mark.usefixtures("shortened")
def test_a_relation_is_found_by_its_name_and_no_other_is() -> None:
    assert found("fct_costs").identifier == "fct_costs"
    assert found("fct_gains") is None


@pytest.mark.usefixtures("shortened")
def test_a_relation_of_a_schema_that_is_not_known_yet_is_asked_for() -> None:
    assert found("listed", schema="other").identifier == "listed"


@pytest.mark.usefixtures("shortened")
def test_a_name_in_other_letters_is_still_refused() -> None:
    with pytest.raises(ApproximateMatchError):
        found("FCT_COSTS")


@pytest.mark.usefixtures("shortened")
def test_a_template_is_compiled_once_and_still_told_what_it_is_given() -> None:
    first, second = get_environment(), get_environment()

    assert first.compile("{{ word }}, you") is second.compile("{{ word }}, you")
    assert (
        first.from_string("{{ word }}, you").render({"word": "hello"}) == "hello, you"
    )
    assert second.from_string("{{ word }}, you").render({"word": "bye"}) == "bye, you"


@pytest.mark.usefixtures("shortened")
def test_a_template_that_gives_values_is_not_taken_for_one_that_gives_text() -> None:
    text: Any = get_environment()
    values: Any = get_environment(native=True)

    sum_of_two = "{{ (1 + 1) | as_native }}"
    assert text.from_string(sum_of_two).render({}) == "2"
    assert values.from_string(sum_of_two).render({}) == 2


@pytest.mark.usefixtures("shortened")
def test_columns_that_are_text_stay_text_and_those_that_are_not_do_not() -> None:
    rows = [["007", "7"]]

    first = agate_helper.table_from_rows(rows, ["code", "count"], {"code"})
    second = agate_helper.table_from_rows(rows, ["code", "count"], {"count"})

    assert tuple(first.rows[0].values()) == ("007", 7)
    assert tuple(second.rows[0].values()) == (7, "7")
