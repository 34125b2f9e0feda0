"""Small forms and clients of them, for tests that need no pilot."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from sandbox.odk.edge.server import OdkServer
from sandbox.pilot.model import Event, Form, FormVersion, Record

FORM_ID = "aSampleFormOfTests0001"
DEPLOYED = datetime(2021, 1, 1, tzinfo=UTC)
FIRST_DAY = datetime(2021, 2, 1, tzinfo=UTC)
REDEPLOYED = datetime(2021, 3, 1, tzinfo=UTC)
ROWS = 12
# A client that speaks no TLS need not load certificates, which takes it longest.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

LANGUAGES = ["English (en)", "Español (es)"]
QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "name": "country",
        "type": "select_one",
        "select_from_list_name": "countries",
        "label": ["Country", "País"],
    },
    {"name": "home", "type": "begin_group", "label": ["Home", "Hogar"]},
    {"name": "size", "type": "integer", "label": ["How many", "Cuántas personas"]},
    {"name": "place", "type": "geopoint", "label": ["Where", "Dónde"]},
    {"type": "end_group"},
    {"name": "money", "type": "begin_group", "label": ["Money", "Dinero"]},
    {"name": "source", "type": "begin_repeat", "label": ["Source", "Fuente"]},
    {"name": "kind", "type": "text", "label": ["Kind", "Tipo"]},
    {"name": "amount", "type": "decimal", "label": ["Amount", "Monto"]},
    {"type": "end_repeat"},
    {"name": "total", "type": "calculate", "calculation": "sum(${amount})"},
    {"type": "end_group"},
    {"name": "odd-name.x", "type": "text", "label": ["Odd", "Raro"]},
    {"name": "photo", "type": "image", "label": ["Photo", "Foto"]},
)


def sample_content(*more: Mapping[str, Any], without: str = "") -> dict[str, Any]:
    """Return the content of the sample form as KoboToolbox shows it.

    Args:
        more: Questions at its end.
        without: The name of a question it lacks.
    """
    survey = [row for row in (*QUESTIONS, *more) if row.get("name") != without]
    return {
        "survey": survey,
        "choices": [
            {"list_name": "countries", "name": name, "label": labels}
            for name, labels in (
                ("mx", ["Mexico", "México"]),
                ("co", ["Colombia", "Colombia"]),
            )
        ],
        "settings": {"default_language": LANGUAGES[0]},
        "translations": LANGUAGES,
    }


def root(number: int) -> str:
    """Return the root id of a submission of the sample form."""
    return f"uuid:{instance(number)}"


def instance(number: int, edit: int = 0) -> str:
    """Return the uuid of a version of a submission."""
    return f"00000000-0000-4000-8000-{number:06}{edit:06}"


def sample_record(
    number: int, edit: int = 0, answers: Mapping[str, Any] | None = None
) -> Record:
    """Return a submission of the sample form, as KoboToolbox keeps it.

    Args:
        number: Its `_id`; every third is from Colombia, the others are from Mexico.
        edit: How often it has been edited.
        answers: More answers, or others.
    """
    arrived = FIRST_DAY + timedelta(seconds=number)
    before = f"uuid:{instance(number, edit - 1)}"
    given = {
        "_id": number,
        "formhub/uuid": "f" * 32,
        "deviceid": "collect:one",
        "country": "mx" if number % 3 else "co",
        "home/size": str(number),
        "money/source": [
            {"money/source/kind": "work", "money/source/amount": f"{number}.50"},
            {"money/source/kind": "gift"},
        ],
        "money/total": f"{number}.0",
        "__version__": "vFirst",
        "meta/instanceID": f"uuid:{instance(number, edit)}",
        **({"meta/deprecatedID": before} if edit else {}),
        "meta/rootUuid": root(number),
        "_uuid": instance(number, edit),
        "_attachments": [],
        "_submission_time": arrived.isoformat()[:19],
        "_submitted_by": "liaison" if number > 1 else None,
        **(answers or {}),
    }
    return {path: answer for path, answer in given.items() if answer is not None}


def sample_form(*more: Event, rows: int = ROWS, **answers: Mapping[str, Any]) -> Form:
    """Return a form whose second version asks one thing more and one less.

    Args:
        more: What happens after the rows arrived.
        rows: How many arrive, one a second.
        answers: More answers of a row: `row_3` of the third.
    """
    added = [
        Event(
            FIRST_DAY + timedelta(seconds=number),
            "add",
            number,
            sample_record(number, answers=answers.get(f"row_{number}")),
        )
        for number in range(1, rows + 1)
    ]
    newer = sample_content(
        {"name": "extra", "type": "text", "label": ["More", "Más"]},
        without="odd-name.x",
    )
    versions = (
        FormVersion("vFirst", "1", DEPLOYED, sample_content()),
        FormVersion("vSecond", "2", REDEPLOYED, newer),
    )
    return Form(FORM_ID, "journal", "Sample form", versions, (*added, *more))


class OdkClient(httpx.Client):
    """A client of one account, with the paths of the sample form at hand."""

    form = f"/v1/projects/1/forms/{FORM_ID}"
    table = f"{form}.svc/Submissions"

    def page(self, table: str = "", **options: Any) -> dict[str, Any]:  # noqa: ANN401 - text or numbers
        """Return a page of a table; `top` stands for `$top`, and so on."""
        answer = self.ask(table, **options).raise_for_status()
        page: dict[str, Any] = answer.json()
        return page

    def ask(self, table: str = "", **options: Any) -> httpx.Response:  # noqa: ANN401 - text or numbers
        """Return the answer to a request for a table."""
        query = urlencode({f"${name}": value for name, value in options.items()})
        return self.get(f"{self.table}{table}?{query}")

    def rows(self, **options: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - text or numbers
        """Return the rows on a page."""
        rows: list[dict[str, Any]] = self.page(**options)["value"]
        return rows

    def numbers(self, **options: Any) -> list[int]:  # noqa: ANN401 - text or numbers
        """Return the numbers of the submissions on a page."""
        return [number_of(row["__id"]) for row in self.rows(**options)]

    def row(self, number: int, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - text or numbers
        """Return one submission."""
        (found,) = self.page(f"('{root(number)}')", **options)["value"]
        row: dict[str, Any] = found
        return row

    def followed(self, **options: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - text or numbers
        """Yield page after page, as long as there is a link to the next."""
        page = self.page(**options)
        yield page
        while "@odata.nextLink" in page:
            path = httpx.URL(page["@odata.nextLink"]).raw_path.decode()
            page = self.get(path).raise_for_status().json()
            yield page


def number_of(root_id: str) -> int:
    """Return the number of a submission of the sample form."""
    return int(root_id[-12:-6])


def log_in(client: httpx.Client, server: OdkServer, username: str) -> str:
    """Open a session and let the client send its token; return the token."""
    account = server.accounts[username]
    client.headers.pop("Authorization", None)  # an old token is refused even here
    body = {"email": account.email, "password": account.password}
    token: str = (
        client.post("/v1/sessions", json=body).raise_for_status().json()["token"]
    )
    client.headers["Authorization"] = f"Bearer {token}"
    return token


# The fixtures of the tests: start servers, open clients of an account.
Serve = Callable[..., OdkServer]
Connect = Callable[..., OdkClient]
