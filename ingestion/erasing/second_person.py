"""Whether who agreed to an erasure is somebody else than who asked for it."""

from collections.abc import Iterable, Mapping

from warehouse.errors import ErasureError

VARIABLE = "JOURNAL_ONE_PERSON_APPROVES"


def require_second_person(
    approved_by: str, asked_by: Iterable[str | None], environment: Mapping[str, str]
) -> None:
    """Refuse an approval by who asked, unless one person runs the programme.

    Names are compared as they are typed, whatever their case: of an account of Airflow
    and one of a machine nobody can tell that they are the same person's.

    Args:
        approved_by: The account that pressed Approve.
        asked_by: Who asked for it, and whoever started the run; None is nobody.
        environment: Has `JOURNAL_ONE_PERSON_APPROVES`, `true` where one person may.

    Raises:
        ErasureError: They are the same.
    """
    if environment.get(VARIABLE, "").strip().lower() == "true":
        return
    asked = {name.strip().casefold() for name in asked_by if name}
    if approved_by.strip().casefold() in asked:
        raise ErasureError(
            f"{approved_by} asked for this erasure and agreed to it, and nothing was "
            "removed: trigger it again and let somebody else press Approve. Where one "
            f"person runs the programme, set {VARIABLE} to true."
        )
