"""JSON is read when it is honest and refused, with a reason, when it is not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.challenge.limits import SubmissionLimits
from mebench.challenge.strict_json import BadJson, parse_json

LIMITS = SubmissionLimits(json_depth=4, json_digits=20)


def refused(text: str) -> str:
    with pytest.raises(BadJson) as caught:
        parse_json(text, LIMITS)
    return caught.value.kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "json"),
        ("{'a': 1}", "json"),
        ('{"a": 1} x', "json"),
        ("[[[[[1]]]]]", "json_depth"),
        ("[" * 1_000_000, "json_depth"),
        ('{"a":' * 1_000, "json_depth"),
        ('["\\"", [[[[]]]]]', "json_depth"),
        ("9" * 5_000, "json_number"),
        ("-" + "9" * 20, "json_number"),
        ("1e400", "json_number"),
        ("NaN", "json_number"),
        ("-Infinity", "json_number"),
        ('{"a": 1, "a": 2}', "json_key"),
        ('["\\ud800"]', "json_text"),
        ('{"\\udfff": 1}', "json_text"),
    ],
)
def test_what_is_dishonest_is_refused(text, kind):
    assert refused(text) == kind


def test_brackets_in_texts_are_no_nesting():
    assert parse_json('["[[[[[[", "\\"[[[[[", "\\\\"]', LIMITS) == ["[[[[[[", '"[[[[[', "\\"]


def test_the_column_of_a_slip_is_told():
    with pytest.raises(BadJson, match="column 7") as caught:
        parse_json('{"a": }', LIMITS)
    assert caught.value.expected == "JSON"


plain = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(plain | st.text(), lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(), v, max_size=3))


@given(values)
def test_honest_json_is_read_as_the_library_reads_it(value):
    limits = SubmissionLimits(json_depth=100)
    assert parse_json(json.dumps(value), limits) == value
    assert parse_json(json.dumps(value, ensure_ascii=False), limits) == value
