"""Parts that tell another story than the counts."""

from __future__ import annotations

import pytest

from mebench.analysis.card_parts import contradicting_parts
from mebench.metrics.conventions.recognition import RecognitionConvention
from mebench.metrics.conventions.spotting import SpottingConvention
from tests.analysis.cards import EVERY, altered, card_of, spotted


def told(card, change):
    return " ".join(contradicting_parts(altered(card, change)))


@pytest.mark.parametrize("protocol", EVERY)
def test_our_own_parts_agree(protocol):
    assert list(contradicting_parts(card_of(protocol))) == []


@pytest.mark.parametrize(
    ("protocol", "rules", "key", "message"),
    [
        ("megc2020-spotting", SpottingConvention(pooling="mean"), "mean/micro", "but its counts"),
        ("megc2019-cde", None, "confusion", "but its confusion counts give"),
        ("megc2019-cde", None, "confusion/casme2", "but its confusion counts give"),
        ("megc2019-cde", RecognitionConvention(pooling="mean"), "person_scores/full", "but its confusion counts give"),
        ("megc2024-str", None, "spotted/overall", "but its confusion counts give"),
        ("megc2025-vqa", None, "right/coarse", "but its counts"),
        ("megc2025-vqa", None, "coarse/overall", "answers, but 1 questions were asked"),
        ("megc2021-generation", None, "rating/casme2", "but its coders give"),
        ("generation-likeness", None, "metric:psnr/overall", "but its clips give"),
    ],
)
def test_a_part_that_contradicts_its_counts_is_seen(protocol, rules, key, message):
    def add(plain):
        next(row for row in plain["by_subject"] if key in row["parts"])["parts"][key][0] += 1

    found = told(card_of(protocol, 0.6, rules), add)
    assert f"The parts {key}" in found or "The counts of" in found
    assert message in found


@pytest.mark.parametrize("value", [-1.0, 0.5])
def test_what_is_counted_is_whole_and_not_negative(value):
    def change(plain):
        plain["by_subject"][0]["parts"]["frames/micro"][0] = value

    assert "The parts frames/micro of subject s0 are no counts" in told(card_of("megc2020-spotting"), change)


@pytest.mark.parametrize("protocol", ["megc2019-cde", "megc2024-str"])
def test_a_matrix_of_another_size_is_no_traceback(protocol):
    def shorten(plain):
        for row in plain["by_subject"]:
            row["parts"] = {key: part[:-1] for key, part in row["parts"].items()}

    assert "have another form" in told(card_of(protocol), shorten)


def test_counts_of_a_dataset_are_of_its_people_alone():
    card = card_of("megc2021-spotting", data=spotted(0.6, ("casme_sq", "samm_lv")))
    found = told(card, lambda plain: plain["by_subject"][0]["counts"]["samm_lv"].update(tp=2))
    assert "The counts of samm_lv of subject casme_sq/s0 are 2 TP, 0 FP, 0 FN, but those of all are 0 TP" in found


def test_clips_that_are_not_those_of_a_measure_are_seen():
    card = card_of("generation-likeness")
    assert "are not those of its clips" in told(card, lambda plain: plain["by_video"][0]["parts"]["psnr"].append(1.0))
