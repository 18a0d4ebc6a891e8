from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.faces.alignment import AlignmentConfig
from mebench.faces.au_catalogue import AU_DETECTORS, make_detector
from mebench.faces.landmarks.catalogue import LANDMARKS, make_landmarks
from mebench.methods.catalogue import METHODS
from mebench.protocols.catalogue import PROTOCOLS
from mebench.runs.plugins import load_plugin, plugin_digest


def test_classes_with_an_id_are_registered_where_they_belong(plugin: Path) -> None:
    assert METHODS.get("learner").summary == "learns where expressions are"
    assert METHODS.entry("learner").origin == str(plugin)
    assert DATASETS.get("fake_lv").needs_root is False
    load_plugin(plugin)  # a second time changes nothing


def test_a_protocol_of_ones_own_is_found(tmp_path: Path) -> None:
    path = tmp_path / "rules.py"
    path.write_text(
        "from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting\n"
        "class Ours(Megc2020Spotting):\n    id = 'ours-2024'\n    version = '3'\n"
    )
    load_plugin(path)
    assert PROTOCOLS.get("ours-2024").version == "3"
    assert "Megc2020Spotting" not in [entry.id for entry in PROTOCOLS.entries()]


def test_a_detector_of_ones_own_is_a_setting_of_au_sum(tmp_path: Path) -> None:
    path = tmp_path / "glow.py"
    path.write_text(
        "import numpy as np\nfrom mebench.faces.action_units import ActionUnitDetector\n"
        "class Glow(ActionUnitDetector):\n    id = 'glow'\n    summary = 'how bright a face is'\n"
        "    def detect(self, frames):\n        return np.repeat(frames.mean(axis=(1, 2))[:, None], 17, axis=1)\n"
    )
    load_plugin(path)
    assert AU_DETECTORS.entry("glow").summary == "how bright a face is"
    assert make_detector("glow").detect(np.full((2, 112, 112), 3, np.uint8)).shape == (2, 17)
    assert METHODS.get("au_sum").configure({"detector": "glow"}).settings()["detector"] == "glow"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "defines no method, dataset, protocol, metric, executor or detector with an id"),
        ("import not_there\n", r"cannot be imported \(ModuleNotFoundError: .*\): mend it"),
        ("def f(:\n", r"cannot be imported \(SyntaxError"),
        (
            "from mebench import Spotter\nclass A(Spotter):\n    id = 'oracle'\n",
            "'oracle' is registered twice, by mebench .* and by .*taken.py",
        ),
    ],
)
def test_a_bad_plugin_is_told_in_a_sentence(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "taken.py"
    path.write_text(text)
    with pytest.raises(UserError, match=message):
        load_plugin(path)


def test_a_missing_plugin_and_one_that_is_no_python_are_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read .*: check the path"):
        load_plugin(tmp_path / "none.py")
    (tmp_path / "data.txt").write_text("x")
    with pytest.raises(UserError, match=r"no Python file: give one whose name ends in .py"):
        load_plugin(tmp_path / "data.txt")


def test_the_digest_is_of_the_content(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("x = 1")
    assert plugin_digest(tmp_path / "a.py") == plugin_digest(tmp_path / "b.py")


def test_a_landmark_detector_of_a_file_is_a_setting_of_methods(tmp_path: Path) -> None:
    path = tmp_path / "middle.py"
    path.write_text(
        "from mebench import Face, LandmarkDetector\n\n\n"
        "class Middle(LandmarkDetector):\n"
        '    """A face in the middle of every frame."""\n\n'
        '    id = "middle_of_a_test"\n\n'
        "    def find(self, image, index):\n"
        "        height, width = image.shape[:2]\n"
        "        x, y = width / 2, height / 2\n"
        "        return [Face((x - 50, y - 40, 100, 100), (x - 20, y), (x + 20, y))]\n"
    )
    load_plugin(path)
    assert LANDMARKS.entry("middle_of_a_test").origin == str(path)
    try:
        assert make_landmarks("middle_of_a_test").find(np.zeros((80, 120)), 0)[0].left_eye == (40, 40)
        config = METHODS.get("mdmd").configure({"landmarks": "middle_of_a_test"}).config
        assert AlignmentConfig.of(config).make_detector().id == "middle_of_a_test"
    finally:
        del LANDMARKS._entries["middle_of_a_test"]
