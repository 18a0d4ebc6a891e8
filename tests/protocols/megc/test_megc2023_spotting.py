"""2023: the rules of 2022 on 30 unseen long videos, none of whose events were published."""

from __future__ import annotations

import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2022_spotting import Megc2022Spotting
from mebench.protocols.megc.megc2023_spotting import Megc2023Spotting
from tests.protocols.megc.counted import counted


@pytest.mark.parametrize("counts", [(0, 0, 5), (3, 3, 3), (2, 9, 4), (0, 4, 0)])
def test_scores_are_those_of_2022(counts):
    predictions, truth = counted({"samm": counts, "casme3": (1, 2, 3)})
    new, old = (kind().score(Predicted(predictions), truth) for kind in (Megc2023Spotting, Megc2022Spotting))
    assert new.scores == old.scores
    assert new.fingerprint == old.fingerprint
    assert new.protocol.id != old.protocol.id


def test_no_truth_is_official_and_none_is_learnt_from():
    _, truth = counted({"samm": (0, 0, 5)})
    assert Megc2023Spotting().official_reason(truth) == "samm is no official set of megc2023-spotting"
    assert Megc2023Spotting.unseen
    assert "add --train ID" in Megc2023Spotting().supports(["samm"])
    assert Megc2023Spotting().supports(["samm"], training=["samm_lv"]) is None
