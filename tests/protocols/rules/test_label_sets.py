"""Grading of several labels a clip: pooled, per database, per label, incomplete, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.analysis.card_scores import wrong_scores
from mebench.analysis.card_sums import wrong_sums
from mebench.errors import UserError
from mebench.protocols.base import Predicted
from mebench.protocols.papers.cd6me import UNITS, Cd6me
from mebench.protocols.papers.four_dmr import FourDmr2025
from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.label_sets import as_array, spelled
from mebench.schema.recognition import Labels

CLASSES = Cd6me.classes


def graded(protocol, rows, said, convention=None):
    truth = ClipTable.from_rows([ClipRow(*row) for row in rows], "small")
    cells = dict(zip([row[:3] for row in rows], said, strict=True))
    keys = tuple(clip.key for clip in truth.clips if cells[clip.key] is not None)
    labels = Labels(keys, tuple(cells[key] for key in keys))
    return protocol.score(Predicted(labels), truth, convention=convention)


def test_by_hand():
    rows = [("4dme", "1", "a", "positive+surprise"), ("4dme", "1", "b", "negative"), ("4dme", "2", "c", "none")]
    card = graded(FourDmr2025(), rows, ["positive", "negative", "negative"])
    # positive 1; negative 1 right, 1 invented: 2/3; surprise missed: 0; repression and others never occur: 0.
    assert card.score("uf1", "full").value == pytest.approx((1 + 2 / 3) / 5)
    assert card.score("uar", "full").value == pytest.approx((1 + 1) / 5)
    assert card.score("macro_precision", "full").value == pytest.approx((1 + 1 / 2) / 5)
    assert card.score("f1", "negative").value == pytest.approx(2 / 3)
    assert not card.score("f1", "others").defined
    assert not card.official
    assert card.complete


def test_a_clip_without_prediction_has_its_labels_missed():
    rows = [("4dme", "1", "a", "positive"), ("4dme", "2", "b", "positive")]
    card = graded(FourDmr2025(), rows, ["positive", None])
    assert card.score("recall", "positive").value == 0.5
    assert not card.complete


@pytest.fixture(scope="module")
def several():
    """Two databases with random labels, graded under CD6ME."""
    random = np.random.default_rng(5)
    names = [("casme2", f"s{i % 5}", f"c{i}") for i in range(30)] + [("samm", f"s{i % 4}", f"c{i}") for i in range(20)]
    cells = [[spelled(np.array(CLASSES)[random.random(12) < p], CLASSES) for _ in names] for p in (0.3, 0.4)]
    rows = [(*name, cell) for name, cell in zip(names, cells[0], strict=True)]
    return rows, cells[1], graded(Cd6me(), rows, cells[1])


def test_the_full_score_is_the_mean_of_databases_as_scikit_learn_scores_them(several):
    from sklearn.metrics import f1_score

    rows, said, card = several
    values = []
    for database in ("casme2", "samm"):
        inside = [i for i, row in enumerate(rows) if row[0] == database]
        true, predicted = (
            np.array([as_array(cells[i], CLASSES) for i in inside]) for cells in ([r[3] for r in rows], said)
        )
        values.append(f1_score(true, predicted, average="macro", zero_division=0))
        assert card.score("uf1", database).value == pytest.approx(values[-1])
    assert card.score("uf1", "full").value == pytest.approx(np.mean(values))
    pooled = graded(Cd6me(), rows, said, Cd6me.preset("strict"))
    assert pooled.score("uf1", "full").value != pytest.approx(np.mean(values), abs=1e-6)


def test_the_card_follows_from_what_its_subjects_add(several):
    card = several[2]
    assert not [*wrong_sums(card), *wrong_scores(card)]
    low, high = card.score("uf1", "full").ci95
    assert low < card.score("uf1", "full").value < high
    assert len(card.by_subject) == 9
    assert "the official set has casme" in card.reason


def test_other_labels_in_the_truth_are_refused():
    with pytest.raises(UserError, match="1/a has the emotion au1[+]au99, which is no set of au1, au2"):
        graded(Cd6me(), [("samm", "1", "a", "au1+au99")], ["none"])


def test_counts_of_the_published_table_are_official_and_one_less_is_told():
    rows = []
    for database, (counts, clips) in Cd6me.official.items():
        has = [np.arange(clips) < n for n in counts]
        rows += [
            (
                database,
                f"s{i % 9}",
                f"c{i:03d}",
                spelled([f"au{u}" for u, h in zip(UNITS, has, strict=True) if h[i]], CLASSES),
            )
            for i in range(clips)
        ]
    truth = ClipTable.from_rows([ClipRow(*row) for row in rows])
    assert Cd6me().official_reason(truth) == ""
    assert Cd6me().official_reason(ClipTable(truth.clips[1:])).startswith("casme has ")
