from __future__ import annotations

import pytest

from mebench.schema.label_maps import BASIC, COMPOSITE, FER_VALENCE, LABEL_MAPS


@pytest.mark.parametrize(
    ("emotion", "expected"),
    [
        *((name, "negative") for name in ("anger", "angry", "contempt", "disgusted", "afraid", "fear", "sad")),
        ("neutral", "neutral"),
        ("surprise", "neutral"),
        ("surprised", "neutral"),
        ("happy", "positive"),
        ("happiness", "positive"),
        ("uncertain", None),
        ("", None),
    ],
)
def test_the_classes_of_thesis_chapter_7(emotion: str, expected: str | None) -> None:
    assert FER_VALENCE.class_of(emotion) == expected


def test_surprise_and_repression_are_classed_as_megc2019_does() -> None:
    assert [COMPOSITE.class_of(name) for name in ("surprise", "repression", "happy", "neutral", "others")] == [
        "surprise",
        "negative",
        "positive",
        None,
        None,
    ]


def test_counts_of_samples_and_of_numbers_agree() -> None:
    samples = ["happy", "sad", "angry", "none", "surprise", "", "sad"]
    expected = {"negative": 3, "neutral": 1, "positive": 1, "": 2}
    assert FER_VALENCE.counts(samples) == expected
    assert FER_VALENCE.counts({"happy": 1, "sad": 2, "angry": 1, "none": 1, "surprise": 1, "": 1}) == expected


def test_fer2013_is_as_imbalanced_as_its_paper_says() -> None:
    numbers = {
        "angry": 4953,
        "disgust": 547,
        "fear": 5121,
        "happy": 8989,
        "sad": 6077,
        "surprise": 4002,
        "neutral": 6198,
    }
    assert FER_VALENCE.counts(numbers) == {"negative": 16_698, "neutral": 10_200, "positive": 8_989, "": 0}


def test_every_map_is_whole() -> None:
    for name, one in LABEL_MAPS.items():
        assert one.name == name
        assert one.source
        assert set(one.of.values()) == set(one.classes)
        assert len(one.weights) in (0, len(one.classes))
        assert len(one.targets) in (0, len(one.classes))


def test_every_basic_emotion_is_its_own_name() -> None:
    assert {BASIC[basic] for basic in BASIC.values()} == set(BASIC.values())
    assert all(name == name.lower() for name in BASIC)
