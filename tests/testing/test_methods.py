"""Faults of methods of every task, beside the seven that lie in `broken/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from mebench.methods.catalogue import METHODS
from mebench.testing.methods import check_method

from .conftest import Checked, failed

QUIET = "return Spotting((), np.zeros((video.n_frames, 2), np.float32))"

SPOTTER = """
class Own(Spotter):
    id, summary, trains = "own", "a spotter", {trains}
    {more}
    def spot(self, video, context):
        {body}
"""

CASES = {
    "whole video at once": (
        f"video.frames.read(0, video.n_frames); {QUIET}",
        "memory does not grow with the length of a recording",
        "It read 1400 frames at once",
    ),
    "whole video of prepared faces": (
        f"context.aligned(video).gather(np.arange(video.n_frames)); {QUIET}",
        "memory does not grow with the length of a recording",
        "frames at once, a whole recording",
    ),
    "needs an event": (
        f"video.events[0]; {QUIET}",
        "does not use the truth that is withheld",
        "depends on the truth",
    ),
    "opens the dataset": (
        f"from mebench.datasets.catalogue import DATASETS\n        video.dataset in DATASETS and 1\n        try: DATASETS.get(video.dataset)\n        except Exception: pass\n        {QUIET}",
        "does not use the truth that is withheld",
        "It opened the dataset 'conformance'",
    ),
    "hash of text": (
        "return Spotting((), np.full((video.n_frames, 2), hash(video.id) % 1000, np.float32))",
        "says the same in another process",
        "depend on no clock, no hash()",
    ),
    "score that is not finite": (
        "return Spotting((SpottedInterval(1, 2, ExpressionType.MICRO, float('nan')),), np.zeros((video.n_frames, 2)))",
        "trains and answers in the right shape and range",
        "with the score nan, which is no number",
    ),
    "interval past the end": (
        "return Spotting((SpottedInterval(1, 9999, ExpressionType.MICRO, 1.0),), np.zeros((video.n_frames, 2)))",
        "trains and answers in the right shape and range",
        "past the last frame",
    ),
    "absolute path": (
        f"Path(PLACE).write_text('x'); {QUIET}",
        "writes nowhere outside its folder",
        "notes.txt",
    ),
    "beside its folder": (
        f"(context.out.parent / 'notes.txt').write_text('x'); {QUIET}",
        "writes nowhere outside its folder",
        "It wrote context.out/../notes.txt",
    ),
    "a library that writes": (
        f"import cv2; cv2.imwrite('seen.png', np.zeros((4, 4), np.uint8)); {QUIET}",
        "writes nowhere outside its folder",
        "It wrote seen.png",
    ),
    "opens a dataset of its own": (
        f"type('Other', (Dataset,), dict(id='own_lv', needs_root=False)).open(); {QUIET}",
        "does not use the truth that is withheld",
        "It opened the dataset 'own_lv'",
    ),
    "home folder": (
        f"(Path.home() / 'notes.txt').write_text('x'); {QUIET}",
        "writes nowhere outside its folder",
        "It wrote ~/notes.txt",
    ),
    "changes the context": (
        f"context.seed += 1; {QUIET}",
        "leaves what it is handed as it is",
        "It changed the context",
    ),
    "wrong type": (
        "return None",
        "trains and answers in the right shape and range",
        "gave NoneType, where a Spotting is due",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_fault_of_a_spotter_is_told(name: str, checked: Checked, tmp_path: Path) -> None:
    body, check, reason = CASES[name]
    code = SPOTTER.format(trains=False, more="", body=body).replace("PLACE", repr(str(tmp_path / "notes.txt")))
    assert reason in failed(checked(code, elsewhere="process" in check))[check]


def test_a_clock_is_not_taken_for_a_use_of_the_truth(checked: Checked) -> None:
    body = "import time; return Spotting((), np.full((video.n_frames, 2), time.time() % 1, np.float32))"
    found = checked(SPOTTER.format(trains=False, more="", body=body))
    assert list(failed(found)) == ["says the same on a second call"]
    assert found["does not use the truth that is withheld"].state == "skipped"


def test_an_exception_is_told_with_its_line(checked: Checked) -> None:
    found = failed(checked(SPOTTER.format(trains=False, more="", body="return 1 / 0")))
    assert found["trains and answers in the right shape and range"] == (
        "ZeroDivisionError: division by zero, raised in `spot`, line 16: mend it."
    )


def test_frames_may_be_read_in_chunks_and_files_written_below_the_folder(checked: Checked) -> None:
    body = (
        f"[video.frames.read(i, i + 10).mean() for i in range(0, 200, 10)]; (context.out / 'n').write_text(''); {QUIET}"
    )
    assert failed(checked(SPOTTER.format(trains=False, more="", body=body))) == {}


def test_who_needs_the_truth_is_a_bound(checked: Checked) -> None:
    found = failed(checked(SPOTTER.format(trains=False, more="needs_truth = True", body=QUIET)))
    assert "told what it should find" in found["needs the truth because it is a bound"]


LEARNER = """
KEPT = {{}}
class Own(Spotter):
    id, summary = "own", "a learner"
    level = 0.0
    def fit(self, train, validation, context):
        self.level = float({learnt})
        KEPT["level"] = self.level
    def spot(self, video, context):
        return Spotting((), np.full((video.n_frames, 2), {used}, np.float32))
    def state(self): return {{"level": np.array([self.level])}}
    def load_state(self, state): self.level = float(state["level"][0])
"""


def test_a_learner_that_keeps_its_state_passes(checked: Checked) -> None:
    assert failed(checked(LEARNER.format(learnt="context.rng('fit').random()", used="self.level"))) == {}


def test_a_training_may_hold_no_frames(checked: Checked) -> None:
    learnt = "np.mean([c for v in train for c in [v.frames.read(i, i + 50) for i in range(0, v.n_frames, 50)]])"
    found = failed(checked(LEARNER.format(learnt=learnt, used="self.level")))
    assert (
        "further frame of a recording of training takes" in found["memory does not grow with the length of a recording"]
    )


def test_what_is_learnt_must_repeat(checked: Checked) -> None:
    found = failed(checked(LEARNER.format(learnt="np.random.default_rng().random()", used="self.level")))
    assert "Trained twice with one seed" in found["same seed, same results"]


def test_what_is_kept_outside_the_state_is_found_in_another_process(checked: Checked) -> None:
    found = failed(checked(LEARNER.format(learnt="len(train)", used="KEPT.get('level', -1)"), elsewhere=True))
    assert "keep nothing that was learnt outside `state`" in found["says the same in another process"]


def test_an_override_of_supports_must_refuse_other_tasks(checked: Checked) -> None:
    more = "def supports(self, dataset, tasks): return None"
    found = failed(checked(SPOTTER.format(trains=False, more=more, body=QUIET)))
    assert "ask super().supports first" in found["says what it supports"]


RECOGNISER = """
class Own(Recogniser):
    id, summary, trains = "own", "a recogniser", False
    kept = []
    def recognise(self, clip, context):
        {body}
"""


@pytest.mark.parametrize(
    ("body", "check", "reason"),
    [
        ("return [1.0, 0, 0]", "", ""),
        ("return [.5, .4]", "trains and answers in the right shape and range", "2 probabilities for 3 classes"),
        ("return [.5, .4, .3]", "trains and answers in the right shape and range", "add up to 1.2"),
        ("return [float('nan')] * 3", "trains and answers in the right shape and range", "not finite"),
        (
            "return [float(c == (clip.emotion or context.classes[0])) for c in context.classes]",
            "does not use the truth that is withheld",
            "depends on the truth",
        ),
        (
            "self.kept.append(clip.frames.read(0, clip.n_frames)); return [1.0, 0, 0]",
            "memory does not grow with the length of a recording",
            "keep nothing of a clip",
        ),
    ],
)
def test_recognisers(checked: Checked, body: str, check: str, reason: str) -> None:
    found = failed(checked(RECOGNISER.format(body=body)))
    if check:
        assert reason in found[check]
    else:
        assert found == {}


GENERATOR = """
class Own(Generator):
    id, summary, trains = "own", "a generator", False
    def generate(self, request, context):
        first = request.source.frames.read(0, 1, grey=False)
        {body}
"""
CHUNKS = "for i in range(0, request.n_frames, 50): yield np.repeat(first, min(50, request.n_frames - i), 0)"


@pytest.mark.parametrize(
    ("body", "check", "reason"),
    [
        (CHUNKS, "", ""),
        (
            "yield np.repeat(first, request.n_frames, 0)",
            "memory does not grow with the length of a recording",
            "kB of memory, a frame itself 13 kB",
        ),
        (
            "request.source.frames.read(0, 5); " + "yield first",
            "trains and answers in the right shape and range",
            "a generator may read the first 1",
        ),
        ("yield first[..., 0]", "trains and answers in the right shape and range", "frames of shape (112, 112)"),
        ("yield first", "trains and answers in the right shape and range", "gave 1 frames"),
    ],
)
def test_generators(checked: Checked, body: str, check: str, reason: str) -> None:
    found = failed(checked(GENERATOR.format(body=body)))
    if check:
        assert reason in found[check]
    else:
        assert found == {}


@pytest.mark.parametrize("id", ["oracle", "mdmd", "multi_scale_filter", "majority", "true_class"])
def test_built_in_methods_pass(id: str) -> None:
    assert [finding for finding in check_method(METHODS.get(id)) if finding.state != "ok"] == []
