"""The kit as participants get it: a folder, or one archive of it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from mebench.challenge.desk.config import Challenge
from mebench.challenge.desk.public import write_public_kit
from mebench.challenge.export.common import zip_folder
from mebench.errors import UserError
from mebench.schema.files import PUBLIC


def write_kit(challenge: Challenge, out: Path) -> Path:
    """Write the kit into a new folder, or as an archive where the name ends in `.zip`, and return its path.

    Raises
    ------
    UserError : when something lies there, the truth cannot be read, or the place cannot be written.
    """
    if out.suffix.lower() != ".zip":
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise UserError(f"{out} is not empty: give a new folder.")
        return write_public_kit(challenge, out)
    if out.exists():
        raise UserError(f"{out} is there already: remove it, or give another name.")
    with tempfile.TemporaryDirectory(prefix="mebench-") as place:
        # In a folder of its own, so that unpacking it scatters nothing.
        write_public_kit(challenge, Path(place) / out.stem)
        zip_folder(Path(place), out, PUBLIC)
    return out
