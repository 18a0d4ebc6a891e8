"""The intensities of an OpenFace table: which rows hold numbers that can be used, and what is done about the others.

Conventions
-----------
OpenFace writes 0 to 5. A table that somebody has smoothed goes a little beyond: up to `SLACK` it is brought back. A row
of a face that holds no number, or one farther out, tells nothing and counts as a frame without a face. Rows without
success are not used, whatever they hold.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.openface_notes import TableNote
from mebench.faces.openface_text import Cells

HIGHEST = 5.0
SLACK = 0.5
MOST_BAD = 0.5
"""Share of the rows with success that may tell nothing; above it the table is refused."""
_ENOUGH = 10
"""Rows from which on it is odd that an intensity never changes."""


def checked_intensities(
    cells: Cells, names: Sequence[str], success: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.bool_], list[TableNote]]:
    """Return the intensities of every row, which rows can be used, and what was done about the others.

    Returns
    -------
    intensities : float32 (n, number of names), 0 in rows that cannot be used.
    good : bool (n,), rows with success whose intensities are all numbers within reach of 0 to 5.
    notes : one of each kind of irregularity.

    Raises
    ------
    UserError : when most rows with success cannot be used, naming the first cell.
    """
    values = np.stack([cells.numbers(name, used=success) for name in names], axis=1)
    numberless = ~np.isfinite(values) & success[:, None]
    with np.errstate(invalid="ignore"):
        far = ((values < -SLACK) | (values > HIGHEST + SLACK)) & success[:, None] & ~numberless
    good = success & ~(numberless | far).any(axis=1)
    notes = []
    for kind, bad, words in (("no_numbers", numberless, "no number"), ("far_out", far, "values far outside 0 to 5")):
        if count := int(bad.any(axis=1).sum()):
            notes.append(TableNote.of(kind, f"{count} rows hold {words}, {_first(cells, names, bad)}"))
    if (success & ~good).sum() > MOST_BAD * success.sum():
        raise _useless(cells, names, numberless | far, int(success.sum()), int(good.sum()))
    outside = good[:, None] & ((values < 0) | (values > HIGHEST))
    if outside.any():
        notes.append(TableNote.of("outside", f"{int(outside.sum())} cells, {_first(cells, names, outside)}"))
    values = np.where(good[:, None], np.clip(values, 0.0, HIGHEST), 0.0)
    return values.astype(np.float32), good, [*notes, *_constant(values[good], names)]


def _first(cells: Cells, names: Sequence[str], bad: NDArray[np.bool_]) -> str:
    row, column = np.argwhere(bad)[0]
    return f"first in line {cells.lines[row]}, column {names[column]}"


def _useless(cells: Cells, names: Sequence[str], bad: NDArray[np.bool_], successes: int, good: int) -> UserError:
    row, column = (int(i) for i in np.argwhere(bad)[0])
    text = cells.columns[names[column]][row]
    return cells.refusal(
        row,
        names[column],
        f"holds {text!r}, and only {good} of {successes} rows with success hold intensities of 0 to 5",
    )


def _constant(used: NDArray[np.float64], names: Sequence[str]) -> list[TableNote]:
    """Note what never changes; a unit that is 0 throughout is no more than one that never moved."""
    if len(used) < _ENOUGH:
        return []
    still = np.ptp(used, axis=0) == 0
    if still.all():
        return [TableNote.of("constant", "all intensities never change")]
    odd = [name for name, one, value in zip(names, still, used[0], strict=True) if one and value != 0]
    return [TableNote.of("constant", f"{', '.join(odd)} never change{'s' * (len(odd) == 1)}")] if odd else []
