"""The folder of one fold.

Conventions
-----------
    predictions.csv          intervals of the fold's test videos
    scores.npz               one float32 array (n_frames, 2) a video, columns micro and macro, named `subject/video`
    log.jsonl                what the method logged, one JSON object a line; no clock
    checkpoint.safetensors   what was learnt, the arrays of arm i under `i/`
    done.json                sha256 of the files above, and of the run's configuration; written last
    error.txt                why the fold failed, with the traceback; gone once the fold is done
    resume/                  where an interrupted training goes on; gone once the fold is done

A fold is done when `done.json` is there and every file has the digest that it says.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.methods.resume import Resume
from mebench.runs.plan import Fold
from mebench.schema.files import write_atomic
from mebench.settings import digest_of

PREDICTIONS, SCORES, LOG, CHECKPOINT, DONE, ERROR, RESUME = (
    "predictions.csv",
    "scores.npz",
    "log.jsonl",
    "checkpoint.safetensors",
    "done.json",
    "error.txt",
    "resume",
)
FILES = (PREDICTIONS, SCORES, LOG, CHECKPOINT)


class FoldFolder:
    """One fold on disk.

    Parameters
    ----------
    path : the fold's folder.
    fold : its plan.
    run : digest of the run's configuration.
    """

    def __init__(self, path: Path, fold: Fold, run: str) -> None:
        self.path = path
        self.fold = fold
        self.run = run

    def begin(self) -> None:
        """Empty the folder: of what a killed or failed start has left, the state of its training alone is of use."""
        self.path.mkdir(parents=True, exist_ok=True)
        for left in self.path.iterdir():
            if left.is_dir() and left.name != RESUME:
                shutil.rmtree(left)
            elif not left.is_dir():
                left.unlink()

    def resume(self, tell: Callable[[str], None]) -> Resume:
        """Return where the fold's trainings keep their states; those of another run or another fold are not used.

        Parameters
        ----------
        tell : is handed one sentence about a state that cannot be used.
        """
        return Resume(self.path / RESUME, digest_of(self.run, self.fold.as_dict()), tell)

    def log(self, line: Mapping[str, Any]) -> None:
        """Append one line to the log."""
        with (self.path / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, sort_keys=True, default=_plain) + "\n")

    def finish(self, contents: Mapping[str, bytes | str]) -> None:
        """Write the files, then `done.json`.

        Parameters
        ----------
        contents : content by file name, for all of `FILES` but the log, which is there already.
        """
        for name, content in contents.items():
            write_atomic(self.path / name, content)
        (self.path / LOG).touch()
        (self.path / ERROR).unlink(missing_ok=True)
        write_atomic(self.path / DONE, _dump(self._receipt()))
        shutil.rmtree(self.path / RESUME, ignore_errors=True)

    def fail(self, reason: str, details: str) -> None:
        """Keep the reason of a failure; a full disk must not hide it from the caller."""
        with contextlib.suppress(OSError, UserError):
            write_atomic(self.path / ERROR, f"{reason}\n\n{details}")

    def problem(self) -> str | None:
        """Return None when the fold is done, `not done yet`, or what is wrong with its files."""
        try:
            text = (self.path / DONE).read_text(encoding="utf-8")
            receipt = json.loads(text)
        except FileNotFoundError:
            return "not done yet"
        except (OSError, ValueError):
            return f"{DONE} is damaged"
        try:
            expected = self._receipt()
        except OSError as error:
            return f"{Path(error.filename or '').name} is missing"
        if text == _dump(expected):
            return None
        found = receipt.get("files", {}) if isinstance(receipt, dict) else {}
        damaged = [name for name in FILES if found.get(name) != expected["files"][name]]
        if damaged:
            return f"{', '.join(damaged)} {'is' if len(damaged) == 1 else 'are'} damaged"
        return f"{DONE} is damaged" if receipt == expected else "of another run"

    def _receipt(self) -> dict[str, Any]:
        files = {name: hashlib.sha256((self.path / name).read_bytes()).hexdigest() for name in FILES}
        return {"schema": 1, "run": self.run, "fold": self.fold.as_dict(), "files": files}

    def scores(self) -> dict[str, NDArray[np.float32]]:
        """Return the per-frame scores of every test video, by `subject/video`."""
        with np.load(self.path / SCORES, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}

    def states(self) -> list[dict[str, NDArray[Any]]]:
        """Return what each arm has learnt, in the order of the arms."""
        from safetensors.numpy import load_file

        arrays = load_file(self.path / CHECKPOINT)
        return [_under(arrays.items(), f"{i}/") for i in range(len(self.fold.arms))]


def _under(items: Iterable[tuple[str, NDArray[Any]]], prefix: str) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): array for name, array in items if name.startswith(prefix)}


def _dump(receipt: Mapping[str, Any]) -> str:
    return json.dumps(receipt, indent=1, sort_keys=True) + "\n"


def _plain(value: Any) -> Any:
    """Turn numpy scalars and arrays into plain JSON types."""
    return value.tolist() if isinstance(value, np.generic | np.ndarray) else str(value)
