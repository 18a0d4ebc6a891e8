"""The one place where text leaves for the terminal: whoever wrote it, it cannot steer one."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import TextIO

import click

from mebench.cli.layout import can_show, text_lines, width_of
from mebench.plain import plain_lines

LONGEST_LINE = 2_000
"""Characters of one line of an error; names of a megabyte would push the sentence off the screen."""

NOBODY_READS = 141
"""Exit code when stdout is closed early, as by `head`: that of a program which the signal of it ends."""


def say(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print text on stdout, or stderr, without escapes, controls, and invisible or direction-changing characters.

    What the encoding of the terminal lacks is written as in JSON. When nobody reads stdout any more the command ends;
    what was to go to a closed stderr is dropped.
    """
    plain = plain_lines(text)
    try:
        click.echo(plain if can_show(plain, sys.stderr if err else sys.stdout) else _escaped(plain), err=err, nl=nl)
    except BrokenPipeError:
        _silence(sys.stderr if err else sys.stdout)
        if not err:
            raise click.exceptions.Exit(NOBODY_READS) from None


def _silence(stream: TextIO) -> None:
    """Let what is still to come on a stream that nobody reads any more go nowhere."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


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
    whole = plain_lines(f"Error: {chr(10).join(lines)}{hint}")
    # What a program reads keeps one line for one sentence.
    say("\n".join(text_lines(whole, width_of(sys.stderr))) if sys.stderr.isatty() else whole, err=True)
