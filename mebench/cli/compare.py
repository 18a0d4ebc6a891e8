"""`mebench compare`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.say import say


@click.command()
@click.argument("first", metavar="A", type=click.Path(path_type=Path))
@click.argument("second", metavar="B", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "markdown", "json"]),
    default="table",
    show_default=True,
    help="How the differences are written.",
)
@options.plugin_loaded
def compare(first: Path, second: Path, form: str) -> None:
    """Tell whether scorecards A and B, or those of two runs, differ by more than chance."""
    from mebench.analysis.compare import compare_cards
    from mebench.errors import Faults
    from mebench.runs.store import SCORECARD
    from mebench.schema.plain_json import to_plain
    from mebench.schema.scorecard import Scorecard

    faults = Faults()
    a, b = (faults.attempt(Scorecard.read, path / SCORECARD if path.is_dir() else path) for path in (first, second))
    faults.refuse()
    assert a is not None
    assert b is not None
    comparison = compare_cards(a, b)
    if form == "json":
        say(json.dumps(to_plain(comparison), indent=1, sort_keys=True))
        return
    from mebench.cli.formats import escaped, markdown_table
    from mebench.cli.tables import UNDEFINED, print_table, print_text
    from mebench.plain import plain_text

    header = ["score", "A", "B", "A - B", "95% interval", "p"]
    rows = [
        [
            f"{d.metric} of {d.scope}",
            UNDEFINED if d.first is None else f"{d.first:.4f}",
            UNDEFINED if d.second is None else f"{d.second:.4f}",
            "" if d.difference is None else f"{d.difference:+.4f}",
            f"[{d.ci95[0]:+.3f}, {d.ci95[1]:+.3f}]" if d.ci95 else "",
            "" if d.p is None else f"{d.p:.4f}",
        ]
        for d in comparison.differences
    ]
    people = f"{comparison.subjects} subject{'' if comparison.subjects == 1 else 's'}"
    title = plain_text(f"{comparison.dataset} under {comparison.protocol}, {people}", 1000)
    rule = "Intervals: paired bootstrap over subjects. p: counts of A and B swapped subject by subject, two-sided."
    lines = [plain_text(f"{side}: {name}", 1000) for side, name in (("A", comparison.first), ("B", comparison.second))]
    if form == "markdown":
        say(f"**{escaped(title)}**\n\n" + "".join(f"- {escaped(line)}\n" for line in lines))
        say(markdown_table(header, rows))
    else:
        print_text("\n".join([title, *lines]))
        print_table(header, rows)
    print_text("\n".join([rule, *comparison.notes]))
