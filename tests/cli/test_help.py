"""What is told of commands and plug-ins is for users: no marks of code, nothing cut, nothing for developers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import click
import pytest

from mebench.cli.catalogues import KINDS, registry
from mebench.cli.commands import mebench as root

from .conftest import Mebench

STRAY = re.compile(r"`|::|\\b|[^\n -~]|\.\.\.$|\bself\b|Parameters|Attributes|:param|\b(?:INTEGER|FLOAT) RANGE\b", re.M)
"""What no help and no description has; three points stand for a word that was cut, and for arguments in `...`."""


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command."""
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from commands(found, (*path, name))


@pytest.mark.parametrize("words", list(commands(root)), ids=" ".join)
def test_help_is_plain(words: tuple[str, ...], mebench: Mebench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    answer = mebench(*words, "--help")
    assert answer.code == 0
    usage, *rest = re.split(r"\n\n", answer.out)
    said = "\n\n".join(rest)
    assert not STRAY.findall(said), said
    assert max(map(len, answer.out.splitlines())) <= 80
    # Two blanks stand between columns, before a default and nowhere else.
    assert not re.search(r"[a-z]  [a-z]", re.sub(r"(?m)^ +\S+( [\w|.,:=\[\]]+)?  +", "", said)), said


@pytest.mark.parametrize("kind", KINDS)
def test_descriptions_are_for_users(
    kind: str, mebench: Mebench, monkeypatch: pytest.MonkeyPatch, loaded: Callable[..., Any]
) -> None:
    if kind == "methods":
        loaded(registry(kind), "spot3dcnn")  # skipped where torch is not installed
    monkeypatch.setenv("COLUMNS", "80")
    # Other tests may have registered plug-ins of their own.
    for entry in (entry for entry in registry(kind).entries() if entry.origin == "mebench"):
        answer = mebench("describe", entry.id)
        assert answer.code == 0, answer.err
        assert not STRAY.findall(answer.out), answer.out
        assert entry.summary.split()[0] in answer.out
        assert "not documented" not in answer.out
        assert max(map(len, answer.out.splitlines())) <= 80


def test_every_setting_has_its_source(mebench: Mebench, loaded: Callable[..., Any]) -> None:
    from mebench.methods.catalogue import METHODS
    from mebench.settings import describe_config

    config = loaded(METHODS, "spot3dcnn").Config
    out = mebench("describe", "spot3dcnn").out
    for name, _, _, unit, source in describe_config(config):
        found = re.search(rf"\n  {name}=\S+( \({re.escape(unit)}\))?\n      .*Source: {re.escape(source)}\.", out)
        assert found, name
        assert bool(unit) == bool(found.group(1)), name
