"""Published numbers follow from published counts, to the last digit that was printed."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from mebench.metrics.classification import per_class, recognition_scores
from mebench.metrics.conventions.spotting import PRESETS
from mebench.metrics.intervals import ratios
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.protocols.megc.megc2022_spotting import Megc2022Spotting
from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth, VideoTable

PUBLISHED = Path(__file__).parents[3] / "shared" / "published"

# thesis Table 4.3, SAMM-LV: TP, FP, FN and the printed precision, recall, F1
TABLE_4_3 = {
    "au_sum macro": ((172, 328, 171), (0.3440, 0.5015, 0.4081)),
    "au_sum micro": ((6, 71, 153), (0.0779, 0.0377, 0.0508)),
    "au_sum overall": ((178, 399, 324), (0.3085, 0.3546, 0.3299)),
    "mdmd macro": ((22, 334, 321), (0.0618, 0.0641, 0.0629)),
    "mdmd micro": ((29, 1407, 130), (0.0202, 0.1824, 0.0364)),
    "mdmd overall": ((51, 1741, 451), (0.0285, 0.1016, 0.0445)),
}


@pytest.mark.parametrize("row", TABLE_4_3)
def test_thesis_table_4_3(row):
    counts, printed = TABLE_4_3[row]
    assert np.round(ratios(np.array(counts)), 4).tolist() == list(printed)


@pytest.mark.parametrize("method", ["au_sum", "mdmd"])
def test_thesis_table_4_3_adds_up_to_502_events(method):
    macro, micro, overall = (np.array(TABLE_4_3[f"{method} {scope}"][0]) for scope in ("macro", "micro", "overall"))
    assert (macro + micro).tolist() == overall.tolist()
    assert overall[0] + overall[2] == 502


def counts_of(hits, predicted, true):
    return np.array([hits, predicted - hits, true - hits])


@pytest.mark.parametrize(
    ("samm", "casme", "printed"),
    [
        # the 3D-CNN baseline of 2022 (thesis Table 5.12) and the winner (Liong et al. 2022): hits, predictions, truths
        ((6, 71, 31), (4, 10, 36), (0.1176, 0.1739, 0.1351)),
        ((5, 11, 31), (10, 38, 36), (None, None, 0.2586)),
    ],
)
def test_megc2022_pools_counts_over_both_sets(samm, casme, printed):
    parts = [counts_of(*samm), counts_of(*casme)]
    pooled = ratios(parts[0] + parts[1])
    for part, value in zip(parts, printed, strict=False):
        assert value is None or round(float(ratios(part)[2]), 4) == value
    assert round(float(pooled[2]), 4) == printed[2]
    assert round(float(np.mean([ratios(part)[2] for part in parts])), 4) != printed[2]


@pytest.mark.parametrize(
    ("counts", "printed"),
    [
        # the challenge's own table of the 3D-CNN baseline, and the winner's (Liong et al. 2022)
        (((6, 71, 31),), [0.0845, 0.1935, 0.1176]),
        (((4, 10, 36),), [0.4000, 0.1111, 0.1739]),
        (((6, 71, 31), (4, 10, 36)), [0.1235, 0.1493, 0.1351]),
        (((5, 11, 31), (10, 38, 36)), [0.3061, 0.2239, 0.2586]),
    ],
)
def test_megc2022_precision_and_recall(counts, printed):
    pooled = sum(counts_of(*part) for part in counts)
    assert np.round(ratios(pooled), 4).tolist() == printed


def test_the_abstracts_1531_is_a_digit_swap():
    value = float(ratios(counts_of(6, 71, 31) + counts_of(4, 10, 36))[2])
    assert f"{value:.4f}" == "0.1351"


def tables(datasets):
    """Make (predictions, truth) that have the given TP/FP/FN of (macro, micro) under each dataset."""
    predictions, events, videos = [], [], []
    for dataset, by_type in datasets.items():
        prefix = f"{dataset}/" if len(datasets) > 1 else ""
        for kind, (tp, fp, fn) in zip(("macro", "micro"), by_type, strict=True):
            for i in range(tp + fp + fn):
                subject, video = f"{prefix}s{i % 5}", f"{kind}{i // 400}"
                row = (subject, video, 100 * (i % 400) + 1, 100 * (i % 400) + 50, kind)
                predictions += [row] if i < tp + fp else []
                events += [row] if i < tp or i >= tp + fp else []
                videos.append((subject, video, 30.0, 40_000))
    named = "+".join(sorted(datasets))
    return Intervals.from_rows(predictions), Truth(
        Intervals.from_rows(events), VideoTable.from_rows(set(videos)), named
    )


@pytest.mark.parametrize("preset", ["strict", "megc2020"])
@pytest.mark.parametrize("method", ["au_sum", "mdmd"])
def test_thesis_table_4_3_from_tables_to_the_card(method, preset):
    predictions, truth = tables({"samm_lv": [TABLE_4_3[f"{method} {kind}"][0] for kind in ("macro", "micro")]})
    card = Megc2020Spotting().score(Predicted(predictions), truth, convention=PRESETS[preset])
    for scope in ("macro", "micro", "overall"):
        found = [round(card.score(metric, scope).value, 4) for metric in ("precision", "recall", "f1")]
        assert found == list(TABLE_4_3[f"{method} {scope}"][1])


def test_megc2022_from_tables_to_the_card():
    """Types within the sets are not published, so all are macro here; F1 overall does not depend on them."""
    none = (0, 0, 0)
    predictions, truth = tables({"casme3": [(4, 6, 32), none], "samm_challenge": [(6, 65, 25), none]})
    card = Megc2022Spotting().score(Predicted(predictions), truth)
    found = [round(card.score("f1", scope).value, 4) for scope in ("samm_challenge", "casme3", "overall")]
    assert found == [0.1176, 0.1739, 0.1351]


def test_megc2025_baseline():
    # SAMM 6/217/202, CAS 3/115/34 as TP/FP/FN (arXiv:2506.15298)
    assert round(float(ratios(np.array([6, 217, 202]))[2]), 4) == 0.0278
    assert round(float(ratios(np.array([3, 115, 34]))[2]), 4) == 0.0387


@pytest.mark.parametrize(
    ("matched", "true", "printed"),
    [(80, 172, 0.4651), (245, 501, 0.4890), (278, 590, 0.4712), (9, 31, 0.2903), (104, 231, 0.4502)],
)
def test_thesis_tables_4_1_and_4_2_are_recalls(matched, true, printed):
    assert round(float(ratios(np.array([matched, 0, true - matched]))[1]), 4) == printed


@pytest.mark.parametrize(
    ("negative", "positive", "printed"),
    [
        # thesis Tables 7.1 (10 + 10 real videos) and 7.2 (13 + 7 generated): right of all, and accuracy as printed
        ((7, 10), (10, 10), (0.70, 1.00, 0.85)),
        ((6, 10), (10, 10), (0.60, 1.00, 0.80)),
        ((6, 13), (4, 7), (0.46, 0.57, 0.50)),
        ((6, 13), (5, 7), (0.46, 0.71, 0.55)),
    ],
)
def test_thesis_tables_7_1_and_7_2(negative, positive, printed):
    matrix = np.array([[negative[0], negative[1] - negative[0]], [positive[1] - positive[0], positive[0]]])
    recalls = per_class(matrix)[1].tolist()
    values = (*recalls, recognition_scores(matrix)["accuracy"].value)
    assert tuple(round(value, 2) for value in values) == printed


def published(name):
    if not PUBLISHED.is_dir():
        pytest.skip("the table of published scores is not beside this checkout")
    with (PUBLISHED / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_count_in_the_table_of_spotting_scores():
    seen = 0
    for row in published("spotting.csv"):
        for scope, *counts in re.findall(r"(macro|micro|overall) (\d+)/(\d+)/(\d+)", row["note"]):
            if scope == row["scope"]:
                assert round(float(ratios(np.array(counts, int))[2]), 4) == float(row["f1"])
                seen += 1
    assert seen == 6


def test_every_ratio_in_the_table_of_other_scores():
    seen = 0
    for row in published("other.csv"):
        for above, below in re.findall(r"\((\d+)/(\d+)\)", row["source"]):
            assert round(int(above) / int(below), 4) == float(row["value"])
            seen += 1
    assert seen == 5
