"""Action units as annotators write them."""

from __future__ import annotations

import pytest

from mebench.schema.action_units import action_unit_numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("4B+7", (4, 7)),
        ("12 + 6", (6, 12)),
        ("AU4", (4,)),
        ("4(B/C)+7B", (4, 7)),
        ("ref(7)+12B", (12,)),
        ("A12B", (12,)),
        ("L12 or L14", (12, 14)),
        ("(R6 or R12)+R15", (6, 12, 15)),
        ("31?", (31,)),
        ("1D/E+2D/E", (1, 2)),
        ("twice - L1B+L2B+25", (1, 2, 25)),
        ("L12+R12", (12,)),
        ("Chewing", ()),
        ("AU٦+4", (4,)),
        ("", ()),
    ],
)
def test_annotations_of_real_workbooks(text, numbers):
    assert action_unit_numbers(text) == numbers
