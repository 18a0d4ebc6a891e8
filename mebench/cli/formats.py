"""Text that is safe in Markdown for pull requests."""

from __future__ import annotations

from collections.abc import Sequence

from mebench.plain import plain_text


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose first column is text and whose other columns are right-aligned."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "".join("| " + " | ".join(escaped(cell) for cell in line) + " |\n" for line in lines)


def escaped(cell: str) -> str:
    """Return text that is one cell and no markup, whatever a card says."""
    flat = plain_text(cell, 1000)
    return "".join(f"\\{c}" if c in "\\|`*_<>[]#" else c for c in flat)
