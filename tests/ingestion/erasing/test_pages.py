"""Which published pages are of a family: by what is in them, and by their names."""

from pathlib import Path

import pytest

from ingestion.erasing.pages import (
    is_telling,
    page_folders,
    pages_naming,
    remove_page,
)

CODE, KEY = "MX-01-0017", "6b9d02cb-ac90-4339-9102-47ce2d79f238"
NAME = "Zyrena O'Zunzu & Hijos"


def write(folder: Path, **pages: str) -> Path:
    for name, content in pages.items():
        page = folder / f"{name.replace('__', '/')}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(content, encoding="utf-8")
    return folder


def named(folder: Path, *names: str) -> set[str]:
    found = map(Path, pages_naming([folder], names))
    return {str(path.relative_to(folder)) for path in found}


def test_a_page_is_found_by_its_content_its_name_and_in_any_folder(
    tmp_path: Path,
) -> None:
    write(tmp_path, a=f"<p>{CODE}</p>", groups__b=f'{{"key": "{KEY}"}}', other="<p/>")
    write(tmp_path / "groups", **{KEY: "<p>nobody</p>"})

    assert named(tmp_path, CODE, KEY) == {
        "a.html",
        "groups/b.html",
        f"groups/{KEY}.html",
    }


def test_a_name_is_found_as_a_page_writes_it(tmp_path: Path) -> None:
    write(tmp_path, a="Zyrena O&#x27;Zunzu &amp; Hijos", b=NAME, other="Zyrena")

    assert named(tmp_path, NAME) == {"a.html", "b.html"}


def test_a_page_that_is_no_text_is_looked_into_too(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\xff" + CODE.encode() + b"\xfe")

    assert named(tmp_path, CODE) == {"photo.png"}


def test_pages_of_others_are_left(tmp_path: Path) -> None:
    write(tmp_path, a="MX-01-0018", b="mx-01-001", c="")

    assert named(tmp_path, CODE, KEY) == set()


def test_a_number_is_not_found_within_an_amount(tmp_path: Path) -> None:
    write(
        tmp_path,
        own="call 5557401, or not",
        end="Tel.5557401.",
        amount="15557401 COP",
        share="0.5557401",
        more="5557401.25",
    )

    assert named(tmp_path, "5557401") == {"own.html", "end.html"}


def test_folders_that_are_set_and_there_are_looked_into(tmp_path: Path) -> None:
    site = write(tmp_path / "site", a="")
    leads = write(tmp_path / "leads", lead_of_site__a=CODE)
    environment = {
        "DASHBOARDS_OUT": f" {site} ",
        "DASHBOARDS_OF_LEADS_OUT": str(leads),
        "REPORTS_OUT": str(tmp_path / "no"),
    }

    assert page_folders(environment) == [site, leads]
    found = list(pages_naming(page_folders(environment), [CODE]))
    assert found == [str(leads / "lead_of_site" / "a.html")]
    assert page_folders({"DASHBOARDS_OUT": "", "REPORTS_OUT": "  "}) == []
    assert page_folders({}) == []


def test_without_an_environment_that_of_the_process_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("DASHBOARDS_OUT", "DASHBOARDS_OF_LEADS_OUT"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("REPORTS_OUT", str(tmp_path))

    assert page_folders() == [tmp_path]


def test_a_page_goes_and_one_that_has_gone_is_no_error(tmp_path: Path) -> None:
    page = write(tmp_path, a=CODE) / "a.html"

    remove_page(str(page))
    remove_page(str(page))

    assert not page.exists()


@pytest.mark.parametrize(
    ("contact", "telling"),
    [
        ("Zyrena Zunzuneca", True),
        ("Ñusta Ávila", True),
        ("+63 2 8555 7401", True),
        ("5557401", True),
        ("Ana", False),
        ("A. B.", False),
        ("12-34", False),
        ("", False),
    ],
)
def test_what_may_stand_on_pages_of_others_tells_of_nobody(
    contact: str,
    telling: bool,  # noqa: FBT001 - of the table above
) -> None:
    assert is_telling(contact) is telling
