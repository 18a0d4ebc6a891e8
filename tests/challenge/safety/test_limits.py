"""Limits that an honest submission stays below, and that do not contradict each other."""

from __future__ import annotations

import dataclasses

import pytest

from mebench.challenge.safety.limits import SubmissionLimits
from mebench.schema.answers import LONGEST_ANSWER
from mebench.schema.json_text import BadJson, parse_object

LIMITS = SubmissionLimits()


def test_what_one_file_may_be_all_files_together_may_be():
    assert LIMITS.file_bytes <= LIMITS.total_bytes
    assert LIMITS.lines <= LIMITS.total_lines
    assert LIMITS.line_chars <= LIMITS.file_bytes
    assert LIMITS.manifest_bytes <= LIMITS.file_bytes


def test_an_archive_may_hold_what_a_folder_may():
    assert LIMITS.archive.members >= LIMITS.files
    assert LIMITS.archive.member_bytes >= LIMITS.file_bytes
    assert LIMITS.archive.total_bytes >= LIMITS.total_bytes


def test_the_longest_answer_fits_its_line():
    assert LIMITS.answer_chars == LONGEST_ANSWER <= LIMITS.line_chars


def test_a_line_for_every_frame_of_a_long_video_fits():
    # Intervals of 1 frame in 100 videos of 5 minutes at 10 a second.
    assert LIMITS.total_lines >= 100 * 5 * 60 * 10


def test_nesting_and_digits_end_where_they_say():
    deepest = '{"a":' * 8 + "1" + "}" * 8
    parse_object(deepest.encode(), LIMITS.json)
    parse_object(b'{"a": ' + b"1" * 30 + b"}", LIMITS.json)
    with pytest.raises(BadJson):
        parse_object(f'{{"a":{deepest}}}'.encode(), LIMITS.json)
    with pytest.raises(BadJson):
        parse_object(b'{"a": ' + b"1" * 31 + b"}", LIMITS.json)


def test_limits_cannot_be_moved_while_they_hold():
    with pytest.raises(dataclasses.FrozenInstanceError):
        LIMITS.files = 1_000_000
    assert dataclasses.replace(LIMITS, files=1).files == 1
