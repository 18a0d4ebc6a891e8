"""The scorecard's JSON is strict, stable and complete."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.schema.scorecard import (
    Counts,
    DatasetRef,
    MethodRef,
    ProtocolRef,
    Score,
    Scorecard,
    SubjectRow,
    VideoRow,
)

COUNTS = {"overall": Counts(3, 2, 1), "macro": Counts(2, 2, 0), "micro": Counts(1, 0, 1)}


def card(**changes):
    base = Scorecard(
        task="spotting",
        protocol=ProtocolRef("megc2020-spotting", "1"),
        convention={"iou": 0.5, "fingerprint": "abc"},
        dataset=DatasetRef("synth_lv", "d" * 64),
        method=MethodRef("au_sum", {"window": 5, "lcn": True, "weights": [1.0, 2.0], "nothing": None}, "m"),
        counts=COUNTS,
        scores=(Score("f1", "overall", 2 / 3, (0.1, 0.9)), Score("auc", "micro", 0.0, None, False)),
        by_subject=(SubjectRow("s1", COUNTS),),
        by_video=(VideoRow("s1", "v1", COUNTS),),
        environment={"python": "3.11"},
        timing={"seconds": 1.5},
        reason="no official set",
    )
    return base.replace(**changes)


def test_comes_back_as_it_went_in():
    assert Scorecard.from_json(card().to_json()) == card()


def test_written_and_read_again(tmp_path):
    card().write(tmp_path / "scorecard.json")
    assert Scorecard.read(tmp_path / "scorecard.json") == card()
    assert (tmp_path / "scorecard.json").read_text().endswith("}\n")


def test_keys_are_sorted_and_numbers_have_full_precision():
    text = card().to_json()
    plain = json.loads(text)
    assert list(plain) == sorted(plain)
    assert list(plain["counts"]) == ["macro", "micro", "overall"]
    assert "0.6666666666666666" in text
    assert plain["scores"][0] == {
        "ci95": [0.1, 0.9],
        "defined": True,
        "metric": "f1",
        "scope": "overall",
        "value": 2 / 3,
    }


def test_every_field_and_every_row_of_a_list_has_a_line_of_its_own():
    """Two versions of a card differ in the lines of what differs, and a card of many videos stays short."""
    lines = card().to_json().splitlines()
    assert len(lines) == 2 + len(dataclasses.fields(Scorecard)) + sum(
        1 + len(getattr(card(), name)) for name in ("scores", "by_subject", "by_video") if getattr(card(), name)
    )
    changed = card(complete=False).to_json().splitlines()
    assert [line for line in changed if line not in lines] == [' "complete": false,']


def test_environment_and_timing_are_never_compared():
    other = card(environment={"python": "3.12"}, timing={"seconds": 9})
    assert other.compared() == card().compared()
    assert other.to_json() != card().to_json()
    assert card(complete=False).compared() != card().compared()


def test_scores_are_found_by_name():
    assert card().score("f1", "overall").value == 2 / 3
    assert card().find("f1", "macro") is None
    assert card().fingerprint == "abc"
    with pytest.raises(UserError, match="no f1 of macro: it has f1 of overall, auc of micro"):
        card().score("f1", "macro")


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_no_number_is_nan(value):
    with pytest.raises(ValueError, match="f1 of macro is not finite"):
        Score("f1", "macro", value)
    with pytest.raises(ValueError, match="not finite"):
        Score("f1", "macro", 0.0, (0.0, value))


def test_numpy_scalars_become_plain_numbers():
    counts = {"overall": Counts(np.int64(3), np.int64(0), np.int64(0))}
    assert json.loads(card(counts=counts).to_json())["counts"] == {"overall": {"tp": 3, "fp": 0, "fn": 0}}


def broken(change):
    plain = json.loads(card().to_json())
    change(plain)
    return json.dumps(plain)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.pop("counts"), "lacks the field 'counts'"),
        (lambda c: c.update(scorse=[]), "unknown field 'scorse'. Did you mean 'scores'"),
        (lambda c: c["scores"][0].update(value="x"), r"scores\[0\].value must be a number, not 'x'"),
        (lambda c: c["scores"][0].update(ci95=[1.0]), r"scores\[0\].ci95 must have 2 values"),
        (lambda c: c["counts"]["macro"].update(tp=True), "counts.macro.tp must be a whole number"),
        (lambda c: c["counts"].update(macro=[]), "counts.macro must be an object"),
        (lambda c: c.update(complete=1), "complete must be true or false"),
        (lambda c: c.update(schema=3), "has schema 3, this mebench reads up to 2: install a newer"),
        (lambda c: c["scores"][0].update(value=math.nan), "expected a finite number, found NaN"),
        (lambda c: c["scores"][0].update(value=1e999), "expected a finite number, found Infinity"),
    ],
)
def test_whatever_does_not_fit_is_one_sentence(change, message):
    with pytest.raises(UserError, match=message):
        Scorecard.from_json(broken(change), source="x.json")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\x00", '{"schema": 1}', b"\xff"])
def test_what_is_no_card_at_all(text):
    with pytest.raises(UserError, match=r"x\.json"):
        Scorecard.from_json(text, source="x.json")


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match="cannot be read .No such file"):
        Scorecard.read(tmp_path / "none.json")


def test_whole_numbers_are_read_as_floats_where_floats_belong():
    text = broken(lambda c: c["scores"][0].update(value=1, ci95=[0, 1]))
    assert Scorecard.from_json(text).score("f1", "overall").ci95 == (0.0, 1.0)
