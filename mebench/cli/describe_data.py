"""What is described besides plug-ins: the tables of papers, and the conventions by which predictions are graded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mebench.cli.tables import print_pairs, print_table, print_text
from mebench.settings import config_dict, describe_config

if TYPE_CHECKING:
    from mebench.reproduce.catalogue import Entry
    from mebench.reproduce.measures.table import MeasureTable
    from mebench.reproduce.table import Finding, Row, Table

Show = Callable[[tuple[str, Any, str, str, str]], None]
"""Prints one setting, as `describe_config` yields it."""


def conventions() -> Mapping[str, Mapping[str, Any]]:
    """Return the presets of every task: by the task's id, then by name."""
    from mebench.tasks.catalogue import TASKS

    return {entry.id: TASKS.get(entry.id).convention.presets for entry in TASKS.entries()}


def data_ids() -> list[str]:
    """Return the ids of all tables and conventions, each once."""
    from mebench.reproduce.catalogue import names

    return [*names(), *dict.fromkeys(name for presets in conventions().values() for name in presets)]


def shows_of(name: str, show_setting: Show) -> Iterator[Callable[[], None]]:
    """Yield what prints a table or a convention, one for each of that name.

    Parameters
    ----------
    name : an id; one of what cannot be reproduced raises the reason when it is shown.
    show_setting : prints a rule of a convention.
    """
    from mebench.reproduce.catalogue import find, names

    if name in names():
        yield lambda: _show_entry(find(name))
    for task, presets in conventions().items():
        if name in presets:
            yield lambda task=task, preset=presets[name]: _show_convention(task, name, preset, show_setting)  # type: ignore[misc]


def list_conventions() -> None:
    """Print the conventions of every task with the rules in which they differ from its default."""
    for i, (task, presets) in enumerate(conventions().items()):
        print_text(("\n" if i else "") + task)
        print_pairs([(f"  {name}", _differing(preset) or "the default") for name, preset in presets.items()])


def _differing(preset: Any) -> str:
    return ", ".join(f"{name}={value}" for name, value in preset.differing().items())


def _show_convention(task: str, name: str, preset: Any, show_setting: Show) -> None:
    """Print the rules that differ from the task's default; of the default itself, all."""
    print_text(f"{name} (convention of {task}, fingerprint {preset.fingerprint})")
    differing = preset.differing()
    values = differing or config_dict(preset)
    print_text("rules that differ from those of the default:" if differing else "the default; its rules:")
    for rule, _, *more in describe_config(type(preset)):
        if rule in values:
            show_setting((rule, values[rule], *more))  # type: ignore[arg-type]
    if not values:
        print_text("  none: there is nothing to choose")


def _show_entry(entry: Entry) -> None:
    """Print what a table or figure of a paper is, and what carries it out."""
    from mebench.reproduce.catalogue import Figure
    from mebench.reproduce.measures.table import MeasureTable
    from mebench.reproduce.needs import needs_of
    from mebench.reproduce.table import Table

    if isinstance(entry, Table):
        _show_table(entry)
        return
    if isinstance(entry, MeasureTable):
        _show_measures(entry)
        return
    kind = "figure" if isinstance(entry, Figure) else "table of constants"
    print_text(f"{entry.id} ({kind}, {entry.paper})\n{entry.title}\n")
    if isinstance(entry, Figure):
        print_text(needs_of(entry))
        return
    for constant in entry.constants:
        print_text(f"{constant.label}: {constant.where}", indent="  ")
    print_text(f"\ncompared by mebench reproduce {entry.id}")


def _show_table(table: Table) -> None:
    """Print what a table shows, the runs behind it, and what its paper claims."""
    from mebench.reproduce.carry_out import obstacles

    print_text(f"{table.id} (table, {table.paper})")
    print_text(table.title)
    if table.note:
        print_text(table.note)
    print_text(f"\nprotocol: {table.protocol}\ndatasets: {', '.join(table.datasets)}")
    print_text("scores: " + ", ".join(f"{column.metric} of {column.scope}" for column in table.columns))
    print_table(["row", "method", "settings"], [[row.label, *_run_of(row)] for row in table.rows])
    for method, settings in table.common.items():
        print_text(f"all rows of {method}: {settings}")
    if table.findings:
        print_text("\nfindings:" if table.common else "findings:")
    for finding in table.findings:
        print_text(f"  {finding.text}")
        print_text(_claim_of(table, finding), indent="      ")
    print_text(f"\ncarried out by mebench reproduce {table.id}")
    for reason in obstacles(table):
        print_text(f"  {reason}")


def _claim_of(table: Table, finding: Finding) -> str:
    """Return what is tested of a finding: every metric, and which rows are held against which, or against a value."""
    from mebench.metrics.catalogue import metric_of

    lower_is_better = {name for name in finding.metrics if finding.better and not metric_of(name).higher_is_better}
    metrics = ", ".join(f"{m} (lower is better)" if m in lower_is_better else m for m in finding.metrics)
    higher, lower = ("; ".join(table.row(id).label for id in ids) for ids in (finding.higher, finding.lower))
    where = f" on {', '.join(finding.datasets)}" if finding.datasets else ""
    said = f"{metrics} {finding.scope}: {higher}"
    if finding.about is not None:
        return f"{said} about {finding.about:g} (within {finding.within:g}){where}"
    other = f" of {finding.lower_scope}" if finding.lower_scope else ""
    verb = "better than" if finding.better else "above"
    if finding.lower_dataset:
        return f"{said}{where} {verb} {lower}{other} on {finding.lower_dataset}"
    return f"{said} {verb} {lower}{other}{where}"


def _show_measures(table: MeasureTable) -> None:
    """Print what a table measures, what its paper claims, and what it takes."""
    from mebench.reproduce.measures.take import needs

    print_text(f"{table.id} (table, {table.paper})")
    print_text(table.title)
    print_text(f"\nmeasures: {table.measure}\nof: {', '.join(table.datasets) or 'two folders of OpenFace tables'}")
    if table.note:
        print_text(table.note)
    print_text("findings:" if table.findings else "findings: none")
    for claim in table.findings:
        print_text(f"  {claim.text}")
    print_text(f"\nmeasured by mebench reproduce {table.id}")
    for reason in needs(table):
        print_text(f"  {reason}")


def _run_of(row: Row) -> tuple[str, str]:
    if not row.method:
        return "", row.why_not
    settings = [row.settings, *(f"{id}: {more}" for id, more in row.by_dataset.items())]
    settings += [f"on {id} learns from {', '.join(others)}" for id, others in row.training.items()]
    settings += ["learns from made copies of people as well"] if row.copies else []
    return row.method, "; ".join(filter(None, settings)) or "-"
