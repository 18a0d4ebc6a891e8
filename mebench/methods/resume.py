"""What an interrupted training needs to go on: named arrays and plain values, kept while a fold is under way.

Conventions
-----------
One file a name, `<name>.safetensors`: the arrays, and in its header the values as JSON, whose state it is (`identity`),
and the sha256 of all of it. It appears whole or not at all. A file that is damaged is told and not used; one of another
identity is not used, and is replaced by the next `save`. Nothing but data is ever read: no pickle.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.schema.files import write_atomic
from mebench.settings import digest_of

Arrays = Mapping[str, NDArray[Any]]
State = tuple[dict[str, NDArray[Any]], dict[str, Any]]
"""Named arrays, and named values of plain JSON types."""

_SUFFIX = ".safetensors"
_KEY = "mebench"


def _silent(_: str) -> None:
    """Tell nobody."""


class Resume:
    """The states of the trainings of one fold.

    Parameters
    ----------
    folder : where they are kept; made by the first `save`. None keeps nothing.
    identity : whose states they are, such as a digest of the configuration and the fold; a state that was saved under
        another identity is never loaded.
    tell : is handed one sentence about a state that cannot be used or kept.
    """

    def __init__(self, folder: Path | None, identity: str = "", tell: Callable[[str], None] = _silent) -> None:
        self.folder = folder
        self.identity = identity
        self.tell = tell
        self._unkept = False

    @classmethod
    def nowhere(cls) -> Resume:
        """Return a store that keeps nothing: every training starts anew."""
        return cls(None)

    def __bool__(self) -> bool:
        """Tell whether anything is kept."""
        return self.folder is not None

    def within(self, name: str, *identity: Any) -> Resume:
        """Return the part of the store for one of several trainings.

        Parameters
        ----------
        name : unique among the trainings of the fold; a file-name without separators.
        identity : what else must agree before a state is loaded, such as the digests of the data.
        """
        folder = None if self.folder is None else self.folder / _checked(name)
        return Resume(folder, digest_of(self.identity, *identity) if identity else self.identity, self.tell)

    def load(self, name: str) -> State | None:
        """Return what was saved last under a name, or None when there is nothing that can be used."""
        if self.folder is None:
            return None
        path = self.folder / (_checked(name) + _SUFFIX)
        if not path.exists():
            return None
        try:
            arrays, note = _read(path)
            if note["sha256"] != _digest(arrays, note["identity"], note["values"]):
                raise ValueError("its content does not have the digest that it names")
        except Exception as error:  # whatever a damaged file makes of its reader
            self.tell(f"The kept state {path} is damaged ({_first_line(error)}): the training starts anew.")
            return None
        return (arrays, json.loads(note["values"])) if note["identity"] == self.identity else None

    def save(self, name: str, arrays: Arrays, values: Mapping[str, Any]) -> None:
        """Keep a state in place of the last one of that name.

        A state that cannot be written (no room on the disk) is told, once until one can be written again; the training
        then goes on without it.

        Parameters
        ----------
        arrays : any shapes; of types that numpy and safetensors share.
        values : plain JSON types.
        """
        if self.folder is None:
            return
        from safetensors.numpy import save

        kept = {key: np.ascontiguousarray(array).reshape(np.shape(array)) for key, array in sorted(arrays.items())}
        text = json.dumps(values)
        note = {"identity": self.identity, "values": text, "sha256": _digest(kept, self.identity, text)}
        try:
            content = save(kept, metadata={_KEY: json.dumps(note)})
            write_atomic(self.folder / (_checked(name) + _SUFFIX), content)
        except UserError as error:
            if not self._unkept:
                self.tell(f"The training goes on, and would fall back after an interruption: {error}")
            self._unkept = True
        else:
            self._unkept = False

    def clear(self) -> None:
        """Remove everything that was kept."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def _read(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        note: dict[str, str] = json.loads(file.metadata()[_KEY])
        return {name: file.get_tensor(name) for name in file.keys()}, note  # noqa: SIM118


def _digest(arrays: Arrays, identity: str, values: str) -> str:
    """Return the sha256 of a state: its names, types, shapes and bytes."""
    hashed = hashlib.sha256(json.dumps([identity, values]).encode())
    for name, array in sorted(arrays.items()):
        hashed.update(json.dumps([name, array.dtype.str, array.shape]).encode())
        hashed.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return hashed.hexdigest()


def _checked(name: str) -> str:
    """Refuse a name that would leave the folder."""
    if not name or name != Path(name).name or name in (".", ".."):
        raise ValueError(f"{name!r} cannot name a state: give a file name without separators")
    return name


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
