"""`mebench describe ID`: what something is, and its settings, each with its default, unit and source."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from mebench.cli.catalogues import KINDS, registry
from mebench.cli.describe_data import data_ids, shows_of
from mebench.cli.options import plugin
from mebench.cli.say import say
from mebench.cli.tables import print_text
from mebench.errors import UserError, near
from mebench.registry import Entry
from mebench.settings import describe_config, parse_spec

_SECTION = re.compile(r"\n[^\n]+\n-{3,}")
"""The heading of a docstring's part for those who write code; what stands above it is for everybody."""

_CHOSEN = {"landmark detector": "METHOD:landmarks={}", "action-unit detector": "au_sum:detector={}"}
"""How a method is told to use what has no command of its own, by kind."""

_AUTO = re.compile(r"\bauto:")
"""Where a setting says what is done when it is left open; `auto` and `none` are typed for the same."""


@click.command()
@click.argument("id")
@plugin
def describe(id: str, plugins: tuple[Path, ...]) -> None:
    """Describe what is called ID.

    That is a method, dataset, protocol, metric, action-unit or landmark detector, executor, table of a paper, or
    convention.
    """
    spec = parse_spec(id)
    if spec.options:
        raise UserError(f"{id} gives settings, which are described and not set here: give {spec.id} alone.")
    name = spec.id
    registries = [registry(kind) for kind in KINDS]
    shows: list[Callable[[], None]] = [
        functools.partial(_show, found.kind, found.entry(name), found.get(name))
        for found in registries
        if name in found
    ]
    shows += shows_of(name, lambda row: _show_setting(*row))
    if not shows:
        known = {*(entry.id for found in registries for entry in found.entries()), *data_ids()}
        raise UserError(
            "There is no method, dataset, protocol, metric, action-unit detector, landmark detector, executor, table "
            f"or convention {name!r}.{near(name, known) or ' See mebench list --help.'}"
        )
    for i, show in enumerate(shows):  # OpenFace gives action units and landmarks
        if i:
            say("")
        show()


def _show(kind: str, entry: Entry, plug_in: Any) -> None:
    print_text(f"{entry.id} ({kind}, version {getattr(plug_in, 'version', '1')}, from {entry.origin})")
    summary = in_words(entry.summary or getattr(plug_in, "summary", ""))
    print_text(summary)
    for paragraph in told(plug_in):
        if paragraph.rstrip(".").lower() != summary.rstrip(".").lower():
            print_text(f"\n{paragraph}")
    for line in _facts(kind, plug_in):
        print_text(line)
    config = getattr(plug_in, "Config", None)
    rows = list(describe_config(config)) if config is not None else []
    if rows:
        written = "for Python code" if kind in _CHOSEN else "written ID:name=value"
        say(f"\nsettings, {written}, with their defaults and units:")
        for row in rows:
            _show_setting(*row)
    _show_presets(kind, plug_in)


def _facts(kind: str, plug_in: Any) -> Iterator[str]:
    """Yield what else stands on a plug-in, a line each."""
    if task := getattr(plug_in, "task", "") or ", ".join(getattr(plug_in, "tasks", ())):
        yield f"\ntask: {task}"
    if paper := getattr(plug_in, "paper", ""):
        yield f"paper: {paper}"
    if kind == "method":
        yield from plug_in.facts()
    if kind in _CHOSEN:
        yield f"\nused by a setting of a method: {_CHOSEN[kind].format(plug_in.id)}"
    if kind == "metric":
        yield from _facts_of_metric(plug_in)
    if sources := getattr(plug_in, "sources", ()):
        yield "sources:\n" + "\n".join(f"  {source}" for source in sources)
    if preset := getattr(plug_in, "published_convention", ""):
        yield f"published numbers are recomputed with --convention {preset}"
    if outside := _outside(plug_in):
        yield outside
    if getattr(plug_in, "needs_root", False):
        yield f"read from your licensed copy: --root DIR, or once mebench data root {plug_in.id} DIR"


def _facts_of_metric(metric: Any) -> Iterator[str]:
    low, high = ("any" if end is None else f"{end:g}" for end in metric.bounds)
    yield f"range: {low} to {high}, {'more' if metric.higher_is_better else 'less'} is better"
    if metric.source:
        yield f"source: {metric.source}"
    if metric.needs:
        yield f"needs: {metric.needs}"


def told(plug_in: Any) -> list[str]:
    """Return what a plug-in's docstring says to everybody, in paragraphs."""
    import inspect

    own = plug_in if isinstance(plug_in, type) else type(plug_in)
    text = inspect.cleandoc(own.__dict__.get("__doc__") or "")
    above = _SECTION.split(f"\n{text}", maxsplit=1)[0]
    return [" ".join(in_words(part).split()) for part in above.split("\n\n") if part.strip()]


def in_words(text: str) -> str:
    """Return a text without the marks of code."""
    return re.sub(r"``?([^`]*)``?", r"\1", text)


def _show_setting(name: str, default: Any, doc: str, unit: str, source: str) -> None:
    shown = "auto" if default is None and _AUTO.search(doc) else _text(default)
    print_text(f"  {name}={shown}" + (f" ({unit})" if unit else ""))
    said = in_words(doc).rstrip(".") or "not documented"
    print_text(f"{said}. Source: {in_words(source).rstrip('.')}." if source else f"{said}.", indent="      ")


def _show_presets(kind: str, plug_in: Any) -> None:
    presets = getattr(plug_in, "presets", {}) if kind == "method" else {}
    for dataset, values in sorted(presets.items()):
        print_text(f"\n{_who_set(dataset)} {dataset}: {_listed(values)}")
    profiles = getattr(plug_in, "profiles", {}) if kind == "method" else {}
    for profile, values in sorted(profiles.items()):
        print_text(f"\nprofile={profile} sets: {_listed(values)}; what is given beside it wins")
        kept = " what mebench has chosen for rendered datasets, and" if any(map(_is_rendered, presets)) else ""
        print_text(f"it keeps{kept} every other setting whose source is mebench's choice, which the text leaves open")


def _who_set(dataset: str) -> str:
    """Return whose settings for a dataset are: no paper speaks of rendered faces."""
    return "mebench's choice, and no published recipe, for" if _is_rendered(dataset) else "published for"


def _is_rendered(dataset: str) -> bool:
    from mebench.datasets.catalogue import DATASETS

    return dataset in DATASETS and DATASETS.get(dataset).rendered


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_text(value)}" for name, value in sorted(values.items()))


def _text(value: Any) -> str:
    """Write a default the way it would be typed."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value) or '""'


def _outside(plug_in: Any) -> str:
    """Return what a protocol of intervals does with those that reach outside their video, else nothing."""
    rule = getattr(getattr(plug_in, "convention", None), "outside", "")
    if not rule:
        return ""
    others = [name for name, rules in plug_in.presets().items() if rules.outside != rule]
    exceptions = f"; not so with --convention {', '.join(others)}" if others else ""
    done = {"clip": "clipped to it", "keep": "compared as written"}[rule]
    return f"intervals that reach outside their video are {done} (outside={rule}){exceptions}"
