"""Which model, which frames and which output of a run are explained, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.apply.explain import explain, short
from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.runs.plugins import load_plugin
from mebench.runs.run import run

NET_PLUGIN = Path(__file__).parent / "explainable_plugin.py"


@pytest.fixture(scope="module")
def explainable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of `net_spotter`, one fold for each of its three subjects."""
    out = tmp_path_factory.mktemp("run") / "nets"
    load_plugin(NET_PLUGIN)
    run("net_spotter", ["noise_lv"], out=out, executor="inline", device="cpu", plugins=[NET_PLUGIN])
    return out


@pytest.mark.parametrize(("video", "weight"), [("a_1", 110), ("b_1", 101), ("noise_lv/c/c_1", 11)])
def test_the_model_is_the_one_that_was_tested_on_the_subject(explainable: Path, video: str, weight: int) -> None:
    found = explain(explainable, video, frames=(20, 20), output="macro", device="cpu")
    # Place i of the map weight * x moves the output by i where x is above 0.
    slopes = np.arange(64) * (found.pictures[0].ravel() > 0)
    cam = found.cams["last convolution (0)"][0]
    assert np.allclose(cam, slopes.mean() * weight * found.pictures[0] / 255, rtol=1e-4)
    assert np.allclose(found.guided[0, 0].ravel(), weight * slopes, rtol=1e-4)
    assert (found.method, found.subject, found.run) == ("net_spotter", video[-3], "nets")


def test_by_default_the_event_with_the_highest_score_is_explained(explainable: Path) -> None:
    found = explain(explainable, "a_1", device="cpu")
    assert (found.frames[0], found.frames[-1], found.output) == (60, 69, "micro")
    assert len(found.frames) == 6
    assert [event.onset for event in found.events] == [60]
    # The micro output weighs every place with -1: nothing speaks for it, and no gradient is positive.
    assert not found.cams["last convolution (0)"].any()
    assert not found.guided.any()
    assert found.convolutions["0"].shape == (1, 8, 8)


def test_without_events_the_highest_score_is(explainable: Path) -> None:
    found = explain(explainable, "a/a_2", most=3, device="cpu")
    assert found.frames.tolist() == [50, 65, 80]
    assert (found.output, found.events) == ("macro", ())


def test_frames_that_are_asked_for_take_the_type_of_their_event(explainable: Path) -> None:
    assert explain(explainable, "a_1", frames=(50, 65), device="cpu").output == "micro"
    assert explain(explainable, "a_1", frames=(35, 62), device="cpu").output == "macro"
    assert explain(explainable, "a_1", frames=(80, 81), device="cpu").output == "macro"


def test_frames_without_a_face_are_left_out_and_told(explainable: Path) -> None:
    found = explain(explainable, "a_1", frames=(5, 12), device="cpu")
    assert found.frames.tolist() == [11, 12]
    assert found.notes == ("No face was found in 6 of the frames 5-12: they are left out.",)
    with pytest.raises(UserError, match="No face was found in the frames 2-9 of a_1: give others"):
        explain(explainable, "a_1", frames=(2, 9), device="cpu")


def test_the_same_is_found_again(explainable: Path) -> None:
    first, second = (explain(explainable, "b_1", device="cpu").arrays() for _ in range(2))
    assert list(first) == ["frames", "scores", "pictures", "grad_cam/last_convolution", "guided/0", "guided/output"]
    assert all(np.array_equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"video": "a_3"}, "There is no video 'a_3'. Did you mean 'a_"),
        ({"frames": (80, 91)}, "a_1 has the frames 1 to 90, and 80-91 is no part of them"),
        ({"frames": (0, 1)}, "a_1 has the frames 1 to 90"),
        ({"output": "makro"}, "net_spotter has no output 'makro'. Did you mean 'macro'"),
        ({"fold": "002-b"}, "The fold 002-b does not test noise_lv/a, so its model may have learnt .* give 001-a"),
        ({"fold": "001-x"}, "There is no fold '001-x'"),
    ],
)
def test_what_cannot_be_explained_is_told(explainable: Path, options: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=message):
        explain(explainable, **{"video": "a_1", "device": "cpu", **options})  # type: ignore[arg-type]


def test_a_method_without_a_network_is_told(trained: Path) -> None:
    with pytest.raises(UserError, match="learner offers no network to explain: give a run of a method that does"):
        explain(trained, "v1", device="cpu")


def test_a_fold_that_is_not_done_or_damaged_is_told(explainable: Path, tmp_path: Path) -> None:
    out = tmp_path / "r"
    run("net_spotter:fail=a", ["noise_lv"], out=out, executor="inline", device="cpu", plugins=[NET_PLUGIN])
    assert explain(out, "b_1", device="cpu").fold == "002-b"
    with pytest.raises(UserError, match=r"001-a of .* is of no use \(not done yet\): give the same mebench run"):
        explain(out, "a_1", device="cpu")
    (out / "folds/002-b/checkpoint.safetensors").write_bytes(b"nothing")
    with pytest.raises(UserError, match=r"is of no use \(checkpoint.safetensors is damaged\)"):
        explain(out, "b_1", device="cpu")


def test_a_dataset_that_has_changed_is_told(explainable: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DATASETS.get("noise_lv"), "version", "2")
    with pytest.raises(UserError, match="noise_lv has other annotations than those that .* was made with"):
        explain(explainable, "a_1", device="cpu")


def test_a_layer_is_named_before_its_bracket() -> None:
    assert short("last convolution (body.2)") == "last convolution"
