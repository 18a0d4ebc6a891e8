from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.errors import NoFace, UserError
from mebench.faces.cache import FrameCache
from mebench.frames.pixels import ArrayFrames
from mebench.methods.base import RunContext
from mebench.methods.recognition.base import Recogniser
from mebench.runs.work.naming import Named, name_interval
from mebench.schema.recordings import Clip, Video

VIDEO = Video("d", "s", "v", 30.0, ArrayFrames(np.zeros((30, 4, 4), np.uint8)))


class Says(Recogniser):
    """Says what it was told to say, of clips whose truth is withheld."""

    id = "says"

    def __init__(self, answer: object) -> None:
        super().__init__(None)
        self.answer, self.asked = answer, []

    def recognise(self, clip: Clip, context: RunContext) -> object:
        assert not clip.emotion
        assert clip.apex == 0
        self.asked.append((clip.id, clip.n_frames))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def name(tmp_path: Path):
    context = RunContext(0, "cpu", FrameCache(tmp_path), classes=("negative", "positive"))
    return lambda onset, offset, *models: name_interval(models, VIDEO, onset, offset, context)


def test_the_models_are_averaged(name) -> None:
    models = [Says([0.9, 0.1]), Says({"positive": 0.8, "negative": 0.2}), Says([0.1, 0.9])]
    named = name(5, 12, *models)
    assert named.probabilities == pytest.approx({"negative": 0.4, "positive": 0.6})
    assert (named.emotion, named.why, named.clip.id) == ("positive", "", "v_5-12")
    assert [model.asked for model in models] == [[("v_5-12", 8)]] * 3


def test_of_equal_classes_the_first_is_taken(name) -> None:
    assert name(5, 12, Says([0.5, 0.5])).emotion == "negative"


@pytest.mark.parametrize(("onset", "offset"), [(5, 5), (5, 6), (29, 40), (40, 50)])
def test_what_is_too_short_is_not_asked_about(name, onset: int, offset: int) -> None:
    model = Says([1, 0])
    named = name(onset, offset, model)
    assert (named.emotion, named.why) == ("", "shorter than 3 frames")
    assert model.asked == []


def test_where_no_face_is_there_is_no_emotion(name) -> None:
    assert name(5, 12, Says(NoFace("No face."))) == Named(why="no face was found")


def test_whatever_else_goes_wrong_is_an_error(name) -> None:
    with pytest.raises(UserError, match="The disk is full"):
        name(5, 12, Says(UserError("The disk is full.")))
    with pytest.raises(UserError, match="says gave 3 probabilities for 2 classes"):
        name(5, 12, Says([1, 0, 0]))
