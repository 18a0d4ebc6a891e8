"""From what the user asked for to what is run; everything that is wrong with it is told at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mebench.datasets.catalogue import DATASETS
from mebench.errors import Faults, UserError
from mebench.frames.usage import default_root
from mebench.methods.catalogue import METHODS
from mebench.protocols.catalogue import PROTOCOLS
from mebench.runs.choices import choose_datasets, choose_method, read_settings
from mebench.runs.executors.base import Executor
from mebench.runs.executors.catalogue import EXECUTORS
from mebench.runs.executors.local import Local
from mebench.runs.places import fixed
from mebench.runs.resolve import resolve_method
from mebench.runs.resources import resolve_device
from mebench.runs.spec import DatasetChoice, RunSpec
from mebench.settings import Spec, parse_spec


@dataclasses.dataclass(frozen=True)
class Arguments:
    """The arguments of `run.run`, as they were typed."""

    method: str
    datasets: tuple[str, ...]
    training: tuple[str, ...]
    also: tuple[Path, ...]
    roots: tuple[str, ...]
    protocol: str
    device: str
    executor: str
    seed: int
    cache: Path | None
    settings: Path | None
    plugins: tuple[Path, ...]


def checked(asked: Arguments) -> tuple[RunSpec, type[Executor]]:
    """Return what is run and by what; its paths no longer depend on the working folder, which a plug-in may change.

    Raises
    ------
    UserError : with all that is wrong with the arguments, settings of methods and datasets included.
    """
    faults = Faults()
    table = faults.attempt(read_settings, asked.settings) or {}
    chosen = faults.attempt(choose_method, asked.method, table)
    known = chosen is not None and faults.attempt(METHODS.entry, chosen.id) is not None
    both = _datasets(asked, table, faults)
    if asked.protocol:
        faults.attempt(PROTOCOLS.get, asked.protocol)
    where = faults.attempt(resolve_device, asked.device)
    pool = faults.attempt(EXECUTORS.get, asked.executor)
    if known and faults:
        assert chosen is not None
        _try_method(chosen, asked, faults)
    faults.refuse()
    assert chosen is not None
    assert both is not None
    assert pool is not None
    assert where is not None
    tested = both[: len(asked.datasets)]
    spec = RunSpec(
        chosen.id,
        chosen.options,
        tested,
        asked.seed,
        where,
        _cache(asked.cache),
        tuple(path.resolve() for path in asked.plugins),
        both[len(asked.datasets) :],
        tuple(sorted((path.resolve() for path in asked.also), key=lambda path: (path.name, path))),
        asked.protocol,
    )
    return spec, pool


def _datasets(
    asked: Arguments, table: Mapping[str, Mapping[str, Any]], faults: Faults
) -> tuple[DatasetChoice, ...] | None:
    """Return the tested datasets, then those for training; each is opened once to see that it can be."""
    texts = [*asked.datasets, *asked.training]
    if not asked.datasets:
        faults.note("A run needs a dataset: add --dataset ID.")
    ids = [spec.id for spec in filter(None, (faults.attempt(parse_spec, text) for text in texts))]
    for id in ids:
        faults.attempt(DATASETS.get, id)
        if ids.count(id) > 1:
            faults.note(f"The dataset {id!r} is given twice: give each --dataset and --train once.")
    both = faults.attempt(choose_datasets, texts, asked.roots, table)
    for choice in both or ():
        if choice.id in DATASETS and DATASETS.reason(choice.id) is None:
            faults.attempt(DATASETS.get(choice.id).open, choice.root, choice.options)
    return both


def _try_method(chosen: Spec, asked: Arguments, faults: Faults) -> None:
    """Add what is wrong with the settings of the method to what else is wrong, in a process that may import it."""
    plugins = tuple(path.resolve() for path in asked.plugins)
    spec = RunSpec(chosen.id, chosen.options, (), asked.seed, plugins=plugins)
    names = [text.partition(":")[0].strip() for text in (*asked.datasets, *asked.training)]
    with Local(1) as own:
        faults.attempt(resolve_method, spec, dict.fromkeys(names or [""], ()), own)


def _cache(asked: Path | None) -> Path | None:
    """Return the folder of the frame cache; None where there is no home folder, which is told if it is needed."""
    try:
        return fixed(asked or default_root())
    except (RuntimeError, UserError):
        return None


def in_order(spec: RunSpec, paired: bool) -> RunSpec:
    """Return a spec whose datasets are in the order of their ids, so that the order in which they are typed is nothing.

    Parameters
    ----------
    spec : what is run.
    paired : whether the first dataset for training is for the first tested one, and so on; pairs stay together.

    Raises
    ------
    UserError : when pairs are asked for, and there are not as many of one as of the other.
    """
    tested, training = list(spec.datasets), list(spec.training)
    if paired and len(training) > 1:
        if len(training) != len(tested):
            raise UserError(
                f"{len(training)} --train for {len(tested)} --dataset: give one --train for all, or one for each in "
                "turn."
            )
        pairs = sorted(zip(tested, training, strict=True), key=lambda pair: pair[0].id)
        tested, training = [a for a, _ in pairs], [b for _, b in pairs]
    else:
        tested, training = (_by_id(choices) for choices in (tested, training))
    return dataclasses.replace(spec, datasets=tuple(tested), training=tuple(training))


def _by_id(choices: Sequence[DatasetChoice]) -> list[DatasetChoice]:
    return sorted(choices, key=lambda choice: choice.id)
