"""Small JSON files that carry a checksum of themselves, so that no damage to them is believed."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mebench.schema.files import read_bounded
from mebench.schema.json_text import BadJson, parse_object

_SEAL = "seal"
_LARGEST = 1 << 20


class SealBroken(ValueError):
    """The content of a file is not what was written."""


def sealed(values: Mapping[str, Any]) -> bytes:
    """Return a JSON object with its keys sorted and the checksum of all values under `seal`."""
    return json.dumps({**values, _SEAL: _seal_of(values)}, sort_keys=True).encode()


def read_sealed(path: Path) -> dict[str, Any]:
    """Return what `sealed` was given.

    Raises
    ------
    OSError : when the file cannot be read.
    SealBroken : when it is damaged, or is a link, a pipe or anything else that was not written here.
    """
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise SealBroken(f"{path.name} is not a file")
    try:
        values = parse_object(read_bounded(path, _LARGEST))
    except BadJson as error:
        raise SealBroken(f"{path.name} is no JSON") from error
    if values.pop(_SEAL, None) != _seal_of(values):
        raise SealBroken(f"{path.name} does not have its checksum")
    return values


def _seal_of(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
