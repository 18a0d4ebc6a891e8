"""The fingerprint of the rules behind a score: cards whose fingerprints differ never share a ranking.

Conventions
-----------
A fingerprint covers the task and those rules that differ from the task's default. A rule that is added later with a
default moves none: what a card was graded under before is what the default says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mebench.settings import digest_of

_DIGITS = 16


def rules_fingerprint(task: str, differing: Mapping[str, Any]) -> str:
    """Return the fingerprint of a task's rules, 16 hex digits.

    Parameters
    ----------
    task : id of the task.
    differing : the rules that are not the default, as plain JSON types.
    """
    return digest_of("convention", task, dict(differing))[:_DIGITS]
