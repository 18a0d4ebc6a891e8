from __future__ import annotations

import numpy as np
import pytest

from mebench.faces.geometry import Pose
from mebench.faces.passages import Passage
from mebench.faces.tracking import Registered, likeness, pattern_of


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(120, 30, (56, 56)).astype(np.float32)


ONE, OTHER, THIRD = picture(0), picture(1), picture(2)


def passage(pictures: list[np.ndarray]) -> Passage:
    passage = Passage(30.0)
    for one in pictures:
        pattern = pattern_of(one)
        passage.note(Registered(Pose(1 + 0j, 0j), likeness(pattern, pattern_of(ONE)), one, pattern))
    return passage


def test_a_dissolve_and_a_cut_lead_to_somebody_else() -> None:
    mixed = [ONE * (1 - t) + OTHER * t for t in np.linspace(0, 1, 15)]
    for pictures in (mixed, [ONE] * 5):
        assert passage(pictures).leads_to(pattern_of(OTHER))


def test_what_lies_between_must_be_a_mixture() -> None:
    turning = [ONE, ONE * 0.6 + THIRD * 0.6, THIRD, OTHER * 0.6 + THIRD * 0.6]
    assert not passage(turning).leads_to(pattern_of(OTHER))


def test_a_face_of_which_a_part_has_changed_is_the_same() -> None:
    smile = ONE.copy()
    smile[40:] = OTHER[40:]
    assert not passage([ONE] * 5).leads_to(pattern_of(smile))


@pytest.mark.parametrize("forget", [True, False])
def test_nothing_is_told_of_a_face_that_was_not_there(forget: bool) -> None:
    seen = passage([ONE] * 5 if forget else [THIRD] * 5)
    if forget:
        seen.forget()
    assert not seen.leads_to(pattern_of(OTHER))
