"""By which content of its plug-in files a run was done, and when one that was mended may go on with it.

Conventions
-----------
A run is of one code, so plug-in files that have changed are another run, unless a fold has failed: whoever mends the
cause goes on with the same command. The folds that are done stay; what is done from then on has the digests of the
mended files in its receipt, and a card of folds of two codes says so. `mended.json` in the run's folder lists the
contents that were accepted:

    {"schema": 1, "plugins": [["<sha256 of each file>"]]}
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mebench.errors import UserError
from mebench.runs.folds import DONE, FoldFolder, read_own
from mebench.schema.files import write_atomic
from mebench.schema.json_text import parse_object
from mebench.schema.scorecard import Scorecard

MENDED = "mended.json"
_NAMED = 3

Digests = tuple[str, ...]


def take_code(
    run: Path, began: Sequence[str], now: Sequence[str], folds: Sequence[FoldFolder], files: Sequence[Path]
) -> str | None:
    """Accept the plug-in files of this start, or refuse those that would be another run.

    Parameters
    ----------
    run : the run's folder.
    began, now : digests of the files with which the run began, and of those of today.
    folds : every fold of the plan.
    files : the files of today, for messages.

    Returns
    -------
    What is to be told of folds that another content has done, None when there are none.

    Raises
    ------
    UserError : when the files have changed though no fold has failed.
    """
    code = code_of(began, now)
    done = [fold for fold in folds if (fold.path / DONE).exists()]
    accepted = accepted_codes(run)
    if code and code not in accepted:
        if done and not any(fold.has_failed() for fold in folds):
            raise UserError(
                f"{_named(files)} changed since {len(done)} of {len(folds)} folds of {run} were done, and a run is of "
                "one code: put the old content back, or give another --out."
            )
        write_atomic(run / MENDED, json.dumps({"schema": 1, "plugins": [*accepted, code]}, indent=1) + "\n")
    others = [fold for fold in done if fold.code_used() != code]
    if not others:
        return None
    stays = "it stays" if len(others) == 1 else "they stay"
    return (
        f"{_named(files)} changed since {_done(others)}: {stays}, and the card says so; give another --out to have "
        "all folds done by one content."
    )


def code_of(began: Sequence[str], now: Sequence[str]) -> Digests:
    """Return what a receipt says of plug-in files: nothing where they are those with which the run began."""
    return () if list(began) == list(now) else tuple(now)


def accepted_codes(run: Path) -> list[Digests]:
    """Return the contents that were accepted after the run began; none where the list is damaged."""
    try:
        found = parse_object(read_own(run / MENDED))["plugins"]
        return [tuple(map(str, code)) for code in found]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def goes_on(run: Path, config: Mapping[str, Any], began: Mapping[str, Any]) -> bool:
    """Tell whether a run that began with other plug-in files is one that they were mended for."""
    now = {**json.loads(json.dumps(config)), "plugins": None}
    if now != {**began, "plugins": None} or not config["plugins"]:
        return False
    if code_of(began.get("plugins", ()), config["plugins"]) in accepted_codes(run):
        return True
    return any(not (path.parent / DONE).exists() for path in run.glob("folds/*/error.txt"))


def stamped(card: Scorecard, done: Sequence[FoldFolder]) -> Scorecard:
    """Return a card that says when its folds are of plug-in files of different content."""
    codes = {fold.code_used() for fold in done}
    if len(codes) < 2:
        return card
    later = [fold for fold in done if fold.code_used()]
    said = f"{_done(later)} after a plug-in had been mended, the others before"
    return card.replace(official=False, reason="; ".join(filter(None, (card.reason, said))))


def _done(folds: Sequence[FoldFolder]) -> str:
    if len(folds) == 1:
        return f"the fold {folds[0].fold.id} was done"
    names = ", ".join(fold.fold.id for fold in folds[:_NAMED])
    more = f" and {len(folds) - _NAMED} more" if len(folds) > _NAMED else ""
    return f"the folds {names}{more} were done"


def _named(files: Sequence[Path]) -> str:
    names = " and ".join(path.name for path in files) or "A plug-in"
    return f"{names} {'have' if len(files) > 1 else 'has'}"
