"""CD6ME: which clips take part, which labels they have, and one database left out at a time, as a run."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mebench.protocols.papers.cd6me import Cd6me
from mebench.protocols.papers.four_dmr import FourDmr2025
from mebench.protocols.splits import Cohort
from mebench.runs.run import load_run, run
from mebench.schema.label_sets import as_array
from mebench.schema.people import Person
from mebench.schema.recordings import Clip
from mebench.schema.scorecard import Scorecard

PLUGIN = '''
import numpy as np
from mebench import Clip, Dataset, setting
from mebench.methods.recognition.label_sets import LabelSetRecogniser
from mebench.schema.label_sets import as_array

class Blank:
    digest = "blank"
    def __len__(self):
        return 1
    def read(self, start, stop, *, grey=True):
        return np.zeros((stop - start, 4, 4) if grey else (stop - start, 4, 4, 3), np.uint8)

ANNOTATED = {"a": ("4B+7", "R12", "", "31"), "b": ("1+2", "4", "1+2+5", "L4+14"), "c": ("4", "4+9", "12", "6+12")}

class Coded(Dataset):
    tasks = ("recognition",)
    needs_root = False
    def clips(self):
        units = ANNOTATED[self.id[-1]]
        return [Clip(self.id, f"s{i % 2}", f"c{i}", 30.0, Blank(), "fear", 1, 1, 1, action_units=u)
                for i, u in enumerate(units)]

class CodedA(Coded):
    id = "coded_a"
class CodedB(Coded):
    id = "coded_b"
class CodedC(Coded):
    id = "coded_c"

class Frequent(LabelSetRecogniser):
    """Says the labels that more than a third of the training clips have."""
    id = "frequent"
    def __init__(self, config):
        super().__init__(config)
        self.share = np.zeros(0)
    def fit(self, train, validation, context):
        self.share = np.mean([as_array(clip.emotion, context.classes) for clip in train], axis=0)
        context.log({"datasets": sorted({clip.dataset for clip in train}), "clips": len(train)})
    def recognise(self, clip, context):
        assert not clip.emotion and not clip.action_units
        return np.where(self.share > 1 / 3, 0.9, 0.1)
    def state(self):
        return {"share": self.share}
    def load_state(self, state):
        self.share = np.asarray(state["share"])
'''


@pytest.fixture
def go(tmp_path):
    path = tmp_path / "coded.py"
    path.write_text(PLUGIN)

    def call(method, *datasets, **more):
        options = {"executor": "inline", "plugins": [path], "cache": tmp_path / "cache", "protocol": "cd6me", **more}
        return run(method, datasets, out=tmp_path / "r", **options)

    return call


def test_a_run_leaves_one_database_out(go):
    result = go("frequent", "coded_a", "coded_b", "coded_c")
    assert result.complete
    # Of the first database one clip has no action unit annotated; 31 is none of the twelve.
    seen = {}
    for folder in load_run(result.folder).folds():
        (line,) = map(json.loads, (folder.path / "log.jsonl").read_text().splitlines())
        (tested,) = {person.dataset for person in folder.fold.test}
        assert tested not in line["datasets"]
        seen[tested] = line["clips"]
    assert seen == {"coded_a": 8, "coded_b": 7, "coded_c": 7}
    text = (result.folder / "truth" / "clips.csv").read_text()
    assert "coded_a,s0,c0,1,1,1,au4+au7,4B+7" in text
    assert "coded_a,s1,c3,1,1,1,none,31" in text
    card = Scorecard.read(result.folder / "scorecard.json")
    assert {score.scope for score in card.scores if score.metric == "uf1"} == {"full", "coded_a", "coded_b", "coded_c"}
    # AU4 is in 4 of 7 or 5 of 8 clips of the other databases, and nothing else in more than a third of them but AU12.
    assert card.score("recall", "au4").value == 1
    assert card.score("recall", "au9").value == 0


def test_saying_everything_runs_on_datasets_for_recognition(go):
    card = go("every_label", "coded_a", "coded_b").scorecard
    assert not card.method.bound
    assert card.score("uar", "coded_a").value == pytest.approx(3 / 12)
    assert card.score("recall", "au4").value == 1


def test_it_needs_two_databases_and_none_for_training(go):
    assert "leave --train out" in go("every_label", "coded_a", "coded_b", training=["coded_c"]).skipped
    with pytest.raises(Exception, match="needs two datasets or more"):
        go("every_label", "coded_a")


@pytest.mark.parametrize(
    ("units", "cell"), [("4B+7", "au4+au7"), ("R12 or R14", "au12+au14"), ("31?", "none"), ("L1B+L2B+25", "au1+au2")]
)
def test_labels_are_what_is_annotated(units, cell):
    clip = Clip("d", "s", "c", 30.0, (), "fear", action_units=units)
    assert Cd6me().admit(clip).emotion == cell
    assert as_array(cell, Cd6me.classes).sum() == (0 if cell == "none" else 2)


def test_what_has_no_labels_is_left_out():
    assert Cd6me().admit(Clip("smic", "s", "c", 30.0, (), "fear")) is None
    assert FourDmr2025().admit(Clip("d", "s", "c", 30.0, (), "contempt")) is None
    assert FourDmr2025().admit(Clip("d", "s", "c", 30.0, (), "Surprise+Positive")).emotion == "positive+surprise"


def test_splits():
    people = [Person(d, str(i)) for d in "abc" for i in range(3)]
    assert [split.name for split in Cd6me().splits(Cohort.of(people))] == ["a", "b", "c"]
    assert len(FourDmr2025().splits(Cohort.of(people))) == 9
    assert np.all([len(split.test) == 3 for split in Cd6me().splits(Cohort.of(people))])
