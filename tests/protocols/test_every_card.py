"""A card of every protocol goes through write, read, check and compare; fingerprints are those of its task's rules."""

from __future__ import annotations

import dataclasses

import pytest

from mebench.analysis.baselines import check_baselines
from mebench.analysis.compare import compare_cards
from mebench.analysis.regression import compare_scorecards
from mebench.challenge.reading.grading import load
from mebench.metrics.conventions.base import Convention
from mebench.metrics.conventions.spotting import SpottingConvention
from mebench.protocols.base import Predicted
from mebench.protocols.catalogue import PROTOCOLS
from mebench.protocols.grading import convention_of
from mebench.protocols.rules.label_sets import LabelSetProtocol
from mebench.protocols.rules.recognition import RecognitionProtocol
from mebench.protocols.rules.spotting import SpottingProtocol
from mebench.schema.emotions import COMPOSITE_CLASSES
from mebench.schema.intervals import Intervals
from mebench.schema.recognition import Labels
from mebench.schema.scorecard import MethodRef, Scorecard
from mebench.schema.truth import Truth, VideoTable
from mebench.settings import setting
from mebench.tasks.catalogue import TASKS as KNOWN
from mebench.tasks.catalogue import task_of
from tests.every_task import TASKS, spot_recognise


def spotting(quality):
    predictions, truth = spot_recognise(quality)
    return predictions, truth


DATA = {id: data for id, (_, data, _) in TASKS.items()}


def relabelled(labels, truth, classes):
    """Return labels and truth of the composite with the classes of another protocol in the place of its three."""
    name = dict(zip(COMPOSITE_CLASSES, classes, strict=False))
    clips = tuple(clip._replace(emotion=name[clip.emotion]) for clip in truth.clips)
    renamed = tuple({name[label]: p for label, p in row.items()} for row in labels.probabilities)
    return (
        Labels(labels.keys, tuple(name[label] for label in labels.emotions), renamed),
        dataclasses.replace(truth, clips=clips),
    )


def data_of(protocol):
    """Return predictions and truth for any protocol, by its task."""
    if protocol.id in DATA:
        return DATA[protocol.id](0.6)
    if isinstance(protocol, RecognitionProtocol | LabelSetProtocol):
        return relabelled(*DATA["megc2019-cde"](0.6), protocol.classes)
    same = next((id for id, (kind, _, _) in TASKS.items() if kind.task == protocol.task), None)
    return DATA[same](0.6) if same else spotting(0.6)


@pytest.fixture(params=[entry.id for entry in PROTOCOLS.entries()])
def protocol(request):
    return PROTOCOLS.get(request.param)()


@pytest.fixture
def card(protocol):
    predictions, truth = data_of(protocol)
    return protocol.score(Predicted(predictions, method=MethodRef("m", {"a": 1}, "d")), truth)


def test_a_card_of_every_protocol_is_read_as_it_was_written(card, tmp_path):
    card.write(tmp_path / "card.json")
    assert Scorecard.read(tmp_path / "card.json") == card
    assert convention_of(card).fingerprint == card.fingerprint


def test_a_card_of_every_protocol_is_compared(card):
    found = compare_cards(card, card).differences
    assert found
    known = {(d.difference, d.p) for d in found if card.score(d.metric, d.scope).defined}
    assert known == {(0.0, 1.0)}
    assert {(d.difference, d.p) for d in found if not card.score(d.metric, d.scope).defined} <= {(None, None)}
    assert compare_scorecards(card, card).ok


def test_a_baseline_of_every_protocol_holds(protocol, card, tmp_path):
    """What is kept is graded again to the very same card, under the convention that the card records."""
    predictions, truth = data_of(protocol)
    task = task_of(protocol.task)
    task.write_truth(truth, tmp_path / "x" / "truth")
    task.write_predictions(predictions, tmp_path / "x" / "m" / task.predictions_file)
    card = protocol.score(Predicted(predictions, method=card.method), task.read_truth(tmp_path / "x" / "truth"))
    card.write(tmp_path / "x" / "m" / "scorecard.json")
    (found,) = check_baselines(tmp_path)
    assert found.ok, found
    assert len(found.rows) >= len(card.scores)


def test_all_presets_of_a_task_are_told_apart(protocol, tmp_path):
    predictions, truth = data_of(protocol)
    task = task_of(protocol.task)
    task.write_truth(truth, tmp_path / "truth")
    task.write_predictions(predictions, tmp_path / task.predictions_file)
    cards = load(tmp_path / task.predictions_file, tmp_path / "truth", protocol.id).under_all()
    assert list(cards)[0] == "strict"
    assert set(cards) == set(protocol.presets())
    assert len({card.fingerprint for card in cards.values()}) == len(cards)


def test_a_new_rule_with_a_default_moves_no_fingerprint():
    for entry in KNOWN.entries():
        today = KNOWN.get(entry.id).convention

        @dataclasses.dataclass(frozen=True)
        class Tomorrow(today):  # type: ignore[misc,valid-type]
            ssim_window: int = setting(11, "a rule of tomorrow", unit="px")

        for name, rules in today.presets.items():
            values = {f.name: getattr(rules, f.name) for f in dataclasses.fields(rules)}
            assert Tomorrow(**values).fingerprint == rules.fingerprint, (entry.id, name)
        assert Tomorrow(ssim_window=7).fingerprint != today().fingerprint
        old_card = today().as_dict()
        assert Tomorrow.of_card(old_card) == Tomorrow()


def test_tasks_with_equal_rules_have_fingerprints_of_their_own():
    assert len({KNOWN.get(entry.id).convention().fingerprint for entry in KNOWN.entries()}) == len(
        list(KNOWN.entries())
    )
    assert issubclass(SpottingConvention, Convention)


class Plain(SpottingProtocol):
    """A protocol without official sets."""

    id = "plain"


@pytest.mark.parametrize(("zero_offset", "expected"), [("apex", 1.0), ("keep", 0.5), ("drop", 2 / 3)])
def test_every_score_follows_what_an_open_offset_stands_for(zero_offset, expected):
    """Two events, one of which has an apex and no offset; the predictions are the events up to the apex."""
    import numpy as np

    events = Intervals.from_rows([("s", "v", 11, 30, "macro"), ("s", "v", 51, 0, "macro", float("nan"), "", 70)])
    predictions = Intervals.from_rows([("s", "v", 11, 30, "macro"), ("s", "v", 51, 70, "macro")])
    truth = Truth(events, VideoTable.from_rows([("s", "v", 30.0, 100)]), "x")
    scores = np.zeros((100, 2), np.float32)
    scores[10:30, 1] = scores[50:70, 1] = 1
    rules = SpottingConvention(zero_offset=zero_offset)
    card = Plain().score(Predicted(predictions, {("s", "v"): scores}), truth, convention=rules)
    assert card.score("f1", "macro").value == pytest.approx(expected)
    # 40 predicted frames; 40 true ones, or 20 where the open event ends before it begins or is dropped
    assert card.score("frame_f1", "macro").value == pytest.approx(1.0 if zero_offset == "apex" else 2 / 3)
    assert card.score("auc", "macro").value == pytest.approx(1.0 if zero_offset == "apex" else 1 - 0.5 * 20 / 80)
