"""The folder of a run: what is done, what is not, and that nothing half-written is taken for done.

Conventions
-----------
    runs/<name>/config.json            what the run is; two starts with different content never share a folder
                folds/<fold>/...       see `folds.py`
                predictions.csv        predictions of all folds
                scorecard.json         scores under the protocol
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
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from mebench.errors import UserError
from mebench.runs.folds import FoldFolder
from mebench.runs.plan import Fold
from mebench.schema.files import write_atomic
from mebench.settings import digest_of

CONFIG, PREDICTIONS, SCORECARD, TIMING, LOCK = (
    "config.json",
    "predictions.csv",
    "scorecard.json",
    "timing.json",
    ".lock",
)


class RunFolder:
    """One run on disk.

    Parameters
    ----------
    path : the run's folder; need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def predictions(self) -> Path:
        """The pooled predictions table."""
        return self.path / PREDICTIONS

    @property
    def scorecard(self) -> Path:
        """The scorecard."""
        return self.path / SCORECARD

    def config(self) -> dict[str, Any]:
        """Return what the run is.

        Raises
        ------
        UserError : when the folder is no run, or its configuration cannot be read.
        """
        try:
            loaded = json.loads((self.path / CONFIG).read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise UserError(f"{self.path} is not the folder of a run: give one that holds {CONFIG}.") from error
        except (OSError, ValueError) as error:
            raise UserError(f"{self.path / CONFIG} cannot be read: remove the folder and run again.") from error
        return cast(dict[str, Any], loaded)

    def claim(self, config: Mapping[str, Any]) -> None:
        """Make the folder for a run, or accept the one that an earlier start of the same run has left.

        Raises
        ------
        UserError : when the folder belongs to another run, or holds files that are none of a run's.
        """
        self._sweep()
        if (self.path / CONFIG).exists():
            if difference := _difference(self.config(), config):
                raise UserError(
                    f"{self.path} holds a run with another {difference}: give another --out, or remove that folder."
                )
            return
        if self.path.exists() and any(child.name != LOCK for child in self.path.iterdir()):
            raise UserError(f"{self.path} is not empty and not the folder of a run: give another --out.")
        write_json(self.path / CONFIG, config)

    def _sweep(self) -> None:
        """Remove the temporary files of a start that was killed while it wrote."""
        for place, names in ((self.path, (CONFIG, PREDICTIONS, SCORECARD, TIMING)), (self.path / "truth", ("*",))):
            for stale in (path for name in names for path in place.glob(f".{name}.*")):
                stale.unlink(missing_ok=True)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes out; the system lets go of the lock however this process ends.

        Raises
        ------
        UserError : when another process works in this folder.
        """
        import fcntl

        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / LOCK).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise UserError(
                    f"Another process is working on the run {self.path}: wait for it, or give another --out."
                ) from error
            yield

    def fold(self, fold: Fold) -> FoldFolder:
        """Return the folder of a fold, bound to this run's configuration."""
        return FoldFolder(self.path / "folds" / fold.id, fold, digest_of(self.config()))

    def timing(self) -> dict[str, Any]:
        """Return what earlier starts have measured; empty when there is nothing or it cannot be read."""
        try:
            return cast(dict[str, Any], json.loads((self.path / TIMING).read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}


def write_json(path: Path, value: Any) -> None:
    """Write JSON with sorted keys and a final newline, whole or not at all."""
    write_atomic(path, json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")


def _difference(old: Any, new: Any, name: str = "") -> str:
    """Return the dotted name of the first value that differs, empty when none does."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            if found := _difference(old.get(key), new.get(key), f"{name}.{key}" if name else key):
                return found
        return ""
    return "" if old == json.loads(json.dumps(new)) else f"{name} ({_short(old)} there, {_short(new)} asked for)"


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:37] + "..."
