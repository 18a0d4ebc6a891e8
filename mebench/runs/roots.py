"""Where licensed datasets lie on this machine: roots that the user has named once, and a folder of datasets.

Conventions
-----------
A root is looked for in this order: `--root` of the command, `$MEBENCH_DATA/<dataset id>` where that folder exists, and
what `mebench data root ID DIR` has remembered. Remembered roots stand in `roots.json` of the user's configuration:
`$MEBENCH_CONFIG`, else `$XDG_CONFIG_HOME/mebench`, else `~/.config/mebench`.

    {"schema": 1, "roots": {"samm_lv": "/data/SAMM_LV"}}
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from mebench.errors import UserError
from mebench.schema.files import read_bounded, write_atomic
from mebench.schema.json_text import parse_object

FILE = "roots.json"
SCHEMA = 1
_LARGEST = 1 << 20
DATA, CONFIG = "MEBENCH_DATA", "MEBENCH_CONFIG"

Origin = Literal["MEBENCH_DATA", "remembered"]


@dataclasses.dataclass(frozen=True)
class Root:
    """The folder of a dataset, and who named it."""

    path: Path
    origin: Origin

    @property
    def is_there(self) -> bool:
        """Whether the folder exists and can be looked into."""
        try:
            return self.path.is_dir()
        except OSError:
            return False


def config_folder() -> Path:
    """Return the folder of the user's configuration.

    Raises
    ------
    UserError : when the user has no home folder and none is named.
    """
    if named := os.environ.get(CONFIG):
        return Path(os.path.expanduser(named))
    if base := os.environ.get("XDG_CONFIG_HOME"):
        return Path(base) / "mebench"
    try:
        return Path.home() / ".config" / "mebench"
    except RuntimeError as error:
        raise UserError(f"There is no home folder to remember roots in: set {CONFIG} to a folder.") from error


def find_root(dataset: str) -> Root | None:
    """Return where a dataset lies when the command does not say so, or None.

    Raises
    ------
    UserError : when $MEBENCH_DATA is no folder, or the remembered roots cannot be read.
    """
    if named := os.environ.get(DATA):
        folder = Path(os.path.expanduser(named))
        if not folder.is_dir():
            raise UserError(f"{DATA}={named} is no folder: name the one that holds your datasets, or unset it.")
        if (folder / dataset).is_dir():
            return Root(folder / dataset, "MEBENCH_DATA")
    return remembered_roots().get(dataset)


def remembered_roots() -> dict[str, Root]:
    """Return the remembered roots by dataset id; none where nothing has been remembered.

    Raises
    ------
    UserError : when the file cannot be read.
    """
    try:
        path = config_folder() / FILE
        roots = _checked(parse_object(read_bounded(path, _LARGEST)))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except UserError:
        return {}  # no home folder: then nothing can have been remembered
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(
            f"{path} cannot be read ({_reason(error)}): mend it, or remove it and name the roots again."
        ) from error
    return {id: Root(Path(folder), "remembered") for id, folder in sorted(roots.items())}


def _checked(raw: Mapping[str, Any]) -> Mapping[str, str]:
    if not isinstance(raw.get("roots"), dict) or not isinstance(raw.get("schema"), int):
        raise ValueError('it is no object with "schema" and "roots"')
    if raw["schema"] > SCHEMA:
        raise ValueError(f"it has schema {raw['schema']}, this mebench reads up to {SCHEMA}")
    roots = raw["roots"]
    if wrong := [id for id, folder in roots.items() if not isinstance(folder, str) or not folder]:
        raise ValueError(f"the root of {wrong[0]} is no text")
    return roots


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def remember_root(dataset: str, folder: Path | None) -> None:
    """Remember where a dataset lies, or forget it where no folder is given.

    Raises
    ------
    UserError : when the folder does not exist, nothing was remembered, or the configuration cannot be written.
    """
    roots = {id: str(root.path) for id, root in remembered_roots().items()}
    if folder is None:
        if dataset not in roots:
            raise UserError(f"No root of {dataset} is remembered: see `mebench data root`.")
        del roots[dataset]
    else:
        if not folder.is_dir():
            raise UserError(f"The folder {folder} does not exist: give the folder that holds {dataset}.")
        roots[dataset] = str(folder.resolve())
    text = json.dumps({"schema": SCHEMA, "roots": roots}, indent=1, sort_keys=True) + "\n"
    write_atomic(config_folder() / FILE, text)


def missing_root(dataset: str) -> UserError:
    """Return what to tell the user when a dataset needs a root and none is known."""
    return UserError(
        f"{dataset} is read from your licensed copy: add --root DIR, or remember it with `mebench data root "
        f"{dataset} DIR`."
    )
