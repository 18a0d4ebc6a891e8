"""One number in an `.npy` file, as text or as a number.

A data set with a million such files is read ten times faster by looking at the bytes than through `numpy.load`.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np

from mebench.errors import UserError

_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00(..)\{'descr': '<U(\d+)', 'fortran_order': False, 'shape': \(1?,?\),? *\}", re.S
)
_LARGEST = 4096


def npy_number(path: str | Path) -> float:
    """Return the one number of a file.

    Raises
    ------
    FileNotFoundError : when there is no such file.
    UserError : when it holds something else; nothing in it is ever run.
    """
    # Unbuffered, which for files this small takes half the time.
    with open(path, "rb", buffering=0) as file:
        content = file.read(_LARGEST)
    match = _HEADER.match(content)
    try:
        if match is not None:
            start = 10 + int.from_bytes(match[1], "little")
            return float(content[start : start + 4 * int(match[2])].decode("utf-32-le").rstrip("\0"))
        return float(np.load(io.BytesIO(content), allow_pickle=False).reshape(-1)[0])
    except (ValueError, IndexError, EOFError) as error:
        raise UserError(f"{path} does not hold one number: unpack it again from the release.") from error
