"""Reading recognised classes and finding their clips."""

from __future__ import annotations

import pytest

from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.problems import InvalidTable
from mebench.schema.recognition import Labels, match_clips, read_labels, write_labels

CLASSES = ("negative", "positive")
CLIPS = ClipTable.from_rows(
    [
        ClipRow("samm", "1", "a", "negative"),
        ClipRow("smic", "1", "a", "positive"),
        ClipRow("smic", "2", "b", "positive"),
    ]
)


def read(tmp_path, text):
    path = tmp_path / "predictions.csv"
    path.write_text(text)
    return read_labels(path, CLASSES)


def problems_of(tmp_path, text):
    with pytest.raises(InvalidTable) as caught:
        read(tmp_path, text)
    return [(p.line, p.column) for p in sorted(caught.value.problems, key=lambda p: (p.line, p.column))]


def test_probabilities_and_database_are_optional(tmp_path):
    labels, lines = read(tmp_path, "subject,clip,emotion\n1,a,Negative\n\n2,b,positive\n")
    assert labels == Labels((("", "1", "a"), ("", "2", "b")), ("negative", "positive"))
    assert lines == (2, 4)
    text = "database,subject,clip,emotion,p_positive,p_negative\nsmic,1,a,negative,.25,.75\n"
    labels, _ = read(tmp_path, text)
    assert labels.probabilities == ({"negative": 0.75, "positive": 0.25},)
    write_labels(labels, tmp_path / "again.csv")
    assert read_labels(tmp_path / "again.csv", CLASSES)[0] == labels


def test_every_problem_at_once(tmp_path):
    header = "database,subject,clip,emotion,p_negative,p_positive\n"
    rows = "smic,1,a,happy,.5,.5\nsmic,,a,negative,.5,.5\nsmic,1,a,negative,.5,.6\nsmic,1,a,negative,2,x\n"
    assert problems_of(tmp_path, header + rows) == [
        (2, "emotion"),
        (3, "subject"),
        (4, "p_negative"),
        (5, "p_negative"),
        (5, "p_positive"),
    ]
    assert problems_of(tmp_path, "subject,clip,class\n1,a,negative\n") == [(1, ""), (1, "emotion")]


def test_a_clip_is_found_without_its_database_where_that_is_enough():
    found = match_clips(Labels((("", "2", "b"), ("samm", "1", "a")), ("positive", "negative")), CLIPS, "p.csv")
    assert found == {("smic", "2", "b"): "positive", ("samm", "1", "a"): "negative"}


def test_unknown_ambiguous_and_repeated_clips_are_told_with_their_lines():
    keys = (("", "1", "a"), ("smic", "3", "c"), ("smic", "2", "b"), ("", "2", "b"))
    with pytest.raises(InvalidTable) as caught:
        match_clips(Labels(keys, ("positive",) * 4), CLIPS, "p.csv", [5, 6, 7, 8])
    assert [(p.line, p.kind) for p in caught.value.problems] == [
        (5, "ambiguous_clip"),
        (6, "unknown_clip"),
        (8, "twice"),
    ]
