"""The folder of a run: what is done, what is not, and that nothing half-written is taken for done.

Conventions
-----------
    runs/<name>/config.json            what the run is; two starts with different content never share a folder
                frames.txt             digests of the frames that it uses, see `used_frames.py`
                folds/<fold>/...       see `folds.py`
                predictions.csv        predictions of all folds; `generated/generated.csv` of generation
                scorecard.json         scores under the protocol
                mended.json            plug-in files that were mended, see `mended.py`
                timing.json            seconds and megabytes; the only file that differs between identical runs
                truth/                 the truth that was graded against, for timelines
                .lock                  held by the process that works here

Everything but `timing.json` and the `error.txt` of failed folds is a function of the configuration and the data, byte
for byte. What varies between starts is therefore not in the scorecard: its `timing` counts folds, videos and frames,
its `environment` holds versions, and seconds stand in `timing.json`.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from mebench.errors import UserError
from mebench.runs.changes import differences, require_same_data
from mebench.runs.configuration import as_read, check_shape, signature_of, up_to_date, without_data
from mebench.runs.folds import DONE, FoldFolder, read_own
from mebench.runs.mended import MENDED, code_of, take_code
from mebench.runs.plan import Fold
from mebench.runs.used_frames import FRAMES, PUT_BACK, FramesByPerson, format_frames, parse_frames, require_same
from mebench.schema.files import write_atomic
from mebench.schema.json_text import BadJson, parse_object
from mebench.settings import digest_of
from mebench.tasks.base import Task
from mebench.tasks.catalogue import task_of

CONFIG, SCORECARD, TIMING, LOCK = (
    "config.json",
    "scorecard.json",
    "timing.json",
    ".lock",
)
_NAMED = 4
"""Differences between two runs that are told."""


class RunFolder:
    """One run on disk.

    Parameters
    ----------
    path : the run's folder; need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._code: tuple[str, ...] = ()
        self._known: tuple[tuple[int, ...], dict[str, Any], str] | None = None

    def task(self) -> Task[Any, Any]:
        """Return the task of the run; see `config` for errors."""
        return task_of(self.config()["task"])

    @property
    def predictions(self) -> Path:
        """The pooled predictions, a file or a folder that `Task.read_predictions` reads."""
        return self.path / self.task().predictions_file

    @property
    def scorecard(self) -> Path:
        """The scorecard."""
        return self.path / SCORECARD

    def config(self) -> dict[str, Any]:
        """Return what the run is.

        Raises
        ------
        UserError : when the folder is no run, or its configuration is not what was written.
        """
        if not os.path.lexists(self.path / CONFIG):
            raise UserError(f"{self.path} is not the folder of a run: give one that holds {CONFIG}.")
        again = "give the same mebench run command again, which mends it where a fold is done"
        signature = signature_of(self.path / CONFIG)
        if self._known is not None and self._known[0] == signature:
            return self._known[1]
        try:
            config = up_to_date(parse_object(read_own(self.path / CONFIG)))
            check_shape(config)
        except (OSError, BadJson) as error:
            raise UserError(f"{self.path / CONFIG} cannot be read ({error}): {again}.") from error
        except (KeyError, TypeError) as error:
            raise UserError(f"{self.path / CONFIG} is not what was written: {again}.") from error
        self._known = signature, config, digest_of(config)
        return config

    def claim(self, config: Mapping[str, Any], truth: Any = None) -> str | None:
        """Make the folder for a run, or accept the one that an earlier start of the same run has left.

        Parameters
        ----------
        config : what the run is.
        truth : its items and annotations, to say what has changed when the datasets are no longer what they were.

        Returns
        -------
        What was mended, None when nothing was.

        Raises
        ------
        UserError : when the folder belongs to another run, or holds files that are none of a run's, or the datasets
            have changed since the run began.
        """
        self._sweep()
        if os.path.lexists(self.path / CONFIG):
            return self._accept(config, truth)
        if self.path.exists() and any(child.name != LOCK for child in self.path.iterdir()):
            raise UserError(f"{self.path} is not empty and not the folder of a run: give another --out.")
        write_json(self.path / CONFIG, config)
        return None

    def _accept(self, config: Mapping[str, Any], truth: Any) -> str | None:
        """Accept an earlier start's configuration, or write one that is damaged again where its folds prove it."""
        try:
            old = self.config()
        except UserError as error:
            if not self._has_fold_of(digest_of(config)):
                raise UserError(
                    f"{self.path / CONFIG} is damaged, and no fold that is done says what it was: remove the folder "
                    "and run again."
                ) from error
            write_json(self.path / CONFIG, config)
            return f"{CONFIG} was damaged and is written again: the folds that are done belong to this very run."
        new = {**as_read(config), "plugins": old.get("plugins")}
        if truth is not None and old != new and without_data(old) == without_data(new):
            if not self._has_folds():
                write_json(self.path / CONFIG, new)
                return "The datasets have changed since the run began; no fold was done yet, so it goes on with these."
            require_same_data(old, new, self.path, truth, task_of(config["task"]))
        if different := differences(old, new):
            more = f" and {len(different) - _NAMED} more" if len(different) > _NAMED else ""
            raise UserError(
                f"{self.path} holds a run with another {', another '.join(different[:_NAMED])}{more}: ask for what is "
                "there, give another --out, or remove that folder."
            )
        return None

    def take_code(self, config: Mapping[str, Any], plan: Sequence[Fold], plugins: Sequence[Path]) -> str | None:
        """Accept the plug-in files of this start; see `mended.take_code`.

        Parameters
        ----------
        config : what this start is.
        plan : every fold.
        plugins : the files, for messages.
        """
        began, now = self.config().get("plugins", ()), config["plugins"]
        note = None if list(began) == list(now) else take_code(self.path, began, now, self.folds(plan), plugins)
        self._code = code_of(began, now)
        return note

    def _has_folds(self) -> bool:
        return any(self.path.glob(f"folds/*/{DONE}"))

    def _has_fold_of(self, run: str) -> bool:
        """Tell whether the receipt of any fold names a run's configuration."""
        for receipt in self.path.glob(f"folds/*/{DONE}"):
            with contextlib.suppress(OSError, ValueError):
                if parse_object(read_own(receipt)).get("run") == run:
                    return True
        return False

    def _sweep(self) -> None:
        """Remove the temporary files of a start that was killed while it wrote."""
        for place, names in (
            (self.path, (CONFIG, FRAMES, MENDED, "predictions.*", SCORECARD, TIMING)),
            (self.path / "truth", ("*",)),
        ):
            for stale in (path for name in names for path in place.glob(f".{name}.*")):
                stale.unlink(missing_ok=True)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes out; the system lets go of the lock however this process ends.

        Raises
        ------
        UserError : when another process works in this folder, or its lock is no plain file.
        """
        import fcntl

        with self._lock_file() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise UserError(
                    f"Another process is working on the run {self.path}: wait for it, or give another --out."
                ) from error
            yield

    def _lock_file(self) -> IO[str]:
        lock = self.path / LOCK
        # A pipe there would be waited for without end.
        if os.path.lexists(lock) and not lock.is_file():
            raise UserError(f"{lock} is no plain file, which the lock of a run is: move it away, and repeat.")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            return (self.path / LOCK).open("a")
        except OSError as error:
            raise UserError(
                f"{self.path} cannot be the folder of a run ({error.strerror}): give another --out."
            ) from error

    def fold(self, fold: Fold) -> FoldFolder:
        """Return the folder of a fold, bound to this run's configuration and frames."""
        return self.folds([fold])[0]

    def folds(self, plan: Sequence[Fold]) -> list[FoldFolder]:
        """Return the folders of folds; the run's configuration and frames are read once for all of them."""
        config, kept = self.config(), self.frames()
        assert self._known is not None
        digest = self._known[2]
        task, files = task_of(config["task"]), files_of(config["task"])
        frames = None if kept is None else FramesByPerson(kept)
        return [
            FoldFolder(
                self.path / "folds" / fold.id,
                fold,
                digest,
                None if frames is None else frames.of(fold),
                task,
                files,
                self._code,
            )
            for fold in plan
        ]

    def frames(self) -> dict[str, str] | None:
        """Return the digests of the frames that the run uses; None when there are none, or they cannot be read."""
        try:
            return parse_frames(read_own(self.path / FRAMES).decode())
        except (OSError, ValueError):
            return None

    def keep_frames(self, now: Mapping[str, str], plan: Sequence[Fold]) -> str | None:
        """Keep the digests of the frames that a run uses; those that its folds have read must be the same still.

        Returns
        -------
        What was mended, None when nothing was.

        Raises
        ------
        UserError : when frames have changed that a fold has read.
        """
        kept = self.frames()
        damaged = kept is None and os.path.lexists(self.path / FRAMES)
        if kept is None or kept != now:
            # What no fold that is done has read may be mended.
            kept = {name: digest for fold in self.folds(plan) for name, digest in fold.frames_used().items()}
        require_same(kept, now, PUT_BACK)
        write_atomic(self.path / FRAMES, format_frames(now))
        return f"{FRAMES} was damaged and is written again." if damaged else None

    def timing(self) -> dict[str, Any]:
        """Return what earlier starts have measured; empty when there is nothing or it is damaged."""
        try:
            loaded = parse_object(read_own(self.path / TIMING))
        except (OSError, ValueError):
            return {}
        seconds = loaded.get("fold_seconds")
        good = isinstance(seconds, dict) and all(isinstance(value, int | float) for value in seconds.values())
        return loaded if good else {}

    def has_damaged_timing(self) -> bool:
        """Tell whether the measurements of earlier starts are lost."""
        return os.path.lexists(self.path / TIMING) and not self.timing()


def files_of(task: str) -> tuple[str, ...]:
    """Return the names of the files beside its predictions that a fold of a task keeps."""
    from mebench.runs.work.base import WORK

    return WORK.get(task).files


def write_json(path: Path, value: Any) -> None:
    """Write JSON with sorted keys and a final newline, whole or not at all."""
    write_atomic(path, json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")
