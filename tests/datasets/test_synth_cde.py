"""The rendered composite."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from mebench.datasets.synth_cde import SynthCde
from mebench.protocols.catalogue import PROTOCOLS
from mebench.tasks.catalogue import task_of


@pytest.fixture(scope="module")
def clips():
    return SynthCde.open().clips()


def of(clips, database):
    return [clip for clip in clips if clip.database == database]


def test_the_full_size_is_that_of_the_composite():
    protocol = PROTOCOLS.get("megc2019-cde")()
    clips = SynthCde.open(options={"size": "full"}).clips()
    assert (len(clips), len({clip.person for clip in clips})) == (442, 68)
    truth = task_of("recognition").truth_of([protocol.admit(clip) for clip in clips])
    assert protocol.official_reason(truth) == ""


def test_the_small_size_has_a_third_of_every_class(clips):
    full = Counter((c.database, c.emotion) for c in SynthCde.open(options={"size": "full"}).clips())
    small = Counter((c.database, c.emotion) for c in clips)
    assert len(clips) == 149
    assert all(abs(small[key] - count / 3) < 1 for key, count in full.items())


def test_databases_differ_as_the_real_ones_do(clips):
    rates = {name: {clip.fps for clip in of(clips, name)} for name in ("casme2", "samm", "smic")}
    assert rates == {"casme2": {200.0}, "samm": {200.0}, "smic": {100.0}}
    sizes = {name: of(clips, name)[0].frames.size for name in rates}
    assert sizes == {"casme2": (640, 480), "samm": (960, 650), "smic": (640, 480)}
    frame = of(clips, "samm")[0].frames.read(0, 1, grey=False)[0]
    assert frame.shape == (650, 960, 3)
    np.testing.assert_array_equal(frame[..., 0], frame[..., 2])


def test_smic_has_neither_apexes_nor_action_units(clips):
    assert all(clip.apex == 0 and not clip.action_units for clip in of(clips, "smic"))
    assert all(clip.apex and clip.action_units for clip in clips if clip.database != "smic")


def test_expressions_are_those_of_the_database(clips):
    negative = {
        name: {c.frames.recipe.emotion for c in of(clips, name) if c.emotion == "negative"}
        for name in ("casme2", "samm")
    }
    assert negative["casme2"] == {"disgust", "repression"}
    assert negative["samm"] == {"anger", "contempt", "disgust", "fear", "sadness"}
    assert {c.frames.recipe.emotion for c in clips if c.emotion == "positive"} == {"happiness"}


def test_expressions_are_brief_and_weak(clips):
    seconds = np.array([(clip.offset - clip.onset + 1) / clip.fps for clip in clips])
    assert seconds.min() >= 0.1
    assert seconds.max() <= 0.51
    peaks = [np.maximum(c.frames.expression.left, c.frames.expression.right).max() for c in clips]
    assert max(peaks) <= 2
    assert 0.6 < np.mean(peaks) < 1.3


def test_the_default_is_small_enough_to_be_rendered_within_a_minute(clips):
    assert sum(clip.n_frames for clip in clips) < 10_000
