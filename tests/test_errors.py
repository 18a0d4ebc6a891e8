"""Suggestions are near, few, and quick among any names."""

from __future__ import annotations

import difflib

import pytest

from mebench import errors
from mebench.errors import did_you_mean

NAMES = ["spot3dcnn", "mdmd", "au_sum", "oracle"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("spot3dcn", " Did you mean 'spot3dcnn'?"),
        ("au_smu", " Did you mean 'au_sum'?"),
        ("spo", " Did you mean 'spot3dcnn'?"),
        ("zzzz", " Known: au_sum, mdmd, oracle, spot3dcnn."),
        ("x" * 10_000, " Known: au_sum, mdmd, oracle, spot3dcnn."),
    ],
)
def test_the_nearest_or_all_names_are_told(name, sentence):
    assert did_you_mean(name, NAMES) == sentence


def test_nothing_is_told_where_nothing_is_known():
    assert did_you_mean("x", []) == ""
    assert did_you_mean("x", ["y" * 10_000]) == ""


def test_of_many_names_a_part_is_listed():
    sentence = did_you_mean("zzzz", [f"a{i:04d}" for i in range(2_000)])
    assert sentence.startswith(" Known: a0000, a0001, ")
    assert sentence.endswith(" and 1960 more.")
    assert len(sentence) < 500


@pytest.mark.parametrize("length", [90, 100, 500, 10_000])
def test_among_thousands_of_long_names_few_letters_are_compared(monkeypatch, length):
    compared = []
    really = difflib.SequenceMatcher.find_longest_match

    def count(self, *args):
        compared.append(len(self.a) * len(self.b))
        return really(self, *args)

    monkeypatch.setattr(difflib.SequenceMatcher, "find_longest_match", count)
    known = ["v" * (length - 5) + f"{i:05d}" for i in range(2_000)]
    sentence = did_you_mean("v" * (min(length, 100) - 5) + "0001x", known)
    assert ("Did you mean" in sentence) == (length <= errors.LONGEST_COMPARED)
    assert len(compared) <= 40 * 20
    assert sum(compared) <= 10_000_000


def test_the_nearest_of_thousands_is_found():
    known = [f"subject{i:02d}/video_{k:03d}" for i in range(20) for k in range(100)]
    assert "'subject07/video_042'" in did_you_mean("subject07/vide_042", known)
