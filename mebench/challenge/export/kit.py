"""The kit as participants get it: a folder, or one archive of it, that checks submissions with nothing but numpy.

Beside what `write_public_kit` writes it holds `check.py` and, in `checker/`, the copy of the code that it runs.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from mebench.challenge.desk.config import Challenge
from mebench.challenge.desk.modes import require_outside
from mebench.challenge.desk.public import write_public_kit
from mebench.challenge.export.common import copy_code, zip_folder
from mebench.errors import UserError
from mebench.schema.files import PUBLIC, write_atomic

_CHECK = '''\
"""Checks a submission as the organisers do; the exit code is 0 for an accepted one and 2 for a refused one.

    python check.py SUBMISSION [--team NAME] [--method NAME] [--protocol ID] [--first-frame 0|1] [--format text|json]

It needs Python 3.11 or newer and numpy, and neither network nor truth.
"""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "checker"))


def main():
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(description="Check a submission as the organisers do.")
    parser.add_argument("submission", type=Path, help="a folder, a zip archive or a single file")
    for name, what in (("team", "NAME"), ("method", "NAME"), ("protocol", "ID")):
        parser.add_argument(f"--{name}", default="", metavar=what, help=f"replaces the {name} of the manifest")
    first = "number that the tables give to the first frame; without it what manifest.json says, or 1"
    parser.add_argument("--first-frame", default="", choices=["0", "1"], help=first)
    parser.add_argument("--format", default="text", choices=["text", "json"], help="form of the report")
    given = parser.parse_args()
    if sys.version_info < (3, 11):
        return fail(f"the check needs Python 3.11 or newer, and this is {sys.version.split()[0]}: install a newer one.")
    try:
        import numpy  # noqa: F401
    except ImportError:
        return fail(f"the check needs numpy: install it with {sys.executable} -m pip install numpy")
    return check(given)


def fail(why):
    print(f"Error: {why}", file=sys.stderr)
    return 2


def check(given):
    from mebench.challenge.desk.outputs import dump
    from mebench.challenge.desk.public import check_with_kit
    from mebench.errors import UserError
    from mebench.plain import plain_lines

    try:
        flags = {name: getattr(given, name) for name in ("team", "method", "protocol", "first_frame")}
        found = check_with_kit(HERE, given.submission, flags)
    except UserError as error:
        return fail(plain_lines(str(error)))
    print(plain_lines(dump(found.report) if given.format == "json" else found.text), end="")
    return 0 if found.accepted else 2


if __name__ == "__main__":
    sys.exit(main())
'''


def write_kit(challenge: Challenge, out: Path) -> Path:
    """Write the kit into a new folder, or as an archive where the name ends in `.zip`, and return its path.

    Raises
    ------
    UserError : when something lies there, the truth cannot be read, or the place cannot be written.
    """
    require_outside(challenge.folder, out)
    if out.suffix.lower() != ".zip":
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise UserError(f"{out} is not empty: give a new folder.")
        return _write(challenge, out)
    if out.exists():
        raise UserError(f"{out} is there already: remove it, or give another name.")
    with tempfile.TemporaryDirectory(prefix="mebench-") as place:
        # In a folder of its own, so that unpacking it scatters nothing.
        _write(challenge, Path(place) / out.stem)
        zip_folder(Path(place), out, PUBLIC)
    return out


def _write(challenge: Challenge, folder: Path) -> Path:
    write_public_kit(challenge, folder)
    copy_code(folder / "checker", PUBLIC)
    write_atomic(folder / "check.py", _CHECK, PUBLIC)
    return folder
