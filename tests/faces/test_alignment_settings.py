from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from mebench.errors import UserError
from mebench.faces.alignment import AlignmentConfig
from mebench.faces.alignment_settings import AlignmentSettings
from mebench.methods.base import Method
from mebench.methods.catalogue import METHODS
from mebench.schema.recordings import Video

ALIGNING = ("au_sum", "mdmd", "multi_scale_filter", "of_fd", "softnet", "spot3dcnn")


@pytest.fixture
def video() -> Video:
    return Video("d", "s", "v", 30.0, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("id", ALIGNING)
def test_every_method_that_aligns_takes_the_settings(id: str, video: Video, loaded: Any) -> None:
    options = {"landmarks": "yunet", "yunet_model": "model.onnx", "face": "2", "min_found": ".3"}
    method: Method = loaded(METHODS, id).configure(options)
    config = method.alignment(video)
    assert config is not None
    assert (config.landmarks, config.yunet_model, config.face, config.min_found) == ("yunet", "model.onnx", 2, 0.3)
    assert config.tracking == (id not in ("mdmd", "of_fd", "softnet"))


@pytest.mark.parametrize("id", ALIGNING)
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"landmarks": "dlib"}, "no landmark detector 'dlib'"),
        ({"landmarks": "yunet"}, "landmarks=yunet needs yunet_model=FILE"),
        ({"face": "0"}, "face=0 must be at least 1"),
        ({"min_found": "1.5"}, "min_found=1.5 must be at least 0 and at most 1"),
    ],
)
def test_what_cannot_be(id: str, options: dict[str, str], message: str, loaded: Any) -> None:
    method = loaded(METHODS, id)
    with pytest.raises(UserError, match=message):
        method.configure(options)


def test_what_a_method_has_chosen_itself_stands() -> None:
    assert AlignmentConfig.of(AlignmentSettings(), tracking=False, samples=3).samples == 3
    assert dataclasses.asdict(AlignmentConfig.of(AlignmentSettings(face=2)))["face"] == 2


def test_a_method_that_has_no_say(video: Video) -> None:
    assert METHODS.get("oracle").configure({}).alignment(video) is None
