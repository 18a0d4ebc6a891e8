"""Confusion matrices read from a card: against counting by hand, with and without databases, and what has none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.analysis.confusion import confusions_of
from mebench.errors import UserError
from mebench.metrics.conventions.recognition import RecognitionConvention
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2019_cde import Megc2019Cde
from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.recognition import Labels
from tests.analysis.cards import BASELINES

ROWS = [
    ("samm", "1", "a", "negative", "negative"),
    ("samm", "1", "b", "negative", "surprise"),
    ("samm", "2", "a", "positive", "negative"),
    ("smic", "1", "a", "surprise", "surprise"),
    ("smic", "1", "b", "surprise", ""),
    ("smic", "3", "a", "negative", "positive"),
]


def written(folder: Path, rows=ROWS, **more) -> Path:
    truth = ClipTable.from_rows([ClipRow(*row[:4]) for row in rows], "small")
    said = {row[:3]: row[4] for row in rows if row[4]}
    card = Megc2019Cde().score(Predicted(Labels(tuple(said), tuple(said.values()))), truth, **more)
    card.write(folder / "scorecard.json")
    return folder


def test_counts_are_those_of_the_clips(tmp_path):
    found = confusions_of(written(tmp_path))
    assert found.classes == ("negative", "positive", "surprise")
    assert list(found.matrices) == ["full", "samm", "smic"]
    assert found.matrices["full"].tolist() == [[1, 1, 1, 0], [1, 0, 0, 0], [0, 0, 1, 1]]
    assert found.matrices["samm"].tolist() == [[1, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
    assert np.array_equal(found.matrices["samm"] + found.matrices["smic"], found.matrices["full"])


def test_a_card_is_read_by_its_own_path_too(tmp_path):
    folder = written(tmp_path, [row for row in ROWS if row[0] == "samm"])
    found = confusions_of(folder / "scorecard.json")
    assert list(found.matrices) == ["full"]
    assert found.matrices["full"].sum() == 3


def test_means_over_folds_have_the_same_counts(tmp_path):
    found = confusions_of(written(tmp_path, convention=RecognitionConvention(pooling="mean")))
    assert found.matrices["full"].tolist() == [[1, 1, 1, 0], [1, 0, 0, 0], [0, 0, 1, 1]]


def test_what_has_no_matrix_is_told(tmp_path):
    with pytest.raises(UserError, match="counts no classes: confusion matrices are of recognition, this is spotting"):
        confusions_of(next(path for path in BASELINES if path.parent.parent.name == "synth_lv"))
    with pytest.raises(UserError, match=r"scorecard\.json"):
        confusions_of(tmp_path)
