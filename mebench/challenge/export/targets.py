"""The platforms that challenges are exported to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from mebench.challenge.desk.config import Challenge
from mebench.challenge.desk.modes import close_folder, make_private, require_not_for_teams
from mebench.challenge.export.codabench import export_codabench
from mebench.challenge.export.evalai import export_evalai
from mebench.challenge.export.grand_challenge import export_grand_challenge
from mebench.challenge.export.kit import write_kit
from mebench.errors import UserError, did_you_mean

TARGETS: Mapping[str, Callable[[Challenge, Path], Path]] = {
    "codabench": export_codabench,
    "evalai": export_evalai,
    "grand-challenge": export_grand_challenge,
    "participants": write_kit,
}
"""What `mebench challenge export --to` knows."""


def export_challenge(challenge: Challenge, target: str, out: Path) -> Path:
    """Write what a platform runs into a new folder.

    Parameters
    ----------
    challenge : what is exported, with its truth.
    target : a name of `TARGETS`.
    out : a folder that does not exist or is empty.

    Raises
    ------
    UserError : for an unknown target, a folder with files in it, or a truth that cannot be read.
    """
    if target not in TARGETS:
        raise UserError(f"There is no export to {target!r}.{did_you_mean(target, TARGETS)}")
    if target != "participants" and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"{out} is not empty: give a new folder.")
    if target != "participants":
        require_not_for_teams(challenge.folder, out, "what a platform runs")
        # It holds truth, and is for this account alone from its first file on.
        make_private(out)
    done = TARGETS[target](challenge, out)
    if target != "participants":
        close_folder(out)
    return done
