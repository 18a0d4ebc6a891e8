"""The action units whose intensity is measured, and action units as annotators write them.

Annotations read `4B+7`, `R12 or R14`, `A12B`, `31?`, `twice - L1B+L2B+25`.
"""

from __future__ import annotations

import re

ACTION_UNITS: tuple[int, ...] = (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 45)
"""Those of thesis Table 3.1 with an intensity, 0 to 5: the order of the columns wherever intensities are an array."""

_REFERENCE = re.compile(r"\bref\s*\([^)]*\)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\d)([0-9]{1,2})(?!\d)")


def action_unit_numbers(annotation: str) -> tuple[int, ...]:
    """Return the numbers of the action units that an annotation names, sorted, each once.

    Side (L, R, T, B, A) and intensity (A-E) are passed over, alternatives count both, and so does what is marked as
    doubtful; what stands in `ref(...)` is no part of the expression.

    Parameters
    ----------
    annotation : the annotation's own string.
    """
    return tuple(sorted({int(n) for n in _NUMBER.findall(_REFERENCE.sub("", annotation))}))
