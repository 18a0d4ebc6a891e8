"""A reproduced table as Markdown, LaTeX or HTML: published, ours, difference; then what can be said of it."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Callable, Sequence

from mebench.reproduce.carry_out import Carried, Cell
from mebench.reproduce.expected import CHANGED, changed_files, files_of, published_value, was_printed
from mebench.reproduce.judge import ABOVE_ZERO, QUOTED, REPLACED, Judged, Pair, counted, judge
from mebench.reproduce.table import Column
from mebench.settings import parse_spec

HEADER = ("row", "dataset", "score", "published", "ours", "95% interval", "difference")

UNDEFINED = "undefined"
"""What stands for a score of 0/0."""


@dataclasses.dataclass(frozen=True)
class Line:
    """One value of the table; NaN-free: what is not there is None, and so is a value of 0/0, which is `undefined`."""

    row: str
    dataset: str
    score: str
    published: float | None
    ours: float | None
    ci95: tuple[float, float] | None
    undefined: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as text, in the order of `HEADER`."""
        difference = None if self.published is None or self.ours is None else self.ours - self.published
        interval = "" if self.ci95 is None else f"[{_number(self.ci95[0])}, {_number(self.ci95[1])}]"
        shown = (_number(self.published), UNDEFINED if self.undefined else _number(self.ours), interval)
        return (self.row, self.dataset, self.score, *shown, "" if difference is None else f"{difference:+z.4f}")


@dataclasses.dataclass(frozen=True)
class Fact(Line):
    """A line whose values are no scores; `shown` holds its cells."""

    shown: tuple[str, ...] = ()

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as text, in the order of the report's header."""
        return self.shown


@dataclasses.dataclass(frozen=True)
class Report:
    """Everything that is shown of a reproduced table.

    Attributes
    ----------
    title, paper : what it is.
    lines : its values.
    judged : its findings.
    missing : what is missing, one sentence for each reason; empty when everything ran.
    count : how many runs and values are missing.
    header : names of the columns of the lines' cells; the first three hold text.
    note : what a reader should know besides; empty for nothing.
    said : what else can be said, line by line, such as findings that no run stands behind.
    """

    title: str
    paper: str
    lines: tuple[Line, ...]
    judged: tuple[Judged, ...]
    missing: tuple[str, ...]
    count: int = 0
    header: tuple[str, ...] = HEADER
    note: str = ""
    said: tuple[str, ...] = ()


def report_of(carried: Carried) -> Report:
    """Put published and own values side by side, and judge the findings.

    Values are compared only on the datasets that the table was printed for.
    """
    table, lines = carried.table, []
    missing: list[tuple[str, str]] = []
    if not carried.replaced:
        missing += [(f"published values of {name}", CHANGED) for name in changed_files(files_of(table))]
    for cell in carried.cells:
        where = f"{cell.row.label} on {cell.dataset}"
        if cell.missing and cell.row.method:
            missing.append((where, cell.missing))
        for column in table.columns:
            published = None if carried.replaced else published_value(cell.row, parse_spec(cell.dataset).id, column)
            if published is None and was_printed(cell.row, column) and not carried.replaced:
                missing.append((where, f"no published {column.metric} {column.scope}.".replace(" .", ".")))
            lines.append(_line(cell, column, published))
    found = judge(carried)
    missing += [(f"{judged.finding.text} {pair.name}", _fix(pair)) for judged in found for pair in _unjudged(judged)]
    return Report(table.title, table.paper, tuple(lines), found, _by_reason(missing), len(missing), note=table.note)


def _unjudged(judged: Judged) -> list[Pair]:
    """Return the differences that the chosen data cannot show, though every run is there.

    What compares the datasets of the paper is not among them once `--on` replaces these: then nothing is missing that
    the same command could give.
    """
    return [p for p in judged.pairs if p.difference is None and not p.of_run and p.why_not not in (QUOTED, REPLACED)]


def _fix(pair: Pair) -> str:
    """Return why there is no difference, and what would give one."""
    return pair.why_not if pair.why_not.endswith(".") else f"{pair.why_not}: choose data with more subjects or events."


def _by_reason(missing: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return what is missing, all that has one reason in one sentence."""
    reasons = dict.fromkeys(reason for _, reason in missing)
    return tuple(f"{'; '.join(what for what, why in missing if why == reason)}: {reason}" for reason in reasons)


def _line(cell: Cell, column: Column, published: float | None) -> Line:
    score = None if cell.card is None else cell.card.find(column.metric, column.scope)
    ours = score.value if score is not None and score.defined else None
    ci95 = None if score is None or ours is None else score.ci95
    label = f"{cell.row.label} (incomplete)" if cell.card is not None and cell.missing else cell.row.label
    undefined = score is not None and not score.defined
    return Line(label, cell.dataset, f"{column.metric} {column.scope}".strip(), published, ours, ci95, undefined)


def sentences(report: Report) -> list[str]:
    """Return what can be said of each finding, with the intervals, and what is missing."""
    said = []
    for judged in report.judged:
        count = counted(judged.pairs, values=judged.finding.about is not None)
        said.append(f"{judged.verdict}: {judged.finding.text} ({count})")
        said += [f"    {_of_pair(pair)}" for pair in judged.pairs]
    return [*said, *report.said, *(f"missing: {text}" for text in report.missing)]


def _of_pair(pair: Pair) -> str:
    if pair.difference is None:
        return f"{pair.name}: {pair.why_not}"
    d, low, high = pair.difference, *pair.claimed
    sign = "+" if pair.claimed == ABOVE_ZERO else ""
    ends = "no interval" if d.ci95 is None else f"[{d.ci95[0]:{sign}z.4f}, {d.ci95[1]:{sign}z.4f}]"
    where = "" if pair.claimed == ABOVE_ZERO else f", claimed {low:g} to {high:g}"
    return f"{pair.name}: {d.difference:{sign}z.4f} {ends}{where}"


def as_markdown(report: Report) -> str:
    """Return the report as Markdown."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    table = [
        line(report.header),
        line(["---"] * 3 + ["---:"] * (len(report.header) - 3)),
        *(line(x.cells) for x in report.lines),
    ]
    said = [f"{'  ' if text.startswith(' ') else ''}- {text.strip()}" for text in sentences(report)]
    return "\n".join([f"## {report.title}", *filter(None, (report.paper, report.note)), "", *table, "", *said])


_LATEX = {"&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
          "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}  # fmt: skip


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in text)


def as_latex(report: Report) -> str:
    """Return the report as a LaTeX table, for the package booktabs."""

    def line(cells: Sequence[str]) -> str:
        return " & ".join(map(_latex, cells)) + r" \\"

    body = [line(report.header), r"\midrule", *(line(x.cells) for x in report.lines)]
    caption = rf"\caption{{{_latex(report.title)} ({_latex(report.paper)})}}"
    said = [f"% {text}" for text in filter(None, (report.note, *sentences(report)))]
    head = [
        r"\begin{table}",
        r"\centering",
        caption,
        rf"\begin{{tabular}}{{lll{'r' * (len(report.header) - 3)}}}",
        r"\toprule",
    ]
    return "\n".join([*head, *body, r"\bottomrule", r"\end{tabular}", r"\end{table}", *said])


def as_html(report: Report) -> str:
    """Return the report as a page of its own that needs no network."""

    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    style = (
        "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
        "table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;border-bottom:1px solid #ccc;"
        "text-align:right}th:nth-child(-n+3),td:nth-child(-n+3){text-align:left}"
    )
    said = "".join(f"<li>{html.escape(text.strip())}</li>" for text in sentences(report))
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="en"><head><meta charset="utf-8"><title>{html.escape(report.title)}</title>',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<style>{style}</style></head>",
            f"<body><h1>{html.escape(report.title)}</h1><p>{html.escape(report.paper)}</p><p>{html.escape(report.note)}</p>",
            '<div style="overflow-x:auto"><table>',
            f"<thead>{line(report.header, 'th')}</thead><tbody>",
            *(line(x.cells, "td") for x in report.lines),
            f"</tbody></table></div><ul>{said}</ul></body></html>",
        ]
    )


FORMATS: dict[str, Callable[[Report], str]] = {
    "markdown": as_markdown,
    "latex": as_latex,
    "html": as_html,
}


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:z.4f}"
