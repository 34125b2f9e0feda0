"""What a family's code is, what passes for it, and how an erased one is remembered.

A family that is gone must be known again when its records come back, and nobody may
read from the memory who it was: what is kept is an HMAC under a key that only `pii`
holds.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from warehouse.errors import ErasureError
from warehouse.tables import erasure_secrets

FAMILY_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{2,3}-[0-9]{4}")
# As people type codes: in any case, with other separators or none, O for 0 and I for 1.
# A look ahead, so that a code is found whatever looks like one before it.
LIKE_A_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?=([A-Za-z01]{2}[^A-Za-z0-9]{0,2}[A-Za-z0-9]{2,3}"
    r"[^A-Za-z0-9]{0,2}[0-9OoIiLl]{4})(?![A-Za-z0-9]))"
)
SEPARATORS = re.compile(r"[^A-Z0-9]")
TO_LETTERS = str.maketrans("01", "OI")
TO_DIGITS = str.maketrans("OIL", "011")
COUNTRY_LETTERS = 2
DIGITS = 4
LOOK_ALIKES = {"O": "[0o]", "0": "[0o]", "I": "[1i]", "1": "[1il]"}
DIGIT_ALIKES = {"0": "[0Oo]", "1": "[1IiLl]"}
# A dash, a blank or what stands for one in JSON, where separators may be.
BETWEEN = "[^a-z0-9]{0,2}"
# The same where a mistake would harm: not what JSON has between a key and its value.
BETWEEN_IN_TEXT = r"""[^a-z0-9"':,{}\[\]]{0,2}"""
# Nor within a longer word, or a UUID: some countries' letters are hexadecimal digits.
# What ends a line is a letter in JSON.
ALONE = r"(?:(?<![0-9a-z]|[0-9a-f]{{4}}-)|(?<=\\[nrt]))(?:{})(?![0-9a-z]|-[0-9a-z])"


def normalised(code: str) -> str:
    """Return what is left of a code where look-alikes do not count.

    The same rule as the model `int_family_codes_resolved`.
    """
    compact = SEPARATORS.sub("", code.upper())
    letters, rest = compact[:COUNTRY_LETTERS], compact[COUNTRY_LETTERS:]
    return letters.translate(TO_LETTERS) + rest.translate(TO_DIGITS)


def as_enrolled(like_a_code: str) -> str:
    """Return what looks like a code as enrolment would have written it."""
    compact = SEPARATORS.sub("", like_a_code.upper())
    letters = compact[:COUNTRY_LETTERS].translate(TO_LETTERS)
    digits = compact[-DIGITS:].translate(TO_DIGITS)
    return f"{letters}-{compact[COUNTRY_LETTERS:-DIGITS]}-{digits}"


def look_alikes(code: str, between: str = BETWEEN) -> str:
    """Return a regular expression, in small letters, for a code however it is typed."""
    return "".join(_pieces(normalised(code), between))


def look_alikes_alone(code: str) -> str:
    """Return the same for texts that are mended: only where it is a word of its own."""
    return ALONE.format(look_alikes(code, BETWEEN_IN_TEXT))


def look_alike_digits(code: str) -> str:
    """Return one for its digits alone: Postgres finds them ten times as fast."""
    digits = normalised(code)[-DIGITS:]
    return "".join(DIGIT_ALIKES.get(digit, digit) for digit in digits)


def _pieces(compact: str, between: str) -> Iterator[str]:
    for place, letter in enumerate(compact):
        if place in {COUNTRY_LETTERS, len(compact) - DIGITS}:
            yield between
        yield LOOK_ALIKES.get(letter, f"[{letter.lower()}]")


def require_code(code: str) -> str:
    """Return the code, if it is written as one.

    Raises:
        ErasureError: It is not; the message does not repeat it.
    """
    if not FAMILY_CODE.fullmatch(code):
        raise ErasureError(
            "That is no family code: write it as enrolment gives it, the site's code "
            "and four digits, such as MX-01-0007."
        )
    return code


@dataclass(frozen=True, slots=True)
class Seal:
    """Makes the hashes by which what was erased is known again.

    Attributes:
        key: From `pii.erasure_secrets`.
    """

    key: bytes

    def family(self, code: str) -> str:
        """Return the hash of a family, however its code is typed."""
        return self._hash(f"family\0{normalised(code)}")

    def code(self, code: str) -> str:
        """Return the hash of a code as it is written: one that looks alike differs."""
        return self._hash(f"code\0{code}")

    def submission(self, form_id: str, submission_id: str) -> str:
        """Return the hash of one record of a form."""
        return self._hash(f"submission\0{form_id}\0{submission_id}")

    def root(self, root_id: str) -> str:
        """Return the hash of what other records call a record."""
        return self._hash(f"root\0{root_id}")

    def _hash(self, what: str) -> str:
        return hmac.new(self.key, what.encode(), hashlib.sha256).hexdigest()


def load_seal(connection: Connection) -> Seal | None:
    """Return the warehouse's seal, or None where nobody was ever erased."""
    found = connection.execute(select(erasure_secrets.c.secret)).scalar()
    return Seal(bytes.fromhex(found)) if found else None


def make_seal(connection: Connection, key: bytes | None = None) -> Seal:
    """Return the warehouse's seal; the first erasure draws its key.

    Args:
        connection: In the transaction of the erasure.
        key: What to take for a warehouse that has none; None draws one.
    """
    seal = load_seal(connection)
    if seal is None:
        key = key or secrets.token_bytes(32)
        connection.execute(
            insert(erasure_secrets).values(secret_id=1, secret=key.hex())
        )
        seal = Seal(key)
    return seal
