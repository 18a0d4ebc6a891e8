"""Tables and lists of names as lines of text that fit a terminal; nothing in them is ever cut.

Conventions
-----------
Widths are in cells of a terminal: a Chinese character takes two. Where a table is too wide its columns are folded: the
first ones stand in a block, the next ones below it, and every block begins with the labels of its rows. What is wider
than a block by itself is broken, at blanks and separators where it has some.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from typing import TextIO

GAP = "  "
NARROWEST = 20
"""Cells that are laid out for at least; on less, the terminal breaks the lines."""

_LABELS = 0.4
"""Share of the width that labels may take before they are broken."""

_NUMBER = re.compile(r"[-+.\[]*\d.*|undefined|-|")
_PIECES = re.compile(r"[^,;:/_=-]*[,;:/_=-]*")


def width_of(stream: TextIO | None = None) -> int | None:
    """Return the cells of a line of a terminal, or of $COLUMNS; None where a line may have any length."""
    stream = sys.stdout if stream is None else stream
    columns = shutil.get_terminal_size((80, 24)).columns
    if stream.isatty():
        return max(columns, NARROWEST)
    # What is read by a program, or kept in a file, has one line a row.
    return max(columns, NARROWEST) if os.environ.get("COLUMNS", "").isdecimal() else None


def can_show(text: str, stream: TextIO | None = None) -> bool:
    """Tell whether the encoding of a stream has all characters of a text."""
    stream = sys.stdout if stream is None else stream
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    from rich.cells import cell_len

    return len(text) if text.isascii() else cell_len(text)


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of at most so many cells; it has one line at least."""
    lines = [""]
    for word in text.split():
        together = f"{lines[-1]} {word}" if lines[-1] else word
        if cells(together) <= width:
            lines[-1] = together
            continue
        first, *rest = _broken(word, width)
        lines = [*lines, first, *rest] if lines[-1] else [first, *rest]
    return lines


def _broken(word: str, width: int) -> list[str]:
    """Break a word behind its separators, and anywhere where it has none."""
    if cells(word) <= width:
        return [word]
    lines = [""]
    for piece in filter(None, _PIECES.findall(word)):
        if cells(lines[-1] + piece) > width and lines[-1]:
            lines.append("")
        for character in piece:
            if lines[-1] and cells(lines[-1] + character) > width:
                lines.append("")
            lines[-1] += character
    return lines


def table_lines(header: Sequence[str], rows: Sequence[Sequence[str]], width: int | None, rule: str = "-") -> list[str]:
    """Return a table as lines: labels to the left, numbers to the right, in as many blocks as it takes.

    Parameters
    ----------
    header : of the columns; the first column holds the labels of the rows.
    rows : cells of one line each.
    width : cells of a line; None where a line may have any length.
    rule : the character of the line below the header.
    """
    columns = [_Column([header[i], *(row[i] for row in rows)]) for i in range(len(header))]
    columns[0].is_number = False
    if width is None or sum(c.width for c in columns) + len(GAP) * (len(columns) - 1) <= width:
        return _block(columns, rule)
    labels = columns[0].narrowed(max(int(width * _LABELS), NARROWEST // 2))
    labels.is_number = False
    room = max(width - labels.width - len(GAP), 1)
    blocks: list[list[_Column]] = [[]]
    for column in (c.narrowed(room) for c in columns[1:]):
        if blocks[-1] and sum(c.width + len(GAP) for c in (*blocks[-1], column)) - len(GAP) > room:
            blocks.append([])
        blocks[-1].append(column)
    lines: list[str] = []
    for block in blocks:
        lines += [*([""] if lines else []), *_block([labels, *block], rule)]
    return lines


class _Column:
    """The cells of one column, each as one line or several, with its header first."""

    def __init__(self, texts: Sequence[str], most: int | None = None) -> None:
        self.texts = [" ".join(text.split("\n")) for text in texts]
        self.cells = [[text] if most is None else wrapped(text, most) for text in self.texts]
        self.width = max(cells(line) for cell in self.cells for line in cell)
        self.is_number = all(_NUMBER.fullmatch(text) for text in self.texts[1:])

    def narrowed(self, most: int) -> _Column:
        return self if self.width <= most else _Column(self.texts, most)

    def line(self, row: int, number: int) -> str:
        cell = self.cells[row]
        text = cell[number] if number < len(cell) else ""
        blank = " " * (self.width - cells(text))
        return blank + text if self.is_number else text + blank


def _block(columns: Sequence[_Column], rule: str) -> list[str]:
    lines: list[str] = []
    for row in range(len(columns[0].texts)):
        height = max(len(column.cells[row]) for column in columns)
        for number in range(height):
            lines.append(GAP.join(column.line(row, number) for column in columns).rstrip())
        if row == 0:
            lines.append(rule * (sum(c.width for c in columns) + len(GAP) * (len(columns) - 1)))
    return lines


def pair_lines(pairs: Sequence[tuple[str, str]], width: int | None) -> list[str]:
    """Return names with what is said of each behind them, or below a name where the line is too short for both."""
    longest = max((cells(name) for name, _ in pairs), default=0)
    lines: list[str] = []
    for name, text in pairs:
        if width is None or longest <= width * _LABELS:
            indent = longest + len(GAP)
            said = [text] if width is None else wrapped(text, max(width - indent, 1))
            first, *rest = [name + " " * (indent - cells(name)) + said[0], *(" " * indent + line for line in said[1:])]
        else:
            first, *rest = [*_broken(name, width), *(GAP * 2 + line for line in wrapped(text, width - 4))]
        lines += [line.rstrip() for line in (first, *rest) if line.strip()]
    return lines


def text_lines(text: str, width: int | None, indent: str = "") -> list[str]:
    """Return lines of prose broken at blanks; the blanks that a line begins with stand before all of its parts."""
    lines: list[str] = []
    for line in text.split("\n"):
        margin = indent + " " * (len(line) - len(line.lstrip()))
        parts = [line.strip()] if width is None else wrapped(line, max(width - len(margin), 1))
        lines += [(margin + part).rstrip() for part in parts]
    return lines
