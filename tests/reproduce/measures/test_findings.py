"""Verdicts on claims about measured values."""

from __future__ import annotations

import numpy as np

from mebench.reproduce.judge import Verdict
from mebench.reproduce.measures.findings import compare, sentences_of
from mebench.reproduce.measures.table import Claim
from mebench.reproduce.measures.values import Value

DRAWS = np.linspace(-0.1, 0.1, 101)


def value(row: str, mean: float, draws: bool = True) -> Value:
    return Value(row, "r", mean, mean + DRAWS * len(row) if draws else None)


UNITS = [value("AU1", 0.2), value("AU12", 0.9), value("AU45", 1.9), value("mean", 0.5, draws=False)]


def test_a_pattern_leaves_out_what_is_held_against_it() -> None:
    claim = Claim("best", ("AU45: r", "AU12: r"), ("AU*: r",))
    found = compare(claim, {"": UNITS}, {})
    assert [one.name for one in found] == ["AU45: r - AU1: r", "AU12: r - AU1: r"]
    assert sentences_of(claim, found)[0] == "repeats: best (2 of 2 differences have the claimed sign)"
    worst = Claim("worst", ("AU*: r",), ("AU1: r",))
    assert [one.name for one in compare(worst, {"": UNITS}, {})] == ["AU12: r - AU1: r", "AU45: r - AU1: r"]


def test_what_is_the_other_way_round_does_not_repeat_and_what_has_no_interval_cannot_be_told() -> None:
    (turned,) = compare(Claim("t", ("AU1: r",), ("AU45: r",)), {"": UNITS}, {})
    (unsure,) = compare(Claim("t", ("AU45: r",), ("mean: r",)), {"": UNITS}, {})
    assert turned.verdict is Verdict.DOES_NOT
    assert (unsure.verdict, unsure.change) == (Verdict.CANNOT_BE_TOLD, 1.4)
    assert "no interval" in unsure.sentence
    near_zero = [value("AU1", 0.2), value("AU12", 0.1999999)]
    (zero,) = compare(Claim("t", ("AU12: r",), ("AU1: r",)), {"": near_zero}, {})
    assert ": +0.0000 [" in zero.sentence
    # Of one difference the sentence says so in the singular.
    assert sentences_of(Claim("t", (), ()), [zero])[0] == (
        "cannot be told: t (0 of 1 difference has the claimed sign, the interval holds 0)"
    )
    assert sentences_of(Claim("t", (), ()), [unsure, zero, turned])[0] == (
        "does not repeat: t (1 of 3 differences has the claimed sign, 1 of the intervals hold 0, 1 without an interval)"
    )


def test_two_datasets_and_what_stands_for_them() -> None:
    claim = Claim("more", ("mean: r",), ("mean: r",), "samm_lv", "casme_sq")
    measured = {"a:x=1": [value("mean", 0.9)], "b": [value("mean", 0.1)]}
    (found,) = compare(claim, measured, {"samm_lv": "a:x=1", "casme_sq": "b"})
    assert found.name == "mean: r on a:x=1 - mean: r on b"
    assert found.verdict is Verdict.REPEATS
    (lacking,) = compare(claim, {"a:x=1": measured["a:x=1"]}, {"samm_lv": "a:x=1"})
    assert lacking.sentence.endswith("mean: r on casme_sq was not measured")


def test_what_was_not_measured_or_is_not_defined_is_told() -> None:
    claim = Claim("t", ("AU1: r",), ("AU2: r",))
    assert [one.why_not for one in compare(claim, {}, {})] == ["AU1: r was not measured"]
    (undefined,) = compare(claim, {"": [value("AU1", np.nan), value("AU2", 0.1)]}, {})
    assert undefined.why_not == "one of the two is not defined"
