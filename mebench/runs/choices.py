"""From what the user typed to what is run: specs, roots, and the settings file.

The settings file is TOML with the tables `[method]` and `[dataset]`, or `[dataset.ID]` where there are several. What is
typed as `ID:key=value` wins over the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mebench.datasets.catalogue import DATASETS
from mebench.errors import Faults, UserError, did_you_mean
from mebench.runs.places import fixed
from mebench.runs.roots import find_root, missing_root
from mebench.runs.spec import DatasetChoice
from mebench.schema.json_text import read_toml
from mebench.settings import Spec, parse_spec


def read_settings(path: Path | None) -> Mapping[str, Mapping[str, Any]]:
    """Read a settings file; without one there are no settings.

    Raises
    ------
    UserError : when it cannot be read, is no TOML, or has a table that nobody reads.
    """
    if path is None:
        return {}
    try:
        loaded = read_toml(path, "mend it, or give another --config")
    except FileNotFoundError as error:
        raise UserError(f"The settings file {path} cannot be read ({error.strerror}): check the path.") from error
    for name, table in loaded.items():
        if name not in ("method", "dataset") or not isinstance(table, dict):
            raise UserError(f"{path}: {name!r} is not a table [method] or [dataset].{did_you_mean(name, _TABLES)}")
    return loaded


_TABLES = ("method", "dataset")


def choose_method(text: str, settings: Mapping[str, Mapping[str, Any]] | None = None) -> Spec:
    """Return a method's id and options."""
    spec = parse_spec(text)
    return Spec(spec.id, {**(settings or {}).get("method", {}), **spec.options})


def choose_datasets(
    texts: Sequence[str], roots: Sequence[str] = (), settings: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[DatasetChoice, ...]:
    """Return the chosen datasets with their options and roots.

    Parameters
    ----------
    texts : `ID` or `ID:key=value,...` of each dataset.
    roots : `DIR` of each dataset in the same order, or `ID=DIR` of those that need one.
    settings : what `read_settings` returned.

    Raises
    ------
    UserError : when a root cannot be told to belong to a dataset.
    """
    specs = [parse_spec(text) for text in texts]
    folders = _match_roots([spec.id for spec in specs], roots)
    shared = (settings or {}).get("dataset", {})
    own = {key for key, value in shared.items() if isinstance(value, dict)}
    if stray := own - {spec.id for spec in specs}:
        name = min(stray)
        raise UserError(
            f"The settings file has a table [dataset.{name}], but {name} is not among the datasets: remove it."
        )
    common = {key: value for key, value in shared.items() if key not in own}
    faults = Faults()
    found = [folders.get(spec.id) or faults.attempt(_usual_root, spec.id) for spec in specs]
    faults.refuse()
    return tuple(
        DatasetChoice(spec.id, {**common, **shared.get(spec.id, {}), **spec.options}, root)
        for spec, root in zip(specs, found, strict=True)
    )


def _usual_root(id: str) -> Path | None:
    """Return where a dataset that needs a root lies when the command does not say so.

    Raises
    ------
    UserError : for an unknown dataset, a root that has gone, or one that nobody has named.
    """
    if id not in DATASETS or not DATASETS.get(id).needs_root:
        return None  # an unknown name is told by whoever opens it
    root = find_root(id)
    if root is None:
        raise missing_root(id)
    if not root.is_there:
        raise UserError(
            f"The root of {id} that was remembered, {root.path}, is gone: mount it, or name another with `mebench data "
            f"root {id} DIR`."
        )
    return fixed(root.path)


def _takes_no_root(id: str) -> bool:
    """Tell whether a dataset is known to be rendered, so that there is nothing on disk to read it from."""
    if id not in DATASETS or DATASETS.reason(id) is not None:
        return False
    found = DATASETS.get(id)
    return found.rendered and not found.needs_root


def _match_roots(ids: Sequence[str], roots: Sequence[str]) -> dict[str, Path]:
    takers = [id for id in ids if not _takes_no_root(id)]
    if roots and ids and not takers:
        said = "is rendered and reads" if len(ids) == 1 else "are rendered and read"
        raise UserError(f"{' and '.join(ids)} {said} nothing of {roots[0]}: leave its --root out.")
    named = {}
    for root in roots:
        id, equals, folder = root.partition("=")
        if equals and id in ids:
            named[id] = fixed(Path(folder))
        elif equals and id in DATASETS:
            raise UserError(
                f"--root {root} is of {id}, which takes no part in this command: leave it out, or name one of "
                f"{', '.join(takers)}."
            )
        elif equals and id.isidentifier() and not Path(root).exists():
            raise UserError(
                f"--root {root}: there is no dataset {id!r}. Before the = write one of {', '.join(takers)}; a folder "
                f"of this very name is written ./{root}."
            )
    if len(named) == len(roots):
        return named
    if not named and len(roots) == len(ids):
        return {id: fixed(Path(root)) for id, root in zip(ids, roots, strict=True)}
    raise UserError(f"{len(roots)} --root for {len(ids)} datasets: write --root ID=DIR for each that needs one.")
