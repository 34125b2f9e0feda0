"""Forty identifiers that must never leave raw and pii, planted where people put them.

In contact answers, in stories and notes, in what a phone sends along. They replace what
stood there, in records of their own, and no figure rests on any of them. Nobody bears
these names, and the numbers and addresses lead nowhere.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from sandbox.pilot.model import Event, Record

Events = dict[str, tuple[Event, ...]]
# Of many records, those far from each other: of other months and families.
EVERY, MANY = 7, 1_000


@dataclass(frozen=True, slots=True)
class Canary:
    """One identifier and where it is planted.

    Attributes:
        identifier: What is searched for.
        role: The form's role.
        path: The question, or what the phone or the server adds.
        words: What is written there, the identifier in place of `{}`.
    """

    identifier: str
    role: str
    path: str
    words: str = "{}"

    @property
    def planted(self) -> str:
        """Return what stands in the record."""
        return self.words.format(self.identifier)


def _in(role: str, *planted: tuple[str, str, str]) -> tuple[Canary, ...]:
    return tuple(Canary(found, role, path, words) for found, path, words in planted)


CANARIES: tuple[Canary, ...] = (
    *_in(
        "enrolment",
        ("Zenobia Canariense", "body/pii/pii_name", "{}"),
        ("Wenceslao Jilguero", "body/pii/pii_name", "{}"),
        ("Xiomara Verderona", "body/pii/pii_name", "{}"),
        ("Yldefonso Pinzonar", "body/pii/pii_name", "{}"),
        ("+52 55 5550 7301", "body/pii/pii_phone", "{}"),
        ("+57 601 555 7302", "body/pii/pii_phone", "{}"),
        ("+63 2 8555 7303", "body/pii/pii_phone", "{}"),
        ("+231 77 555 7304", "body/pii/pii_phone", "{}"),
        ("Calle Canariense 7305", "body/pii/pii_address", "{}"),
        ("Barrio Verderona 7306", "body/pii/pii_address", "{}"),
        ("firma_canariense_7307.png", "consent/c_sign", "{}"),
        ("pinzonar@example.org", "body/aspiration", "Escríbeme: {}"),
        ("Quiteria Alondrada", "body/aspiration", "Me llamo {} y quiero estudiar."),
        ("55 5550 7308", "body/goal/goal_text", "Llamar al {} por el curso."),
        ("Rigoberta Oropendola", "body/goal/goal_text", "Como {}, la de la tienda."),
        ("collect:canariense7309", "deviceid", "{}"),
        ("alondrada@example.org", "username", "{}"),
        ("Quiteria Alondrada, enero 7310", "meta/instanceName", "{}"),
    ),
    *_in(
        "journal",
        ("601 555 7311", "j/story/st_text", "Mi hija tiene celular, el {}."),
        ("oropendola@example.org", "j/story/st_text", "Nos escribieron de {}."),
        ("19.4307312, -99.1307312", "j/story/st_text", "Vivimos en {}, vengan."),
        ("Saturnino Golondrinez", "j/story/st_text", "Mi nombre es {}."),
        ("Telesforo Ruisenorez", "j/comm/co_text", "Con {} pintamos la escuela."),
        ("555 867 7313", "j/comm/co_text", "Informes al {}."),
        ("golondrinez@example.org", "j/back/b_decision", "Avisar a {}."),
        ("6.2407314, -75.5807314", "j/back/b_decision", "Mudarnos a {}."),
        ("Ursicina Cardenala", "liaison_note", "Contestó {}, la vecina."),
        ("+52 55 5550 7315", "liaison_note", "Otro teléfono: {}."),
        ("ruisenorez@example.org", "j/goalu/gu_text", "Mandé papeles a {}."),
        ("14.5907316, 120.9807316", "j/goalu/gu_text", "El terreno de {}."),
        ("collect:cardenala7317", "deviceid", "{}"),
        ("+52 55 5550 7318", "username", "{}"),
        ("Ursicina Cardenala, diario 7319", "meta/instanceName", "{}"),
        ("canariense_7320", "_submitted_by", "{}"),
    ),
    *_in(
        "peer_meeting",
        ("Virgilia Mirlonez", "data_questions", "¿Por qué {} ahorra más?"),
        ("555 867 7321", "data_decision", "Llamar todas al {}."),
        ("mirlonez@example.org", "strat/s_text", "Se pide por {}."),
        ("10.9607322, -74.7907322", "meet_note", "La próxima en {}."),
    ),
    *_in("investment", ("555 867 7323", "req/req_text", "Preguntar al {}.")),
    *_in("exit", ("Abundia Estorninez", "exit_text", "Gracias de {}.")),
)


def with_canaries(events: Events) -> Events:
    """Return the events with every canary planted in a record of its own."""
    planted = dict(events)
    for role in dict.fromkeys(canary.role for canary in CANARIES):
        planted[role] = _planted(role, events[role])
    return planted


def _planted(role: str, events: tuple[Event, ...]) -> tuple[Event, ...]:
    free = _free_records(events)
    records: dict[int, Record] = {}
    for canary in CANARIES:
        if canary.role == role:
            number, record = _next_for(canary, free)
            records[number] = _with(record, canary)
    return tuple(
        replace(event, record=records[event.submission_id])
        if event.submission_id in records and event.record
        else event
        for event in events
    )


def _free_records(events: tuple[Event, ...]) -> dict[int, Record]:
    """Return records that came once, were sent once and are in Mexico.

    One that comes again with other words would no longer be a duplicate.
    """
    times = Counter(event.submission_id for event in events if event.record)
    gone = {event.submission_id for event in events if event.kind == "delete"}
    added = {event.submission_id: event.record for event in events if event.record}
    same = Counter(_told(record) for record in added.values())
    free = {
        number: record
        for number, record in sorted(added.items())
        if times[number] == 1
        and number not in gone
        and same[_told(record)] == 1
        and record["country"] == "mx"
    }
    return dict(list(free.items())[::EVERY]) if len(free) > MANY else free


def _told(record: Record) -> tuple[object, ...]:
    month = record.get("ref_month", record["_uuid"])
    return record.get("family_code"), record["group_code"], month


def _next_for(canary: Canary, free: dict[int, Record]) -> tuple[int, Record]:
    """Take a record that says something there already, or may have it from outside."""
    number = next(number for number, record in free.items() if _has(record, canary))
    return number, free.pop(number)


def _has(record: Record, canary: Canary) -> bool:
    is_answer = not canary.path.startswith(("_", "meta/", "consent/c_sign"))
    return not is_answer or any(canary.path in place for place in _places(record))


def _places(record: Record) -> Iterator[Mapping[str, object]]:
    yield record
    items = (value for value in record.values() if isinstance(value, list))
    for item in chain.from_iterable(items):
        if isinstance(item, dict):
            yield item


def _with(record: Record, canary: Canary) -> Record:
    parent = canary.path.rpartition("/")[0]
    items = record.get(parent)
    if not isinstance(items, list):
        return {**record, canary.path: canary.planted}
    first, *others = items
    return {**record, parent: [{**first, canary.path: canary.planted}, *others]}
