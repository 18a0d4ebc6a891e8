"""Counts that do not add up."""

from __future__ import annotations

import pytest

from mebench.analysis.card_sums import added, name_of, spelled, wrong_sums
from mebench.metrics.conventions.spotting import PRESETS
from mebench.schema.scorecard import Counts, SubjectRow, VideoRow
from tests.analysis.cards import altered, card_of, spotted
from tests.every_task import TASKS


def told(card, change):
    return " ".join(wrong_sums(altered(card, change)))


def test_words_for_counts():
    assert spelled(added([Counts(1, 2, 3), Counts(1, 0, 0)])) == "2 TP, 2 FP, 3 FN"
    assert added([]) == Counts(0, 0, 0)
    assert name_of(SubjectRow("s1", {})) == " of subject s1"
    assert name_of(VideoRow("s1", "a", {})) == " of video s1/a"


@pytest.mark.parametrize("level", ["counts", "by_subject", "by_video"])
def test_a_count_that_no_sum_gives_is_seen_at_every_level(level):
    def one_more(plain):
        counts = plain["counts"] if level == "counts" else plain[level][0]["counts"]
        counts["overall"]["tp"] += 1
        counts["micro"]["tp"] += 1

    card = card_of("megc2020-spotting")
    assert told(card, lambda plain: None) == ""
    assert "add up to" in told(card, one_more)


def test_types_that_are_not_the_whole_are_seen():
    found = told(card_of("megc2020-spotting"), lambda plain: plain["counts"]["overall"].update(tp=0))
    assert "The counts of overall are 0 TP" in found
    assert "but its macro and micro add up to" in found


@pytest.mark.parametrize("field", ["tp", "fp", "fn"])
def test_negative_counts_are_seen(field):
    found = told(
        card_of("megc2020-spotting"), lambda plain: plain["by_video"][0]["counts"]["micro"].update({field: -1})
    )
    assert f"The {field.upper()} of micro of video s0/a is -1, which no count can be." in found


def test_a_negative_count_is_right_under_the_rules_of_old_systems():
    predictions, truth = spotted(1.0)
    one = predictions.select([0]).replace(offset=predictions.offset[[0]] + 800)
    card = card_of(
        "megc2020-spotting",
        data=(one, truth),
        convention=PRESETS["megc2020"].__class__(matching="truth_found", iou=0.01, event_type="ignored"),
    )
    assert card.counts["overall"].fp < 0
    assert list(wrong_sums(card)) == []
    strict = altered(card, lambda plain: plain["convention"].update(matching="one_to_one", event_type="by_duration"))
    assert "which no count can be" in " ".join(wrong_sums(strict))


@pytest.mark.parametrize(("level", "what"), [("by_subject", "subject s0"), ("by_video", "video s0/a")])
def test_who_is_listed_twice_is_seen(level, what):
    found = told(card_of("megc2020-spotting"), lambda plain: plain[level].append(plain[level][0]))
    assert f"The {what} is listed 2 times." in found


def test_a_score_that_is_listed_twice_is_seen():
    def again(plain):
        plain["scores"].append({**plain["scores"][0], "value": 0.9})

    assert "is listed 2 times" in told(card_of("megc2020-spotting"), again)


def test_videos_of_nobody_are_seen():
    found = told(card_of("megc2020-spotting"), lambda plain: plain["by_video"][0].update(subject="s9"))
    assert "The videos of s9 are listed, but that subject is not." in found


def test_counts_of_a_dataset_are_those_of_its_people():
    card = card_of("megc2019-cde")
    assert "The counts of samm are" in told(card, lambda plain: plain["counts"]["samm"].update(fp=0))


@pytest.mark.parametrize("protocol", [p for p in TASKS if "generation" not in p])
def test_every_task_with_counts_is_added_up(protocol):
    def shift(plain):
        next(iter(plain["by_subject"][0]["counts"].values()))["tp"] += 1

    assert "add up to" in told(card_of(protocol, 0.6), shift)
