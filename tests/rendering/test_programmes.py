"""Which units an emotion shows, and how strongly."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.rendering.action_units import INDEX
from mebench.rendering.programmes import EMOTIONS, PROTOTYPES, Style, draw_peaks, draw_style, draw_units
from mebench.schema.emotions import COMPOSITE_CLASS_OF

PLAIN = Style(gain=1.0, taste=np.zeros(17), weaker=0, asymmetry=0.0)

CONTROLS = {14, 15, 17, 23}


def masked(units):
    """Tell whether nothing but a controlling unit is shown."""
    return len(units) == 1 and set(units) <= CONTROLS


def drawn(emotion, *, micro, n=400, style=PLAIN):
    rng = np.random.default_rng(3)
    return [draw_units(rng, emotion, style, micro=micro) for _ in range(n)]


def test_prototypes_have_the_published_proportions():
    assert PROTOTYPES["happiness"] == {12: 1.0, 25: 1.0, 6: 0.51}
    assert PROTOTYPES["sadness"] == {4: 1.0, 15: 1.0, 1: 0.60, 6: 0.50, 17: 0.67}
    assert PROTOTYPES["surprise"][5] == 0.66
    assert set(EMOTIONS) >= set(COMPOSITE_CLASS_OF) - {"negative", "positive"}
    assert {unit for units in PROTOTYPES.values() for unit in units} <= set(INDEX)


def test_a_macro_expression_shows_the_prototype_and_variants_in_their_proportion():
    for emotion in ("happiness", "fear", "disgust"):
        lists = drawn(emotion, micro=False)
        for unit, p in PROTOTYPES[emotion].items():
            assert np.mean([unit in units for units in lists]) == pytest.approx(p, abs=0.08)


def test_a_micro_expression_leaks_a_part_and_parts_the_lips_seldom():
    lists = [units for units in drawn("surprise", micro=True) if not masked(units)]
    assert np.mean([26 in units for units in lists]) == pytest.approx(0.15, abs=0.06)
    assert np.mean([1 in units for units in lists]) == pytest.approx(0.75, abs=0.08)
    assert np.mean([bool(CONTROLS & set(units)) for units in lists]) == pytest.approx(0.3, abs=0.08)


def test_some_micro_expressions_are_masked_and_no_macro_expression():
    assert np.mean([masked(units) for units in drawn("fear", micro=True)]) == pytest.approx(0.1, abs=0.05)
    assert not any(masked(units) for units in drawn("fear", micro=False))


@pytest.mark.parametrize("micro", [False, True])
@pytest.mark.parametrize(("emotion", "signs"), [("surprise", {1, 2}), ("fear", {4, 20}), ("happiness", {12})])
def test_whatever_is_not_masked_shows_a_sign_of_the_emotion(emotion, signs, micro):
    shy = Style(1.0, np.full(17, -1.0), 0, 0.0)
    assert all(signs & set(units) or masked(units) for units in drawn(emotion, micro=micro, style=shy))


def test_a_neutral_face_shows_nothing():
    assert set(drawn("neutral", micro=False, n=5)) == {()}


def test_peaks_lie_around_the_level_and_follow_the_person():
    rng = np.random.default_rng(0)
    peaks = np.array([draw_peaks(rng, "anger", (4, 7), 2.0, PLAIN, micro=False)[0] for _ in range(300)])
    assert set(np.flatnonzero(peaks.any(axis=0))) == {INDEX[4], INDEX[7]}
    assert 1.5 <= peaks[:, INDEX[4]].min() < peaks[:, INDEX[4]].max() <= 2.5
    strong = Style(gain=1.4, taste=np.zeros(17), weaker=1, asymmetry=0.2)
    left, right = (
        np.mean([draw_peaks(rng, "anger", (4, 7), 2.0, strong, micro=False)[side] for _ in range(300)], axis=0)
        for side in (0, 1)
    )
    assert left[INDEX[4]] == pytest.approx(2.8, rel=0.03)
    assert right[INDEX[4]] == pytest.approx(0.8 * 2.8, rel=0.03)


def test_micro_expressions_stay_at_level_b_and_nothing_passes_e():
    rng, loud = np.random.default_rng(1), Style(2.0, np.zeros(17), 0, 0.0)
    assert max(draw_peaks(rng, "happiness", (12,), 3.0, loud, micro=True)[1]) == 2.0
    assert max(draw_peaks(rng, "happiness", (12,), 5.0, loud, micro=False)[1]) == 5.0


def test_contempt_has_one_side():
    rng = np.random.default_rng(1)
    left, right = draw_peaks(rng, "contempt", (14,), 3.0, PLAIN, micro=False)
    assert not left.any()
    assert right[INDEX[14]] > 0


def test_people_differ():
    styles = [draw_style(np.random.default_rng(seed)) for seed in range(200)]
    gains = np.array([style.gain for style in styles])
    assert np.median(gains) == pytest.approx(1, abs=0.06)
    assert 0.1 < np.log(gains).std() < 0.25
    assert {style.weaker for style in styles} == {0, 1}
