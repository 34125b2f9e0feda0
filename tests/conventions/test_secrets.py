"""No tracked file has a real secret in it, told by its shape, place or chaos."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conventions.test_repository import ROOT, text_of, tracked_files

# Keys of services that give theirs a shape.
SHAPES = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bAKIA[0-9A-Z]{16}\b"  # Amazon
    r"|\bAIza[\w-]{35}"  # Google
    r"|\bgh[pousr]_\w{30,}|\bgithub_pat_\w{30,}|\bglpat-[\w-]{20,}"
    r"|\bxox[abeprs]-[\w-]{10,}|hooks\.slack\.com/services/T\w+/B\w+"
    r"|\bmb_[\w+/=-]{30,}"  # Metabase
    r"|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}"  # JSON web tokens
)
IN_ADDRESS = re.compile(r"://[^\s/:@'\"]*:(?P<value>[^\s/@'\"]+)@")
ASSIGNED = re.compile(
    r"""(?ix) (?:password|passwd|secret|token|api_?key|fernet_?key) ["']?
    [ ]* [:=] [ ]* ["']? (?P<value> [^\s"',}\#]{8,})"""
)
# Braces, a sign of the shell, angles or dots: filled in elsewhere, not written down.
FILLED_IN = re.compile(r"[{}$<>…]|\.\.\.")
# Words that nobody's service knows: of examples, and of servers that a test makes up.
EXAMPLES = frozenset({"password", "token", "secret", "hidden", "reader"})
SHORT = 5  # no service takes a password of so few letters, and tests like them
TOKEN = re.compile(r"(?<![\w+-])[\w+-]{24,}(?![\w+-])")
HEX = re.compile(r"[0-9a-fA-F]{32,}")
CHAOS = 4.0  # bits for each letter; sentences and names in one word have 3 to 3.9
SETTINGS = {".yml", ".yaml", ".toml", ".env", ".example", ".ini", ".cfg", ".json", ""}
# What looks like a secret and is none, and why.
ALLOWED = {
    ("requirements*.txt", "*"): "hashes of packages",
    ("unit_tests_of_journals.yml", "hex"): "hashes of journals that are made up",
    ("test_attachments.py", "hex"): "the MD5 of a file that is made up",
    ("stored.py", "chaos"): "the letters that the stand-in draws its ids from",
    (".env.example", "assigned"): "the form of Slack's secret, all noughts and crosses",
    ("test_connections.py", "address"): "a password with signs that are written oddly",
}


def looking_like_secrets(name: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield what looks like a secret in a file, with why it does."""
    for found in SHAPES.finditer(text):
        yield "shape", found.group()
    yield from _given(IN_ADDRESS, "address", text)
    if Path(name).suffix in SETTINGS:
        yield from _given(ASSIGNED, "assigned", text)
    for found in TOKEN.finditer(text):
        word = found.group()
        if HEX.fullmatch(word) and not word.isdigit():
            yield "hex", word
        elif _is_mixed(word) and _bits(word) > CHAOS:
            yield "chaos", word


def _given(place: re.Pattern[str], why: str, text: str) -> Iterator[tuple[str, str]]:
    for found in place.finditer(text):
        if _may_be_real(found["value"]):
            yield why, found.group()


def _may_be_real(value: str) -> bool:
    return len(value) > SHORT and value not in EXAMPLES and not FILLED_IN.search(value)


def _is_mixed(word: str) -> bool:
    return all(re.search(kind, word) for kind in ("[0-9]", "[a-z]", "[A-Z]"))


def _bits(word: str) -> float:
    shares = [count / len(word) for count in Counter(word).values()]
    return -sum(share * math.log2(share) for share in shares)


def is_allowed(path: Path, why: str) -> bool:
    return any(
        path.match(pattern) and reason in {why, "*"} for pattern, reason in ALLOWED
    )


Suspects = list[tuple[Path, str, str]]


@pytest.fixture(scope="module")
def suspects() -> Suspects:
    """Return each tracked file's text that looks like a secret, with why."""
    return [
        (path, why, word)
        for path in tracked_files()
        for why, word in looking_like_secrets(path.name, text_of(path))
    ]


def test_no_tracked_file_has_what_looks_like_a_real_secret(suspects: Suspects) -> None:
    found = [
        (str(path.relative_to(ROOT)), why, word)
        for path, why, word in suspects
        if not is_allowed(path, why)
    ]

    assert found == []


def test_what_is_allowed_is_still_there(suspects: Suspects) -> None:
    used = {
        (pattern, reason)
        for path, why, _ in suspects
        for pattern, reason in ALLOWED
        if path.match(pattern) and reason in {why, "*"}
    }

    assert set(ALLOWED) == used


def test_files_of_settings_that_hold_secrets_are_not_tracked() -> None:
    names = {path.name for path in tracked_files()}

    assert ".env.example" in names
    assert names.isdisjoint({".env", ".pgpass", "passwords.json", "credentials.json"})
    assert not [name for name in names if name.endswith((".pem", ".key", ".p12"))]


# In pieces: put together, this file would not pass.
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "-----BEGIN " + "RSA PRIVATE KEY-----"),
        ("a.py", 'TOKEN = "' + "ghp_" + "a1B2" * 9 + '"'),
        ("a.py", "https://hooks.slack.com/" + "services/T0AB12CD3/B0AB12CD3/x"),
        ("a.md", "postgresql://loader:" + "Kestrel-4471@db.example/warehouse"),
        ("a.yml", "smtp_password: " + "Kestrel-4471"),
        (".env", "KOBO_TOKEN=" + "kestrel447100"),
        ("a.py", "d95e67bc8bbd4296" + "fe1871592356c93f4b2a1c0d"),
        ("a.sql", "'q7Rk2ZxPw9TmLb4V" + "cYh8NsJd3GfUe6Aa'"),
    ],
)
def test_a_secret_is_seen(name: str, text: str) -> None:
    assert list(looking_like_secrets(name, text))


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://user:password@host:5432/warehouse",
        "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it}",
        "postgresql://loader:<password>@host/warehouse",
        "assert_a_family_is_counted_once_in_every_month",
    ],
)
def test_an_example_is_none(text: str) -> None:
    assert not list(looking_like_secrets("a.yml", text))
