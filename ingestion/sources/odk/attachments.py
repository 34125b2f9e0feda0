"""How ODK Central tells of a submission's files.

It lists what the answers announce and whether that has arrived. A file has no
identifier but its name, which is the whole answer to the question it belongs to.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import quote

from ingestion.sources.base import Attachment, Download, DownloadLimits, Json
from ingestion.sources.http import HttpRefusalError
from ingestion.sources.odk.answers import Answers, read_answers
from ingestion.sources.odk.central import NOT_FOUND, CentralForm
from ingestion.sources.storable import is_unstorable

# In an address these are no names: to stay, and to go up.
STEPS = frozenset({".", ".."})


def list_files(
    form: CentralForm, instance_id: str, payload: Mapping[str, Any]
) -> list[Attachment]:
    """Return the files of a submission that have arrived.

    Args:
        form: Its form.
        instance_id: Its id as the server spells it.
        payload: As it landed; tells which question a file answers.

    Raises:
        SourceRejectedError: They are not told, or not as Central tells them.
    """
    listed = form.get(_list_path(instance_id))
    try:
        return _read(listed, payload)
    except (KeyError, TypeError) as error:
        raise form.other_server() from error


@contextmanager
def open_file(
    form: CentralForm,
    instance_ids: Sequence[str],
    attachment: Attachment,
    limits: DownloadLimits,
) -> Iterator[Download]:
    """Open a file of a submission.

    Args:
        form: The submission's form.
        instance_ids: What its id may be; only its row tells how that is spelled, and
            a file may have been listed long ago.
        attachment: The file.
        limits: What of it is taken.

    Raises:
        HttpRefusalError: It is not there, or nobody is let in.
    """
    with ExitStack() as opened:
        yield _open(opened, form, instance_ids, attachment, limits)


def _open(
    opened: ExitStack,
    form: CentralForm,
    instance_ids: Sequence[str],
    attachment: Attachment,
    limits: DownloadLimits,
) -> Download:
    likeliest, *others = instance_ids
    path = f"{_list_path(likeliest)}/{quote(attachment.key, safe='')}"
    try:
        return opened.enter_context(form.stream(path, limits, attachment.media_type))
    except HttpRefusalError as refusal:
        if refusal.status != NOT_FOUND or not others:
            raise
    return _open(opened, form, others, attachment, limits)


def _list_path(instance_id: str) -> str:
    return f"/submissions/{quote(instance_id, safe='')}/attachments"


def _read(listed: Json, payload: Mapping[str, Any]) -> list[Attachment]:
    names = [str(one["name"]) for one in listed if one["exists"]]
    places = _places(read_answers(payload)) if names else {}
    return [
        Attachment(key=name, name=name, question_path=places.get(name))
        for name in names
        if name and name not in STEPS and not is_unstorable(name)
    ]


def _places(answers: Answers) -> dict[object, str]:
    """Return where each text is the answer, unless that is in several places."""
    places: dict[object, str] = {}
    several: set[object] = set()
    for place, answer in _answered(answers, "", ""):
        if places.setdefault(answer, place) != place:
            several.add(answer)
    return {answer: place for answer, place in places.items() if answer not in several}


def _answered(answers: Answers, inside: str, at: str) -> Iterator[tuple[str, object]]:
    """Yield the place and the answer; which item of a repeat it is stands behind it.

    Args:
        answers: Of the submission, or of an item.
        inside: The path of the repeat whose item it is.
        at: The same with the number of every item on the way.
    """
    for path, answer in answers.items():
        place = f"{at}{path.removeprefix(inside)}"
        if isinstance(answer, list):
            for number, item in enumerate(answer, start=1):
                yield from _answered(item, path, f"{place}[{number}]")
        elif isinstance(answer, str):
            yield place, answer
