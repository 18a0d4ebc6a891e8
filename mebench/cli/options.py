"""Options that several verbs share."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


class FiniteRange(click.FloatRange):
    """Numbers from a range, of which `nan` and `1e400` are none."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number, or fail as click does."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not finite.", param, ctx)
        return number


def _load_plugins(ctx: click.Context, _: click.Parameter, paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """Load plug-ins before anything is looked up."""
    if paths:
        from mebench.runs.plugins import load_plugin

        for path in paths:
            load_plugin(path)
    return paths


_PLUGIN: dict[str, Any] = {
    "type": click.Path(path_type=Path),
    "multiple": True,
    "metavar": "FILE.py",
    "is_eager": True,
    "callback": _load_plugins,
    "help": "Python file with methods, datasets, protocols or metrics of your own.",
}
plugin = click.option("--plugin", "plugins", **_PLUGIN)
plugin_loaded = click.option("--plugin", "plugins", expose_value=False, **_PLUGIN)
"""For verbs that look things up and need not know which files these came from."""
roots = click.option(
    "--root",
    "roots",
    metavar="DIR",
    multiple=True,
    help="Folder of a licensed dataset; ID=DIR where there are several.",
)
root = click.option("--root", metavar="DIR", type=click.Path(path_type=Path), help="Folder of a licensed dataset.")
first_frame = click.option(
    "--first-frame",
    type=click.Choice(["0", "1"]),
    help="Number that the tables give to the first frame.  [default: what manifest.json says, or 1]",
)
config = click.option(
    "--config",
    "settings",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="TOML file with settings in its tables [method] and [dataset]; see the README.",
)
device = click.option(
    "--device", default="auto", show_default=True, metavar="auto|cpu|cuda", help="Where networks compute."
)
jobs = click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Processes at work at once.  [default: number of cores]"
)
executor = click.option(
    "--executor",
    default="local",
    show_default=True,
    metavar="ID",
    help="Where folds are carried out; see mebench list executors.",
)
seed = click.option(
    "--seed", type=click.IntRange(0), metavar="N", default=0, show_default=True, help="Seed of every random choice."
)
figures_out = click.option(
    "--out", type=click.Path(path_type=Path), default=Path("figures"), show_default=True, metavar="DIR",
    help="Folder of the figure.",
)  # fmt: skip
