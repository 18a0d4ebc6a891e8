"""Questions of 2026: those of 2025, and numbers of events in long videos."""

from __future__ import annotations

import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2025_vqa import Megc2025Vqa
from mebench.protocols.megc.megc2026_vqa import Megc2026Vqa
from mebench.schema.answers import Answer, Answers
from tests.every_task import answers

NUMBER = "How many micro-expression events are in the video?"


@pytest.mark.parametrize("quality", [0.3, 1.0])
def test_the_scores_of_clips_are_those_of_2025(quality):
    predictions, truth = answers(quality)
    new, old = (kind().score(Predicted(predictions), truth) for kind in (Megc2026Vqa, Megc2025Vqa))
    assert new.scores == old.scores
    assert new.protocol.id == "megc2026-vqa"


def test_numbers_of_events_count_as_right_or_wrong():
    """Three of four long videos have the right number."""

    def rows(numbers):
        return Answers(tuple(Answer(f"q{i}", f"v{i}", NUMBER, n, "samm") for i, n in enumerate(numbers)), "vqa")

    card = Megc2026Vqa().score(Predicted(rows("1244")), rows("1234"))
    assert 0.75 in {score.value for score in card.scores if score.metric == "accuracy"}
