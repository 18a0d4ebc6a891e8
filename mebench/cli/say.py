"""The one place where text leaves for the terminal: whoever wrote it, it cannot steer one."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path

import click

from mebench.cli.layout import can_show
from mebench.plain import plain_lines

LONGEST_LINE = 2_000
"""Characters of one line of an error; names of a megabyte would push the sentence off the screen."""


def say(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print text on stdout, or stderr, without escapes, controls, and invisible or direction-changing characters.

    What the encoding of the terminal lacks is written as in JSON.
    """
    plain = plain_lines(text)
    click.echo(plain if can_show(plain, sys.stderr if err else sys.stdout) else _escaped(plain), err=err, nl=nl)


def _escaped(text: str) -> str:
    """Return ASCII; characters beyond it as JSON writes them, so that JSON stays JSON."""
    return "".join(c if c.isascii() else json.dumps(c)[1:-1] for c in text)


def shown(path: Path) -> Path:
    """Return a path the shorter way: below the working folder from there."""
    with contextlib.suppress(ValueError, OSError):
        return path.relative_to(Path.cwd())
    return path


def complain(text: str, hint: str = "") -> None:
    """Print an error on stderr; what is told of lines of a file stands on lines of its own, cut where it is huge."""
    lines = [line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + " ..." for line in text.split("\n")]
    say(f"Error: {chr(10).join(lines)}{hint}", err=True)
