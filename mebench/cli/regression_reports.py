"""Regression reports for a pull request (Markdown) and for a CI server (JUnit XML)."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from mebench.analysis.regression import Comparison, Row
from mebench.cli.formats import escaped, markdown_table
from mebench.plain import plain_lines

HEADER = ("score", "baseline", "new", "allowed", "verdict")


def summary(found: Sequence[Comparison]) -> str:
    """Return one line: how many cards were checked, fell, and could not be compared."""
    fell = sum(comparison.fell for comparison in found)
    apart = sum(bool(comparison.errors) and not comparison.faults for comparison in found)
    more = f", {apart} could not be compared" if apart else ""
    return f"{len(found)} checked, {fell} failed{more}."


def cells(row: Row) -> list[str]:
    """Return a row as text: counts whole, scores with six digits."""
    return [f"{row.metric} of {row.scope}", _number(row.baseline), _number(row.new), f"{row.allowed:.2g}", row.verdict]


def _number(value: float | None) -> str:
    return "" if value is None else str(value) if isinstance(value, int) else f"{value:.6f}"


def verdict(comparison: Comparison) -> str:
    """Return `ok`, `INCONSISTENT`, `FAILED` or `NOT COMPARABLE`."""
    if comparison.faults:
        return "INCONSISTENT"
    return "ok" if comparison.ok else "NOT COMPARABLE" if comparison.errors else "FAILED"


def markdown(found: Sequence[Comparison], everything: bool = False) -> str:
    """Return the report for a pull request: a heading for each card and a table of what moved."""
    parts = [f"### mebench check: {summary(found)}\n"]
    for comparison in found:
        parts.append(f"**{escaped(comparison.title)}**: {verdict(comparison)}\n")
        if lines := (*comparison.faults, *comparison.errors, *comparison.notes):
            parts.append("".join(f"- {escaped(line)}\n" for line in lines))
        if rows := comparison.rows if everything else comparison.moved:
            parts.append(markdown_table(HEADER, [cells(row) for row in rows]))
    return "\n".join(parts)


def junit(found: Sequence[Comparison]) -> str:
    """Return the report as JUnit XML: a test case for each card, a failure where a number fell, else an error."""
    suite = ElementTree.Element(
        "testsuite",
        name="mebench check",
        tests=str(len(found)),
        failures=str(sum(comparison.fell for comparison in found)),
        errors=str(sum(bool(comparison.errors) and not comparison.faults for comparison in found)),
    )
    for comparison in found:
        case = ElementTree.SubElement(suite, "testcase", classname="mebench.check", name=plain_lines(comparison.title))
        failed = [row for row in comparison.rows if row.failed]
        if comparison.faults:
            failure = ElementTree.SubElement(case, "failure", message=plain_lines(comparison.faults[0]))
            failure.text = plain_lines("\n".join(comparison.faults))
        elif comparison.errors:
            error = ElementTree.SubElement(case, "error", message=plain_lines(comparison.errors[0]))
            error.text = plain_lines("\n".join(comparison.errors))
        elif failed:
            message = f"{len(failed)} numbers moved, first {' '.join(cells(failed[0])[:1])}"
            failure = ElementTree.SubElement(case, "failure", message=plain_lines(message))
            lines = ["  ".join(cell or "-" for cell in cells(row)) for row in failed]
            failure.text = plain_lines("\n".join([*lines, *comparison.notes]))
        elif comparison.moved or comparison.notes:
            lines = ["  ".join(cell or "-" for cell in cells(row)) for row in comparison.moved]
            ElementTree.SubElement(case, "system-out").text = plain_lines("\n".join([*lines, *comparison.notes]))
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"
