"""Write the pilot's files: `python -m sandbox.pilot FOLDER`."""

import sys
from pathlib import Path

from sandbox.pilot.build import build_pilot

ARGUMENT_COUNT = 2


def main(arguments: list[str]) -> int:
    """Write finance's files and the truth into the folder named on the command line."""
    if len(arguments) != ARGUMENT_COUNT:
        sys.stderr.write("Say where to: python -m sandbox.pilot FOLDER\n")
        return 2
    folder = Path(arguments[1])
    pilot = build_pilot()
    pilot.write_files(folder)
    for form in pilot.forms:
        sys.stdout.write(f"{form.role}: {len(form.events)} events\n")
    sys.stdout.write(f"Written to {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
