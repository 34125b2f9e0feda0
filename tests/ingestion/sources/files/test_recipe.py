"""The sentences that the recipe on dropped files shows are those that are printed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from ingestion.errors import SourceRejectedError
from ingestion.sources.base import Rejected
from ingestion.sources.files import FilesSource
from tests.conftest import REPOSITORY
from tests.ingestion.workbooks import write_workbook

RECIPE = REPOSITORY / "warehouse_docs" / "recipes" / "file_drops.md"


def shown(beginning: tuple[str, ...]) -> list[str]:
    lines = RECIPE.read_text().splitlines()
    return [line for line in lines if line.startswith(beginning)]


def two_sheets(folder: Path) -> None:
    write_workbook(
        folder / "payments.xlsx", [], change=lambda book: book.create_sheet("Notes")
    )


def with_password(folder: Path) -> None:
    content = b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")
    (folder / "payments.xlsx").write_bytes(content)


def both(folder: Path) -> None:
    (folder / "payments.csv").touch()
    (folder / "payments.xlsx").touch()


def csv_of(content: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "payments.csv").write_text(content, encoding=encoding)

    return write


FILES = [
    csv_of("ref,amount\n"),
    csv_of("payment_ref,amount,amount\n"),
    csv_of("payment_ref,site,amount\nP-1,A,1\nP-2,A,1,50\n"),
    csv_of("payment_ref,site\nP-1,España\n", "latin-1"),
    two_sheets,
    with_password,
    both,
]


@pytest.mark.parametrize("number", range(len(FILES)))
def test_a_refused_file_says_what_the_recipe_shows(
    tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("finance")
    folder.mkdir()
    FILES[number](folder)

    known = {"site", "amount"}
    source = FilesSource.of_form(folder, "payments", "payment_ref", known=known)

    with pytest.raises(SourceRejectedError) as error:
        list(source.everything())

    assert len(shown(("finance/", "finance has"))) == len(FILES)
    assert str(error.value) == shown(("finance/", "finance has"))[number]


def merge(book: Workbook) -> None:
    book.active.merge_cells("B6:B7")


def test_rejected_rows_say_what_the_recipe_shows(tmp_path: Path) -> None:
    amounts = [1, "#REF!", "=1+1", 10**16, 2, None]
    rows = [(f"P-{number}", amount) for number, amount in enumerate(amounts)]
    book = tmp_path / "payments.xlsx"
    write_workbook(book, [("payment_ref", "amount"), *rows], change=merge)
    table = tmp_path / "payments.csv"
    table.write_text("payment_ref\nP-1\nP-2\nP-1\n")

    found = [
        item.reason
        for path in (table, book)
        for page in FilesSource(path, "payment_ref").everything()
        for item in page
        if isinstance(item, Rejected)
    ]

    assert found == shown(("row ",))
