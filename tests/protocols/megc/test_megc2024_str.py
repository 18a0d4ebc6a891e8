"""STRS: spotting times analysis, of pooled counts."""

from __future__ import annotations

import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2024_str import Megc2024Str
from tests.every_task import spot_recognise


@pytest.mark.parametrize("quality", [0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("preset", ["strict", "strs_metric"])
def test_strs_is_the_product_of_its_factors(quality, preset):
    predictions, truth = spot_recognise(quality)
    card = Megc2024Str().score(Predicted(predictions), truth, convention=Megc2024Str.preset(preset))
    for scope in ("overall", "casme2", "samm", "smic"):
        f1, analysis, strs = (card.score(m, scope).value for m in ("f1_spotting", "f1_analysis", "strs"))
        assert strs == pytest.approx(f1 * analysis)
        assert 0 <= strs <= f1


def test_a_perfect_prediction_scores_one():
    predictions, truth = spot_recognise(1.0)
    assert Megc2024Str().score(Predicted(predictions), truth).score("strs", "overall").value == 1


def test_the_table_is_ranked_by_strs_of_everything():
    assert Megc2024Str.ranking == ("strs", "overall")
    values = [
        Megc2024Str().score(Predicted(predictions), truth).score("strs", "overall").value
        for predictions, truth in map(spot_recognise, (0.2, 0.6, 1.0))
    ]
    assert values == sorted(values)
    assert values[0] < values[-1]
