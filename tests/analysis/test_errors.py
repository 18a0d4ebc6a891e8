"""From files to an error analysis, and to cards under every preset."""

from __future__ import annotations

import dataclasses

import pytest

from mebench.analysis.errors import error_analysis
from mebench.errors import UserError
from mebench.metrics.conventions.spotting import PRESETS
from mebench.protocols.catalogue import PROTOCOLS
from mebench.protocols.grading import grade_files, load
from mebench.schema.predictions import write_predictions


@pytest.fixture
def files(tmp_path, truth, predictions):
    truth.write(tmp_path / "truth")
    write_predictions(predictions, tmp_path / "predictions.csv")
    return tmp_path / "predictions.csv", tmp_path / "truth"


def test_the_counts_are_those_of_the_card(files):
    card = grade_files(*files, "megc2020-spotting")
    found = error_analysis(load(*files, "megc2020-spotting"), card)
    for scope, counts in card.counts.items():
        assert found.counts[scope] == {"tp": counts.tp, "fp": counts.fp, "fn": counts.fn}
        assert sum(found.false_positives[scope].values()) == counts.fp
    at_half = {p.scope: p.f1 for p in found.iou_sweep if p.iou == 0.5}
    assert at_half["overall"] == card.score("f1", "overall").value


def test_cards_that_have_no_such_errors_are_refused(files):
    card = grade_files(*files, "megc2020-spotting", "strs_metric")
    with pytest.raises(UserError, match="matching=strs does not pair .* leave --convention out"):
        error_analysis(load(*files, "megc2020-spotting"), card)
    loaded = dataclasses.replace(load(*files, "megc2020-spotting"), protocol=PROTOCOLS.get("megc2024-str")())
    with pytest.raises(UserError, match="grades spot_recognise, not spotted intervals: leave --errors out"):
        error_analysis(loaded, card)


def test_every_preset_gives_the_card_that_it_gives_alone(files):
    cards = load(*files, "megc2020-spotting").under_all()
    assert list(cards) == list(PRESETS)
    for name, card in cards.items():
        assert card.compared() == grade_files(*files, "megc2020-spotting", name).compared()
