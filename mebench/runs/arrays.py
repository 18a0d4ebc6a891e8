"""Arrays as files that are the same bytes whenever they hold the same numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_EPOCH = (1980, 1, 1, 0, 0, 0)


def npz_bytes(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return an uncompressed `.npz` that `numpy.load` reads, members sorted by name and without time stamps.

    Parameters
    ----------
    arrays : named arrays of any shape; object arrays are refused.
    """
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as members:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            members.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), member.getvalue())
    return archive.getvalue()


def safetensors_bytes(arrays: Mapping[str, NDArray[Any]], note: str) -> bytes:
    """Return a safetensors file; `note` is kept in its header under the key `mebench`."""
    from safetensors.numpy import save

    return save({name: np.ascontiguousarray(arrays[name]) for name in sorted(arrays)}, metadata={"mebench": note})
