"""Command lines of mebench as they are written somewhere: do their verbs and options exist?"""

from __future__ import annotations

import re
import shlex

import click

from mebench.cli.commands import mebench


def command_lines(text: str) -> list[str]:
    """Return every command line of mebench: of blocks and scripts, and within sentences."""
    joined = text.replace("\\\n", " ")
    typed = re.findall(r"^(?:[A-Z_]+=\S+ |\s|if ! )*[^\s`=]*mebench ([a-z-][^`\n]*)$", joined, flags=re.M)
    inside = [line.replace("|", " ") for line in re.findall(r"`mebench ([^`]+)`", text)]
    return [*(re.split("[|>&;#]", line)[0] for line in typed), *inside]


def command_of(line: str) -> tuple[click.Command | None, list[str]]:
    """Return the verb of a line that follows `mebench`, None where there is none, and the words behind it."""
    words = shlex.split(line)
    command: click.Command | None = mebench
    context = click.Context(mebench)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        command = command.get_command(context, words.pop(0))
        context = click.Context(command, parent=context) if command is not None else context
    return command, words


def unknown_options(command: click.Command, words: list[str]) -> set[str]:
    """Return which of the options among some words a verb does not have."""
    known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h", "--version"}
    return {word.partition("=")[0] for word in words if re.match("--?[a-z]", word)} - known


def why_not_whole(line: str) -> str:
    """Return why a line that follows `mebench` could not be given as it is, its values apart; empty when it could."""
    command, words = command_of(line)
    if command is None or isinstance(command, click.Group):
        return f"no verb: {line}"
    try:
        values, left, _ = command.make_parser(click.Context(command)).parse_args(words)
    except click.UsageError as error:
        return f"{error.format_message()}: {line}"
    # What is not given is None, or an object that says so, as the version of click is.
    given = {name for name, value in values.items() if isinstance(value, str | tuple | list) and value}
    absent = [f"without {one.name}" for one in command.params if one.required and one.name not in given]
    extra = [f"too many words, {' '.join(left)}"] if left else []
    return f"{', '.join([*absent, *extra])}: {line}" if absent or extra else ""
