"""Readers take the files of one task, one after the other, into one reading."""

from __future__ import annotations

import dataclasses

import pytest
from hostile_corpus import VIDEOS

from mebench.challenge.checks.findings import Enough, Findings
from mebench.challenge.reading.formats.files import DataFile
from mebench.challenge.reading.readers import READERS
from mebench.challenge.reading.submission import Reading
from mebench.challenge.safety.limits import SubmissionLimits
from mebench.tasks.catalogue import task_of
from mebench.tasks.expected import Expected

CSV = "subject,video,onset,offset,type\n"
LABELS = "database,subject,clip,emotion\n"
MEGC = "vid,pred_onset,pred_offset,type\n"
LIMITS = SubmissionLimits()


@pytest.fixture
def read(tmp_path):
    """Read files, given by their names and texts, as those of a task."""

    def read(task: str, texts: dict[str, str], limits: SubmissionLimits = LIMITS, **expected) -> Reading:
        files = []
        for name, text in texts.items():
            (tmp_path / name).write_text(text)
            files.append(DataFile(name, tmp_path / name))
        reading = Reading("in", task_of(task), Findings(), "", None)
        try:
            READERS[task](files, Expected(**{"videos": VIDEOS, **expected}), reading, limits)
        except Enough:
            reading.format = "ended"
        return reading

    return read


def kinds(reading: Reading) -> set[str]:
    return set(reading.findings.counts)


def test_all_tasks_that_are_answered_by_files_have_a_reader():
    assert set(READERS) == {"spotting", "spot_recognise", "recognition", "questions"}


def test_intervals_of_several_files_are_gathered_with_their_places(read):
    reading = read("spotting", {"a.csv": CSV + "006,006_1,1,9,micro\n", "b.csv": CSV + "007,007_1,2,8,macro\n"})
    assert kinds(reading) == set()
    assert [(r.video, r.onset, r.type) for r in reading.predictions.rows()] == [
        ("006_1", 1, "micro"),
        ("007_1", 2, "macro"),
    ]
    assert reading.places == (("a.csv", 2), ("b.csv", 2))
    assert reading.format == "mebench"


def test_a_log_says_what_is_true_and_counts_as_a_format(read):
    reading = read("spotting", {"log.txt": "1\n006_1 9 41 10 40 TP\n006_11 5 9 - - FN\n"})
    assert reading.format == "log"
    assert [(a.video, a.onset, a.offset) for a in reading.assertions] == [("006_1", 9, 41), ("006_11", 5, 9)]
    assert [(r.onset, r.offset) for r in reading.predictions.rows()] == [(10, 40)]


def test_files_of_two_formats_are_refused_by_their_names(read):
    reading = read("spotting", {"a.csv": CSV + "006,006_1,1,9,micro\n", "b.csv": MEGC + "007_1,2,8,mae\n"})
    assert reading.findings.counts == {"mixed_formats": 1}
    (problem,) = reading.findings.problems
    assert problem.expected == "files of one format"
    assert "a.csv (mebench)" in problem.found
    assert "b.csv (megc" in problem.found


def test_years_of_one_family_go_together(read):
    later = "vid;onset;offset;type\n007_1;2;8;macro\n"
    reading = read("spotting", {"a.csv": MEGC + "006_1,1,9,me\n", "b.csv": later})
    assert "mixed_formats" not in kinds(reading)
    assert reading.format.count("megc") == reading.format.count("+") + 1


@pytest.mark.parametrize(("most", "ends"), [(6, False), (5, True)])
def test_reading_ends_when_all_files_together_have_too_many_lines(read, most, ends):
    # Two files of three lines each: the header, one row, and what stands behind the last line break.
    texts = {"a.csv": CSV + "006,006_1,1,9,micro\n", "b.csv": CSV + "007,007_1,2,8,macro\n"}
    reading = read("spotting", texts, dataclasses.replace(LIMITS, total_lines=most))
    assert (kinds(reading) == {"too_many_lines"}) == ends
    assert (reading.format == "ended") == ends
    assert reading.lines == 6


def test_a_file_that_cannot_be_read_leaves_the_others(read):
    reading = read("spotting", {"a.csv": "", "b.csv": CSV + "007,007_1,2,8,macro\n"})
    assert kinds(reading) == {"empty"}
    assert (len(reading.predictions), reading.format) == (1, "mebench")


CLIPS = (("samm", "006", "c1"), ("samm", "007", "c2"))


def test_labels_are_those_of_one_file(read):
    rows = "samm,006,c1,fear\nsamm,007,c2,anger\n"
    reading = read("recognition", {"a.csv": LABELS + rows}, clips=CLIPS)
    assert (kinds(reading), reading.format, reading.places) == (set(), "mebench-labels", (("a.csv", 2), ("a.csv", 3)))
    reading = read("recognition", {"a.csv": LABELS + rows, "b.csv": LABELS + rows}, clips=CLIPS)
    assert reading.findings.counts == {"mixed_formats": 1}
    assert "a.csv, b.csv" in reading.findings.problems[0].found


def test_what_is_wrong_with_the_text_of_labels_is_told_once(read):
    reading = read("recognition", {"a.csv": LABELS + "samm,006,c1,fe\x07ar\n"}, clips=CLIPS[:1])
    assert reading.findings.counts["control"] == 1


@pytest.mark.parametrize("task", sorted(READERS))
def test_files_with_nothing_in_them_have_no_format(read, task):
    reading = read(task, {"a.csv": "", "b.csv": " \n"})
    assert reading.format == ""
    assert reading.findings.counts["empty"] == 2
    assert reading.places == ()
