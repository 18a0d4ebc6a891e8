from __future__ import annotations

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.testing.datasets import check_dataset

from .conftest import Checked, failed

DATASET = """
ONSETS = iter(range(1, 60))

class Frames:
    digest = "own"
    def __len__(self): return 60
    def read(self, start, stop, *, grey=True):
        {read}

class Own(Dataset):
    id, summary, needs_root, tasks = "own_lv", "a dataset", False, {tasks}
    def videos(self):
        return {videos}
    def clips(self):
        return [Clip(self.id, "s1", "c1", 30.0, Frames(), {emotion!r}, 1, 30, 60)]
"""
READ = "return np.full((stop - start, 8, 8) + (() if grey else (3,)), 7, np.uint8)"
VIDEO = "Video(self.id, 's{}', 'v', 30.0, Frames(), (Event({}, {}, ExpressionType.MICRO),))"


def code(read: str = READ, videos: str = "", emotion: str = "joy", tasks: str = "('spotting', 'recognition')") -> str:
    videos = videos or f"[{VIDEO.format(1, 5, 9)}, {VIDEO.format(2, 5, 60)}]"
    return DATASET.format(read=read, videos=videos, emotion=emotion, tasks=tasks)


def test_a_dataset_of_videos_and_clips_passes(checked: Checked) -> None:
    found = checked(code())
    assert failed(found) == {}
    assert len(found) == 12


@pytest.mark.parametrize(
    ("changes", "check", "reason"),
    [
        ({"videos": "[]"}, "lists recordings of its tasks, each once and sorted", "It lists no videos"),
        (
            {"videos": f"[{VIDEO.format(2, 5, 9)}, {VIDEO.format(1, 5, 9)}]"},
            "lists recordings of its tasks, each once and sorted",
            "not sorted by subject",
        ),
        (
            {"videos": f"[{VIDEO.format(1, 5, 9)}] * 2"},
            "lists recordings of its tasks, each once and sorted",
            "have one key",
        ),
        (
            {"videos": "[" + VIDEO.format(1, 5, 9).replace("'s1'", "''") + "]"},
            "lists recordings of its tasks, each once and sorted",
            "A recording has the subject '' and the id 'v': give every one both",
        ),
        (
            {"tasks": "'spotting'"},
            "lists recordings of its tasks, each once and sorted",
            "`tasks` is 'spotting': give a tuple of names",
        ),
        (
            {"tasks": "('spoting',)"},
            "lists recordings of its tasks, each once and sorted",
            "There is no task 'spoting'",
        ),
        ({"videos": f"[{VIDEO.format(1, 5, 61)}]"}, "annotates within the frames", "from 5 to 61 of 60 frames"),
        ({"videos": f"[{VIDEO.format(1, 0, 9)}]"}, "annotates within the frames", "from 0 to 9 of 60 frames"),
        ({"emotion": "Joy"}, "annotates within the frames", "write labels in lower case"),
        (
            {"read": "return np.full((stop - start, 8, 8), 7, np.uint8)"},
            "frames have the right shape, and are the same again",
            "Colour frames of s1/v are uint8 (4, 8, 8)",
        ),
        (
            {"read": READ.replace("7, np.uint8", "7., np.float32")},
            "frames have the right shape, and are the same again",
            "Grey frames of s1/v are float32",
        ),
        (
            {"read": READ.replace("7,", "np.random.randint(0, 255),")},
            "frames have the right shape, and are the same again",
            "is another when it is read again",
        ),
        (
            {"videos": f"[{VIDEO.format(1, 'next(ONSETS)', 60)}]"},
            "lists the same when it is opened again",
            "draw from a fixed seed",
        ),
        ({"videos": f"Path('x').touch() or [{VIDEO.format(1, 5, 9)}]"}, "writes nothing", "It wrote x"),
    ],
)
def test_a_fault_of_a_dataset_is_told(checked: Checked, changes: dict[str, str], check: str, reason: str) -> None:
    assert reason in failed(checked(code(**changes)))[check]


def test_a_dataset_that_needs_its_files_is_skipped_without_them() -> None:
    last = list(check_dataset(DATASETS.get("samm_lv")))[-1]
    assert (last.state, last.reason) == ("skipped", "It needs its files: add --root samm_lv=DIR.")
