"""`mebench describe ID`: a plug-in's settings, each with its default, unit and source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mebench.cli.catalogues import KINDS, registry
from mebench.cli.options import plugin
from mebench.cli.say import say
from mebench.errors import UserError, did_you_mean
from mebench.registry import Entry
from mebench.settings import describe_config, parse_spec


@click.command()
@click.argument("id")
@plugin
def describe(id: str, plugins: tuple[Path, ...]) -> None:
    """Describe the method, dataset, protocol, metric, action-unit or landmark detector, or executor called ID."""
    spec = parse_spec(id)
    if spec.options:
        raise UserError(f"{id} gives settings, which are described and not set here: give {spec.id} alone.")
    name = spec.id
    registries = [registry(kind) for kind in KINDS]
    those = [found for found in registries if name in found]
    if not those:
        known = [entry.id for found in registries for entry in found.entries()]
        raise UserError(
            f"There is no method, dataset, protocol, metric, detector or executor {name!r}.{did_you_mean(name, known)}"
        )
    for i, found in enumerate(those):  # OpenFace gives action units and landmarks
        if i:
            say("")
        _show(found.kind, found.entry(name), found.get(name))


def _show(kind: str, entry: Entry, plug_in: Any) -> None:
    say(f"{entry.id} ({kind}, version {getattr(plug_in, 'version', '1')}, from {entry.origin})")
    say(entry.summary or getattr(plug_in, "summary", ""))
    if paper := getattr(plug_in, "paper", ""):
        say(f"paper: {paper}")
    document = (plug_in.__doc__ or "").strip()
    if document:
        say(f"\n{_dedent(document)}")
    if sources := getattr(plug_in, "sources", ()):
        say("\nsources:\n" + "\n".join(f"  {source}" for source in sources))
    if preset := getattr(plug_in, "published_convention", ""):
        say(f"\npublished numbers are recomputed with --convention {preset}")
    config = getattr(plug_in, "Config", None)
    rows = list(describe_config(config)) if config is not None else []
    if rows:
        _show_settings(rows)
    presets = getattr(plug_in, "presets", {}) if kind == "method" else {}
    for dataset, values in sorted(presets.items()):
        say(f"\npublished for {dataset}: " + ", ".join(f"{k}={v}" for k, v in sorted(values.items())))


def _show_settings(rows: list[tuple[str, Any, str, str, str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("setting", "default", "unit", "what it does", "source", box=box.SIMPLE)
    for name, default, doc, unit, source in rows:
        table.add_row(name, _text(default), unit, doc, source)
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = 160
    console.print(table)


def _text(value: Any) -> str:
    """Write a default the way it would be typed."""
    if isinstance(value, bool):
        return str(value).lower()
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _dedent(text: str) -> str:
    import inspect

    return inspect.cleandoc(text)
