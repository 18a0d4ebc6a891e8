"""What a check found: one line each, with the reason and the fix where something does not hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Literal

from mebench.runs.failures import explain

Check = Callable[[], str]
"""Returns an empty string when it holds, else one sentence with the fix."""

Tell = Callable[[str], None]
"""Is handed one line about what is being done now."""


def silent(_: str) -> None:
    """Tell nobody."""


@dataclasses.dataclass(frozen=True)
class Finding:
    """One check of one plug-in.

    Attributes
    ----------
    plugin : kind and id, such as `method stillness`.
    check : what was looked at, in words.
    state : `ok`, `failed`, or `skipped` for what cannot be looked at here.
    reason : one sentence; empty when the check holds.
    """

    plugin: str
    check: str
    state: Literal["ok", "failed", "skipped"]
    reason: str = ""

    @property
    def ok(self) -> bool:
        """False when the check has failed."""
        return self.state != "failed"


class Skip(Exception):
    """Raised by a check that cannot be made here; the message says why and what would help."""


def find(plugin: str, check: str, holds: Check) -> Finding:
    """Make one check; whatever it raises becomes the reason."""
    try:
        reason = holds()
    except Skip as skipped:
        return Finding(plugin, check, "skipped", str(skipped))
    except (Exception, SystemExit, GeneratorExit) as error:
        reason = in_words(error)
    return Finding(plugin, check, "failed" if reason else "ok", reason)


def find_all(plugin: str, checks: dict[str, Check], tell: Tell = silent) -> Iterator[Finding]:
    """Make the checks in order."""
    for name, holds in checks.items():
        tell(f"{plugin}: {name}")
        yield find(plugin, name, holds)


def in_words(error: BaseException) -> str:
    """Return an exception as one sentence: the user's own, or type, message and place in the plug-in."""
    known = explain(error)
    if known is not None:
        return " ".join(known.split())
    message = " ".join(str(error).split())
    return f"{type(error).__name__}: {message}".rstrip(": ") + f", raised in {_place(error)}: mend it."


def _place(error: BaseException) -> str:
    trace, where = error.__traceback__, "the plug-in"
    while trace is not None:
        if not str(trace.tb_frame.f_globals.get("__name__")).startswith("mebench."):
            where = f"`{trace.tb_frame.f_code.co_name}`, line {trace.tb_lineno}"
        trace = trace.tb_next
    return where
