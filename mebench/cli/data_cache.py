"""`mebench data cache`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from mebench.cli.options import FiniteRange
from mebench.cli.say import say

if TYPE_CHECKING:
    from mebench.frames.usage import Held


@click.group(invoke_without_command=True)
@click.pass_context
def cache(ctx: click.Context) -> None:
    """Show or clean the cache of prepared frames; without a command, show its size.

    It lies in $MEBENCH_CACHE, by default in ~/.cache/mebench. MEBENCH_CACHE_SIZE=50GB keeps it below that size:
    what was not used for longest goes first, and never what a running process uses.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(size)


@cache.command("list", short_help="List the entries, the latest last.")
def list_() -> None:
    """List the entries: what each holds, of which video, its size and its last use; the latest comes last."""
    from mebench.cli.tables import print_table
    from mebench.frames import in_use, usage
    from mebench.plain import plain_text

    entries, busy = usage.held(usage.default_root()), in_use.keys_in_use(usage.default_root())
    if not entries:
        say(f"The frame cache {usage.default_root()} is empty.", err=True)
        return
    rows = [
        (entry.key[:12], _holds(entry), entry.about.video, usage.readable(entry.size), _used(entry, entry.key in busy))
        for entry in entries
    ]
    print_table(
        ("entry", "holds", "video", "size", "last used"), [[plain_text(cell, 1000) for cell in row] for row in rows]
    )


def _holds(entry: Held) -> str:
    arrays = [name for name in entry.arrays if entry.count]
    return ", ".join([entry.about.what + (f" ({entry.count} frames)" if entry.count else ""), *arrays])


def _used(entry: Held, busy: bool) -> str:
    return "in use" if busy else time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.used))


@cache.command(short_help="Show place, size and limit.")
def size() -> None:
    """Show where the cache lies, how much it holds, and its limit."""
    from mebench.frames import usage

    root, limit = usage.default_root(), usage.limit_from_environment()
    entries = usage.held(root)
    count = f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"
    allowed = "no limit is set" if limit is None else f"{usage.LIMIT} allows {usage.readable(limit)}"
    say(f"{root}: {usage.readable(usage.size(root))} in {count}; {allowed}.")


@cache.command(short_help="Remove what was not used lately.")
@click.option("--older", type=FiniteRange(0), required=True, metavar="DAYS", help="Days since the last use.")
def clean(older: float) -> None:
    """Remove what was not used for DAYS (0 is everything); what a running process uses stays."""
    from mebench.errors import UserError
    from mebench.frames import usage

    root = usage.default_root()
    try:
        done = usage.clean(root, older=older) if root.is_dir() else usage.Cleaned()
    except OSError as error:
        raise UserError(
            f"The frame cache {root} cannot be cleaned ({error.strerror}): change its permissions."
        ) from error
    freed = usage.readable(sum(entry.size for entry in done.removed))
    kept = f"; {len(done.in_use)} more are in use and stay" if done.in_use else ""
    say(f"{len(done.removed)} of {len(usage.held(root)) + len(done.removed)} entries removed, {freed}{kept}.")
