"""Text that is safe where it goes: Markdown for pull requests, XML, a terminal."""

from __future__ import annotations

from collections.abc import Sequence


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose first column is text and whose other columns are right-aligned."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "".join("| " + " | ".join(escaped(cell) for cell in line) + " |\n" for line in lines)


def escaped(cell: str) -> str:
    """Return text that is one cell and no markup, whatever a card says."""
    flat = " ".join(cell.split())
    return "".join(f"\\{c}" if c in "\\|`*_<>[]#" else c for c in flat)


def printable(text: str) -> str:
    """Return text without control characters, which XML cannot hold and a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)
