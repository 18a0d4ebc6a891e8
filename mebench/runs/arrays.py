"""Arrays as files that are the same bytes whenever they hold the same numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

_EPOCH = (1980, 1, 1, 0, 0, 0)


class NpzWriter:
    """An uncompressed `.npz` that is written array by array, without time stamps; `numpy.load` reads it.

    Parameters
    ----------
    path : the file.
    """

    def __init__(self, path: Path) -> None:
        self._members = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED)

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Write the directory."""
        self._members.close()

    def add(self, name: str, array: NDArray[Any]) -> None:
        """Write one array of any shape; object arrays are refused."""
        member = io.BytesIO()
        np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
        self._members.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), member.getvalue())


def write_safetensors(path: Path, arrays: Mapping[str, NDArray[Any]], note: str) -> None:
    """Write a safetensors file; `note` is kept in its header under the key `mebench`."""
    from safetensors.numpy import save_file

    kept = {name: np.ascontiguousarray(arrays[name]) for name in sorted(arrays)}
    save_file(kept, path, metadata={"mebench": note})
