"""Groups of commands whose modules are imported only when they are used, so that help comes at once."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from typing import Any

import click

from mebench.errors import did_you_mean, near


class LazyGroup(click.Group):
    """A group that knows its verbs by name, target and one line of help.

    Parameters
    ----------
    verbs : `module:attribute` and summary, by verb.
    """

    def __init__(self, *args: Any, verbs: Mapping[str, tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.verbs = verbs

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order in which they were given."""
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a verb's command."""
        if cmd_name not in self.verbs:
            return None
        module, _, attribute = self.verbs[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or say which one was probably meant."""
        if args and args[0] not in self.verbs and not args[0].startswith("-"):
            raise click.UsageError(f"There is no command {args[0]!r}.{did_you_mean(args[0], self.verbs)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs with their summaries, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(verb, summary) for verb, (_, summary) in self.verbs.items()])


class SuggestingChoice(click.Choice[str]):
    """A choice that says which name was probably meant."""

    def __init__(self, choices: Iterable[str]) -> None:
        super().__init__(list(choices))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the value when it is one of the choices."""
        if value not in self.choices:
            self.fail(f"{value!r} is not among {', '.join(self.choices)}.{near(value, self.choices)}", param, ctx)
        return str(value)
