"""Several labels for one clip, as one cell: `au1+au4`, `surprise+positive`, `none`.

Conventions
-----------
A set is written in the order of the protocol's classes, joined by `+`, in lower case; the empty set is `none`. It
stands in the column `emotion` of truth and predictions, so that their files have the form of recognition. A probability
`p_<class>` is of that label alone: a row need not add up to 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

NOTHING = "none"
"""The set without a label."""
BETWEEN = "+"


def spelled(labels: Iterable[str], classes: Sequence[str]) -> str:
    """Return some of the classes as one cell, in the order of the classes.

    >>> spelled({"au4", "au1"}, ("au1", "au2", "au4"))
    'au1+au4'
    """
    wanted = set(labels)
    return BETWEEN.join(label for label in classes if label in wanted) or NOTHING


def parsed(cell: str, classes: Sequence[str]) -> tuple[str, ...] | None:
    """Return the labels of a cell in the order of the classes, or None when it names something else.

    >>> parsed("AU4 + au1", ("au1", "au2", "au4")), parsed("none", ("au1",)), parsed("au3", ("au1",))
    (('au1', 'au4'), (), None)
    """
    text = cell.strip().lower()
    names = [] if text == NOTHING else [name.strip() for name in text.split(BETWEEN)]
    if not set(names) <= set(classes):
        return None
    return tuple(label for label in classes if label in names)


def as_array(cell: str, classes: Sequence[str]) -> NDArray[np.bool_]:
    """Return which classes a cell names.

    Returns
    -------
    Shape (n_classes,).

    Raises
    ------
    ValueError : when the cell names something else.
    """
    labels = parsed(cell, classes)
    if labels is None:
        raise ValueError(f"{cell!r} is no set of {', '.join(classes)}")
    return np.array([label in labels for label in classes], bool)
