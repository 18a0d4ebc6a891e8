from __future__ import annotations

import json
from pathlib import Path

import pytest

from mebench.challenge.reading.read import read_submission

EXAMPLES = Path(__file__).parents[3] / "submissions"
TASKS = {"spot_then_recognise": "spot_recognise", "recognition": "recognition", "vqa": "questions"}
FOLDERS = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())


@pytest.mark.parametrize("name", FOLDERS)
def test_every_example_is_accepted_as_it_stands(name):
    folder = EXAMPLES / name
    submission = read_submission(folder, TASKS.get(name, "spotting"))
    assert len(submission.places) > 0
    assert submission.manifest.protocol == json.loads((folder / "manifest.json").read_text())["protocol"]


def test_the_guide_names_every_example():
    guide = (EXAMPLES / "README.md").read_text()
    assert len(FOLDERS) == 7
    assert [name for name in FOLDERS if f"`{name}`" not in guide] == []
