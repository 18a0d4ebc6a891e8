"""Cards that were ever written can be read, say what they said, and can still be tested and checked."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest

from mebench.analysis.compare import compare_cards, statistic_for
from mebench.errors import UserError
from mebench.leaderboard.cards import read_card
from mebench.metrics.conventions.spotting import PRESETS
from mebench.protocols.grading import convention_of
from mebench.schema.migrations import OLD_SCHEMA, fingerprint_of_1
from mebench.schema.scorecard import SCHEMA, Scorecard

HISTORIC = sorted((Path(__file__).parents[1] / "historic").glob("v*/*.json"))
TASKS = {
    "megc2019-cde": "recognition",
    "megc2024-str": "spot_recognise",
    "megc2025-str": "spot_recognise",
    "megc2025-vqa": "questions",
    "megc2021-generation": "generation",
}


@pytest.fixture(params=HISTORIC, ids=lambda path: path.stem)
def old(request):
    return request.param


def test_there_are_cards_of_every_task_and_schema():
    assert {Scorecard.read(path).task for path in HISTORIC} == {"spotting", *TASKS.values()}
    assert {json.loads(path.read_text())["schema"] for path in HISTORIC} >= set(range(1, SCHEMA))


def test_a_card_says_what_it_said(old):
    plain, card = json.loads(old.read_text()), Scorecard.read(old)
    now = card.to_dict()
    assert card.schema == SCHEMA
    assert card.task == TASKS.get(card.protocol.id, "spotting")
    for name in ("scores", "counts", "dataset", "protocol", "complete", "official", "reason"):
        assert now[name] == plain[name]
    assert now["environment"] == {**plain["environment"], OLD_SCHEMA: 1}
    for name in ("by_subject", "by_video"):
        assert [row["counts"] for row in now[name]] == [row["counts"] for row in plain[name]]
    assert {**now["method"], "bound": None} == {**plain["method"], "bound": None}
    assert card.method.bound == (card.method.id in ("oracle", "random_intervals"))


def test_a_card_survives_being_written_and_read(old, tmp_path):
    card = Scorecard.read(old)
    card.write(tmp_path / "card.json")
    assert Scorecard.read(tmp_path / "card.json") == card


def test_its_convention_is_one_of_today(old):
    card = Scorecard.read(old)
    assert convention_of(card).fingerprint == card.fingerprint


def test_it_can_be_compared_with_itself(old):
    card = Scorecard.read(old)
    found = compare_cards(card, card).differences
    assert {d.difference for d in found if card.score(d.metric, d.scope).defined} == {0.0}
    assert {d.difference for d in found if not card.score(d.metric, d.scope).defined} <= {None}


@pytest.mark.parametrize("path", [p for p in HISTORIC if "-str" not in p.stem and "-vqa" not in p.stem])
def test_what_ranked_with_a_test_still_does(path):
    card = read_card(path)
    tested = statistic_for(card.card, *card.ranking)
    expected = card.card.task == "spotting" or path.stem == "megc2019-cde"
    assert (tested is not None) == expected


def test_presets_keep_their_meaning():
    card = Scorecard.read(next(path for path in HISTORIC if "lgsnet" in path.stem))
    assert convention_of(card) == PRESETS["lgsnet"]
    assert (
        fingerprint_of_1(card.convention)
        == json.loads(HISTORIC[0].with_name("megc2020-spotting-lgsnet.json").read_text())["convention"]["fingerprint"]
    )


def test_rules_that_were_altered_by_hand_are_not_given_a_fingerprint():
    plain = json.loads(HISTORIC[0].read_text())
    plain["convention"]["iou"] = 0.3
    card = Scorecard.from_json(json.dumps(plain))
    with pytest.raises(UserError, match="grade the predictions again"):
        convention_of(card)


@pytest.mark.parametrize("schema", [0, -1])
def test_a_schema_that_never_was_is_refused(schema):
    with pytest.raises(UserError, match="never was"):
        Scorecard.from_json(json.dumps({**json.loads(HISTORIC[0].read_text()), "schema": schema}))


@pytest.mark.parametrize("name", ["protocol", "method", "convention", "by_subject", "by_video", "counts"])
@pytest.mark.parametrize("value", [None, 1, "x", [], [1], {"a": 1}])
def test_a_broken_old_card_never_ends_in_another_error(name, value):
    plain = {**json.loads(HISTORIC[0].read_text()), name: value}
    with contextlib.suppress(UserError):
        assert Scorecard.from_json(json.dumps(plain)).schema == SCHEMA
