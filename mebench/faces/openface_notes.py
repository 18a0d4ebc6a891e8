"""What may be unusual about an OpenFace table, and the policy that answers it."""

from __future__ import annotations

import dataclasses
from typing import Self

POLICIES = {
    "delimiter": "read as the marks between cells",
    "decimal_comma": "the decimal comma is read as a point",
    "from_zero": "one is added to every frame number",
    "unsorted": "rows are sorted by frame",
    "repeated": "the first row of each frame is kept",
    "faces": "the face that was found in most frames is kept",
    "no_success": "every row counts as found",
    "no_numbers": "frames without numbers count as without a face",
    "far_out": "frames with intensities far outside 0 to 5 count as without a face",
    "outside": "intensities just outside 0 to 5 are brought to 0 or 5",
    "constant": "kept, though what never changes shows no movement",
    "begins_late": "the frames before its first row count as without a face",
    "ends_early": "the frames after its last row count as without a face",
    "beyond": "rows beyond the last frame are left out",
    "rate": "rows are matched by frame number, not by time",
}
"""What is done about each kind of irregularity."""


@dataclasses.dataclass(frozen=True)
class TableNote:
    """One irregularity of a table.

    Attributes
    ----------
    kind : name in `POLICIES`.
    detail : where it is and how much of it there is.
    """

    kind: str
    detail: str

    @classmethod
    def of(cls, kind: str, detail: str) -> Self:
        """Return the note of a kind that has a policy; KeyError for any other."""
        POLICIES[kind]
        return cls(kind, detail)

    @property
    def policy(self) -> str:
        """What was done about it."""
        return POLICIES[self.kind]

    def __str__(self) -> str:
        """Return a sentence for people."""
        return f"OpenFace table: {self.detail}; {self.policy}"
