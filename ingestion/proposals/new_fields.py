"""A question that is like none before: a name, a cast and a class, to be reviewed.

The class errs towards hiding: what looks as if it said who the family is goes to `pii`
or nowhere, everything else is `sensitive` until a person says that it is not.
"""

import re
import unicodedata
from collections.abc import Collection

from ingestion.answers.casts import FALSE_WORDS, TRUE_WORDS, CastName
from ingestion.answers.field_maps import CONTACT_FIELDS
from ingestion.proposals.asked import Asked
from ingestion.proposals.drafts import Draft, Place

CASTS: dict[str, CastName] = {
    "integer": "integer",
    "decimal": "decimal",
    "range": "decimal",
    "date": "date",
    "today": "date",
    "dateTime": "instant",
    "datetime": "instant",
    "start": "instant",
    "end": "instant",
    "select_multiple": "list",
    "select_multiple_from_file": "list",
    "rank": "list",
    "acknowledge": "boolean",
    "trigger": "boolean",
}
WHEREABOUTS = frozenset({"geopoint", "geotrace", "geoshape", "start-geopoint"})
OF_THE_DEVICE = frozenset(
    {"deviceid", "phonenumber", "simserial", "subscriberid", "email"}
)
# Columns of pii.family_contacts -> words that a question's name or label has.
IDENTIFYING_WORDS = {
    "signature_file": ("signature", "firma", "lagda"),
    "contact_phone": ("phone", "telefono", "celular", "mobile", "whatsapp", "telepono"),
    "contact_address": ("address", "direccion", "domicilio", "tirahan"),
    "contact_name": ("name", "names", "nombre", "nombres", "surname", "pangalan"),
}
IDENTIFYING_WITHOUT_COLUMN = ("email", "gps", "latitude", "longitude", "passport")
MONTH_WORDS = frozenset({"month", "mes", "buwan"})


def new_field(question: Asked, level: list[Draft], *, is_inside_repeat: bool) -> Draft:
    """Return a draft for a question, its name unlike any other of the level.

    Args:
        question: The question; a repeat comes with all that is in it.
        level: The names beside which it will stand.
        is_inside_repeat: Whether it is; `pii` has no place for what is.
    """
    taken = {draft.name for draft in level}
    if question.is_repeat:
        return _new_repeat(question, taken)
    column = _identifying_column(question)
    if column is not None:
        held = {draft.name for draft in level if not draft.is_example}
        if column in CONTACT_FIELDS - held and not is_inside_repeat:
            return Draft(
                name=column,
                field_class="identifying",
                places=[Place(question.inside)],
                is_new=True,
                reason="it looks as if it said who the family is, so it goes to pii",
            )
        return _left_out(question)
    cast, why = _cast(question)
    return Draft(
        name=_free_name(question.name, taken | CONTACT_FIELDS),
        field_class="sensitive",
        cast=cast,
        places=[Place(question.inside)],
        is_new=True,
        reason=f"{why}; like no question before, so sensitive until reviewed",
    )


def _new_repeat(question: Asked, taken: Collection[str]) -> Draft:
    items: list[Draft] = []
    for item in question.items:
        items.append(new_field(item, items, is_inside_repeat=True))
    return Draft(
        name=_free_name(question.name, taken),
        field_class="sensitive",
        places=[Place(question.inside)],
        items=items,
        is_new=True,
        reason="a repeat like none before, so sensitive until reviewed",
    )


def _left_out(question: Asked) -> Draft:
    return Draft(
        name=question.path,
        field_class="identifying",
        is_carried=False,
        is_new=True,
        reason="it may say who the family is, and pii has no column for it",
    )


def _identifying_column(question: Asked) -> str | None:
    """Return which column of pii it looks like, or "" when pii has none for it."""
    if question.type in WHEREABOUTS | OF_THE_DEVICE:
        return ""
    if question.choices or question.type not in ("text", "image", "file", "barcode"):
        return None
    words = _words(question.name)
    for label in question.labels.values():
        words |= _words(label)
    for column, telling in IDENTIFYING_WORDS.items():
        if words & set(telling):
            return column
    return "" if words & set(IDENTIFYING_WITHOUT_COLUMN) else None


def _cast(question: Asked) -> tuple[CastName, str]:
    """Return how an answer is read, and what says so."""
    if question.type == "date" and _words(question.name) & MONTH_WORDS:
        return "month", "a date that is called a month"
    if question.type == "select_one" and question.choices:
        words = {choice.lower() for choice in question.choices}
        if words <= TRUE_WORDS | FALSE_WORDS and words & TRUE_WORDS:
            return "boolean", "a choice of yes and no"
        if all(re.fullmatch(r"-?\d{1,9}", choice) for choice in words):
            return "integer", "a choice of numbers"
    return CASTS.get(question.type, "text"), f"a question of type {question.type}"


def _free_name(name: str, taken: Collection[str]) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", letters).lower()
    plain = re.sub(r"[^a-z0-9]+", "_", snake).strip("_")
    if not plain[:1].isalpha():
        plain = f"question_{plain}".rstrip("_")
    free, number = plain, 2
    while free in taken:
        free, number = f"{plain}_{number}", number + 1
    return free


def _words(written: str) -> set[str]:
    letters = unicodedata.normalize("NFKD", written.casefold())
    return set(re.findall(r"[a-z0-9]+", letters.encode("ascii", "ignore").decode()))
