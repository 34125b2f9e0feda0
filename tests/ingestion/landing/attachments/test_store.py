"""Where attachments are kept, and what is said when they cannot be; no network."""

import hashlib
from pathlib import Path

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from ingestion.errors import AttachmentStoreError
from ingestion.landing.attachments import AttachmentStore, open_store

SHA = hashlib.sha256(b"photo").hexdigest()


def opened(url: str) -> AttachmentStore:
    return open_store({"JOURNAL_ATTACHMENTS": url})


@pytest.fixture(params=["plain", "file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> AttachmentStore:
    urls = {
        "plain": str(tmp_path / "a folder"),
        "file": f"file://{tmp_path}/files/",
        "memory": f"memory://{tmp_path.name}/prefix",
    }
    return opened(urls[request.param])


def kept(store: AttachmentStore, content: bytes = b"photo") -> str:
    incoming = store.receive("form", [content[:2], content[2:]])
    path = incoming.stored_path(".png")
    store.keep(incoming, path)
    assert not store.has(incoming.path)
    return path


def test_a_file_is_kept_under_its_hash_in_whatever_store(
    store: AttachmentStore,
) -> None:
    incoming = store.receive("form", [b"ph", b"oto"])

    assert (incoming.sha256, incoming.size) == (SHA, 5)
    path = incoming.stored_path(".png")
    assert path == f"{SHA[:2]}/{SHA[2:4]}/{SHA}.png"
    assert not store.has(path)
    store.keep(incoming, path)
    assert store.has(path)
    store.remove(path)
    store.remove(path)  # a run that was killed may have removed it
    assert not store.has(path)


def test_an_equal_file_is_dropped_when_it_comes_again(store: AttachmentStore) -> None:
    assert kept(store) == kept(store)
    assert kept(store) != kept(store, b"another")


def test_what_was_cut_short_is_forgotten_for_its_own_form_only(
    store: AttachmentStore,
) -> None:
    mine = store.receive("mine", [b"x"])
    other = store.receive("other", [b"x"])

    store.forget_incoming("mine")

    assert not store.has(mine.path)
    assert store.has(other.path)


def test_the_proof_of_being_writable_leaves_nothing(tmp_path: Path) -> None:
    opened(str(tmp_path))

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("extension", "kept_as"),
    [(".JPG", ".jpg"), ("", ""), (".a/../../b", ""), (".muchtoolong", ""), (".é", "")],
)
def test_an_extension_that_is_not_plain_is_left_out(
    extension: str, kept_as: str
) -> None:
    store = AttachmentStore(MemoryFileSystem(), "/extensions")

    path = store.receive("form", [b"photo"]).stored_path(extension)

    assert path == f"{SHA[:2]}/{SHA[2:4]}/{SHA}{kept_as}"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "set JOURNAL_ATTACHMENTS to a folder"),
        ("  ", "set JOURNAL_ATTACHMENTS to a folder"),
        ("nowhere://key:secret@bucket/x", "protocol 'nowhere', which there is not"),
        ("s3://key:secret@bucket/x", "protocol 's3', whose package is not installed"),
        ("gs://bucket/x", "protocol 'gs', whose package is not installed"),
    ],
)
def test_a_setting_that_cannot_be_used_says_what_to_do(url: str, reason: str) -> None:
    with pytest.raises(AttachmentStoreError, match=reason) as error:
        opened(url)
    assert "secret" not in str(error.value)
    assert "bucket/x" not in str(error.value)


def test_a_place_that_nothing_can_be_written_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")

    with pytest.raises(AttachmentStoreError, match="did not write a file") as error:
        opened(str(tmp_path / "a file" / "below"))
    assert str(tmp_path) not in str(error.value)
