"""The page that lists the deliberate mistakes; run as a module it prints it."""

import sys

from tests.warehouse.mistakes.mistakes import MISTAKES

BEGINNING = """\
# Deliberate mistakes

Would the tests notice? Each of these mistakes is put into one place of one model's SQL,
what lies downstream is rebuilt on the synthetic pilot within a transaction that is
rolled back, and the test named beside it has to find something wrong that it does not
find without the mistake. `tests/warehouse/mistakes` holds the list and
does it in every run of `make test`; this page is printed by
`.venv/bin/python -m tests.warehouse.mistakes.page`.

| Mistake | What goes wrong | In model | Found by |
|---|---|---|---|
"""


def page() -> str:
    """Return the page in Markdown."""
    return BEGINNING + "".join(
        f"| {each.kind} | {each.words} | `{each.change.model}` | {each.check.words} |\n"
        for each in MISTAKES
    )


if __name__ == "__main__":
    sys.stdout.write(page())
