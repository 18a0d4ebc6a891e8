"""The folder of one fold.

Conventions
-----------
    predictions.csv          of the fold's tested recordings; of generation `generated/generated.csv` and frames
    scores.npz               spotting: float32 (n_frames, 2) of each video, columns micro, macro, named `subject/video`
    raw.npz                  spotting: raw scores and their thresholds, where the method has some, see
                             `work.raw_scores`
    presence.json            spotting: where the faces of the videos were found, see `schema.presence_file`
    log.jsonl                what the method logged, one JSON object a line; no clock
    checkpoint.safetensors   what was learnt, the arrays of arm i under `i/`
    done.json                sha256 of every file in the folder, of the run's configuration, and the digests of the
                             frames of all recordings that the fold has read (`used_frames.py`); written last. Of a
                             fold that was done by a plug-in file which was changed since the run began, `code`
    error.txt                why the fold failed, with the traceback; gone once the fold is done
    resume/                  where an interrupted training goes on; gone once the fold is done

A fold is done when `done.json` is there and every file has the digest that it says. A method may keep more files in the
folder. What is put there later by somebody else is told and left alone, unless the fold has to be done again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.methods.resume import Resume
from mebench.runs.plan import Fold
from mebench.schema.files import read_bounded, write_atomic, writing_path
from mebench.schema.json_text import parse_object
from mebench.settings import digest_of
from mebench.tasks.base import Task

LOG, CHECKPOINT, DONE, ERROR, RESUME = (
    "log.jsonl",
    "checkpoint.safetensors",
    "done.json",
    "error.txt",
    "resume",
)

Writer = Callable[[Path], None]
"""Writes a whole file at the path that it is given."""


class FoldFolder:
    """One fold on disk.

    Parameters
    ----------
    path : the fold's folder.
    fold : its plan.
    config_digest : digest of the run's configuration.
    frames : digests of the frames of the fold's recordings; None takes those of the receipt for right.
    task : whose predictions the fold keeps.
    more : names of further files that the work of the task keeps.
    code : digests of the plug-in files where they are no longer those that the run began with, see `mended.py`.
    """

    def __init__(
        self,
        path: Path,
        fold: Fold,
        config_digest: str,
        frames: Mapping[str, str] | None,
        task: Task[Any, Any],
        more: Sequence[str] = (),
        code: Sequence[str] = (),
    ) -> None:
        self.path = path
        self.fold = fold
        self.config_digest = config_digest
        self.frames = frames
        self.task = task
        self.files = (task.predictions_path, LOG, CHECKPOINT, *more)
        self.code = tuple(code)

    @property
    def predictions(self) -> Path:
        """The fold's predictions, a file or a folder that `Task.read_predictions` reads."""
        return self.path / self.task.predictions_file

    def begin(self) -> None:
        """Empty the folder: of what a killed or failed start has left, the state of its training alone is of use."""
        if self.path.is_symlink() or (self.path.exists() and not self.path.is_dir()):
            self.path.unlink()
        self.path.mkdir(parents=True, exist_ok=True)
        for left in self.path.iterdir():
            if left.is_symlink() or not left.is_dir():
                left.unlink()
            elif left.name != RESUME:
                shutil.rmtree(left)

    def resume(self, tell: Callable[[str], None]) -> Resume:
        """Return where the fold's trainings keep their states; one of another run, fold, code or frames is not used.

        Parameters
        ----------
        tell : is handed one sentence about a state that cannot be used.
        """
        whose = digest_of(self.config_digest, self.fold.as_dict(), dict(self.frames or {}), self.code)
        return Resume(self.path / RESUME, whose, tell)

    def log(self, line: Mapping[str, Any]) -> None:
        """Append one line to the log."""
        with (self.path / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, sort_keys=True, default=_plain) + "\n")

    def finish(self, writers: Mapping[str, Writer]) -> None:
        """Write files, each whole or not at all, and then `done.json`.

        Parameters
        ----------
        writers : by file name; what else the fold keeps is there already.
        """
        for name, write in writers.items():
            with writing_path(self.path / name) as path:
                write(path)
        (self.path / LOG).touch()
        (self.path / ERROR).unlink(missing_ok=True)
        names = {*self.files, *_files_in(self.path)}
        write_atomic(self.path / DONE, _dump(self._receipt(names, self.frames or {}, self.code)))
        shutil.rmtree(self.path / RESUME, ignore_errors=True)

    def fail(self, reason: str, details: str) -> None:
        """Keep the reason of a failure; a full disk must not hide it from the caller."""
        with contextlib.suppress(OSError, UserError):
            write_atomic(self.path / ERROR, f"{reason}\n\n{details}")

    def problem(self) -> str | None:
        """Return None when the fold is done, `not done yet`, or what is wrong with its files."""
        if not self.path.is_dir():
            return f"{self.path.name} is not a folder" if os.path.lexists(self.path) else "not done yet"
        if not os.path.lexists(self.path / DONE):
            return "not done yet"
        try:
            text = read_own(self.path / DONE)
            receipt = parse_object(text)
            names = _names(receipt, self.files)
        except (OSError, ValueError):
            return f"{DONE} is damaged"
        kept = receipt.get("frames")
        frames = self.frames if self.frames is not None else kept if isinstance(kept, dict) else {}
        expected = self._receipt(names, frames, self.code_used())
        if text == _dump(expected).encode():
            return None
        damaged = [name for name in names if receipt["files"][name] != expected["files"][name]]
        if gone := [name for name in damaged if not os.path.lexists(self.path / name)]:
            return f"{_listed(gone)} missing"
        if damaged:
            return f"{_listed(damaged)} damaged"
        if receipt.get("frames") != expected["frames"]:
            return "of other frames"
        return f"{DONE} is damaged" if receipt == expected else "of another run"

    def strangers(self) -> list[str]:
        """Return the files and folders in a fold that is done which are not its own."""
        own = {*_names(parse_object(read_own(self.path / DONE)), self.files), DONE}
        return sorted(name for name in _files_in(self.path) if name not in own)

    def frames_used(self) -> dict[str, str]:
        """Return the digests of the frames that a fold which is done has read, by `dataset/subject/video`."""
        try:
            return dict(parse_object(read_own(self.path / DONE))["frames"])
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def code_used(self) -> tuple[str, ...]:
        """Return the digests of the plug-in files by which a fold was done; empty for those that the run began with."""
        try:
            return tuple(parse_object(read_own(self.path / DONE)).get("code", ()))
        except (OSError, ValueError, TypeError):
            return ()

    def has_failed(self) -> bool:
        """Tell whether the last start has failed in this fold."""
        return os.path.lexists(self.path / ERROR) and not os.path.lexists(self.path / DONE)

    def _receipt(self, names: Iterable[str], frames: Mapping[str, str], code: Sequence[str]) -> dict[str, Any]:
        receipt = {
            "schema": 3,
            "run": self.config_digest,
            "fold": self.fold.as_dict(),
            "files": {name: _checksum(self.path / name) for name in names},
            "frames": dict(frames),
        }
        return {**receipt, "code": list(code)} if code else receipt

    def states(self) -> list[dict[str, NDArray[Any]]]:
        """Return what each arm has learnt, in the order of the arms."""
        from safetensors.numpy import load_file

        arrays = load_file(self.path / CHECKPOINT)
        return [_under(arrays.items(), f"{i}/") for i in range(len(self.fold.arms))]


def _names(receipt: Mapping[str, Any], needed: Sequence[str]) -> list[str]:
    """Return the names of the files in a receipt, in order; ValueError when it is none."""
    files = receipt.get("files")
    if not isinstance(files, dict) or not set(needed) <= set(files):
        raise ValueError("the receipt lacks files")
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in files):
        raise ValueError("the receipt names files elsewhere")
    return sorted(files)


def _files_in(folder: Path) -> list[str]:
    """Return the names of all files below a folder, but for receipt, reason of a failure and state of a training."""
    found = [path.relative_to(folder) for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    return [str(path) for path in found if str(path) not in (DONE, ERROR) and path.parts[0] != RESUME]


def read_own(path: Path) -> bytes:
    """Return the content of a file of a run.

    Raises
    ------
    OSError : when it cannot be read, or is a link, a pipe or anything else that no run writes.
    ValueError : when it is larger than any file of a run.
    """
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise OSError(f"{path} is not a file")
    return read_bounded(path)


def _checksum(path: Path) -> str:
    """Return the sha256 of a file, empty when there is none that can be read."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _under(items: Iterable[tuple[str, NDArray[Any]]], prefix: str) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): array for name, array in items if name.startswith(prefix)}


def _dump(receipt: Mapping[str, Any]) -> str:
    return json.dumps(receipt, indent=1, sort_keys=True) + "\n"


def _plain(value: Any) -> Any:
    """Turn numpy scalars and arrays into plain JSON types."""
    return value.tolist() if isinstance(value, np.generic | np.ndarray) else str(value)
