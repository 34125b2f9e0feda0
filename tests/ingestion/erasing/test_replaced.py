"""Which of the files that imports replaced still have a family."""

import zlib
from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import pytest

from ingestion.erasing.replaced import replaced_files_naming
from ingestion.registry import Registry
from ingestion.registry.entries import FilesServer
from tests.ingestion.conftest import MAPS, kobo_form

CODE = "MX-01-0007"


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    kobo = kobo_form("aForm", MAPS / "small_journal.yml")
    form = replace(kobo.forms[0], server=FilesServer(kind="files", path=str(tmp_path)))
    return replace(kobo, forms=(*kobo.forms, form, form))


def kept(folder: Path, name: str, content: str, encoding: str = "utf-8") -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding=encoding)


def named(registry: Registry, folder: Path) -> list[str]:
    return [
        found.replace(f"{folder}/", "")
        for found in replaced_files_naming(registry, CODE)
    ]


def test_it_is_found_however_typed_in_every_kind_of_file(
    registry: Registry, tmp_path: Path
) -> None:
    kept(tmp_path, "replaced/a.csv", "family_code,payee\nmx 01 0007,Ana\n")
    kept(tmp_path, "replaced/b.csv", "family_code\tpayee\nMXO1-OO07\tAna\n", "utf-16")
    kept(tmp_path, "payments/replaced/c.csv", f"{CODE},1\n")
    kept(tmp_path, "replaced/other.csv", "MX-01-0070,1\nMX-01-00071,2\n")
    kept(tmp_path, "payments.csv", f"{CODE},1\n")
    frame = pd.DataFrame({"family_code": ["MX-01-0001", CODE], "payee": ["Eva", "Ana"]})
    frame.to_excel(tmp_path / "replaced" / "d.xlsx", index=False)

    assert named(registry, tmp_path) == [
        "payments/replaced/c.csv",
        "replaced/a.csv",
        "replaced/b.csv",
        "replaced/d.xlsx",
    ]


def test_one_that_cannot_be_read_is_named_and_a_name_that_names_is_not_told(
    registry: Registry, tmp_path: Path
) -> None:
    kept(tmp_path, "replaced/broken.xlsx", "PK\x03\x04 cut off")
    kept(tmp_path, f"replaced/{CODE}-2021.csv", f"{CODE},1\n")

    assert sorted(named(registry, tmp_path)) == [
        f"a file of {tmp_path}/replaced".replace(f"{tmp_path}/", ""),
        "replaced/broken.xlsx",
    ]


def test_one_with_a_broken_stream_or_a_password_is_named_and_stops_nothing(
    registry: Registry, tmp_path: Path
) -> None:
    folder = tmp_path / "replaced"
    folder.mkdir()
    whole = workbook(folder / "whole.xlsx")
    start = whole.index(b"a.xml") + len(b"a.xml")
    (folder / "broken.xlsx").write_bytes(
        whole[:start] + b"\xff" * 8 + whole[start + 8 :]
    )
    flags = whole.index(b"PK\x01\x02") + 8
    local = 6
    (folder / "closed.xlsx").write_bytes(
        whole[:local]
        + b"\x01"
        + whole[local + 1 : flags]
        + b"\x01"
        + whole[flags + 1 :]
    )

    assert named(registry, tmp_path) == ["replaced/broken.xlsx", "replaced/closed.xlsx"]
    with pytest.raises(zlib.error):
        ZipFile(folder / "broken.xlsx").read("a.xml")
    with pytest.raises(RuntimeError, match="password"):
        ZipFile(folder / "closed.xlsx").read("a.xml")


def workbook(path: Path) -> bytes:
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        file.writestr("a.xml", "<c>MX-01-0001</c>" * 50)
    return path.read_bytes()


def test_without_such_a_folder_there_is_none(
    registry: Registry, tmp_path: Path
) -> None:
    tmp_path.rmdir()
    assert named(registry, tmp_path) == []
