"""JSON is read when it is honest and refused, with a reason, when it is not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.errors import UserError
from mebench.schema.json_text import BadJson, JsonLimits, parse_json, parse_object, read_json_object, read_toml

LIMITS = JsonLimits(depth=4, digits=20)


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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "its end too early at column 1"),
        ('{"a": ', "its end too early at column 7"),
        ("{'a': 1}", '"\'" at column 2'),
        ('{"a"\n 1}', "'1' at line 2, column 2"),
        ('{"a": 1} x', "more behind its end at column 10"),
        ('["a', "a text without its closing quote at column 2"),
        ('["\\q"]', "an unknown escape at column 3"),
        ('["\t"]', "a control character in a text at column 3"),
    ],
)
def test_what_is_broken_is_told_in_words_of_ours(text, found):
    with pytest.raises(BadJson) as caught:
        parse_json(text)
    assert str(caught.value) == f"expected JSON, found {found}"


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
    limits = JsonLimits(depth=100)
    assert parse_json(json.dumps(value), limits) == value
    assert parse_json(json.dumps(value, ensure_ascii=False), limits) == value


@pytest.mark.parametrize(
    ("text", "found"),
    [("[]", "a list"), ("null", "null"), ('"x"', "text"), ("1", "a number"), ("true", "true or false")],
)
def test_what_is_no_object_is_told(text, found):
    with pytest.raises(BadJson, match=f"expected an object, found {found}"):
        parse_object(text)


HOSTILE = {
    "deep list": "[" * 100_000,
    "deep object": '{"a":' * 100_000,
    "closed": "[" * 5_000 + "]" * 5_000,
    "list": "[]",
    "null": "null",
    "text": '"x"',
    "number": "1",
    "nan": '{"a": NaN}',
    "infinity": '{"a": -Infinity}',
    "too large": '{"a": 1e999}',
    "digits": '{"a": ' + "9" * 5_000 + "}",
    "cut": '{"a": 1',
    "empty": "",
    "twice": '{"a": 1, "a": 2}',
    "half": '{"a": "\\ud800"}',
}
"""Texts where an object is expected, each of which must become one sentence."""


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_one_sentence_with_the_fix(tmp_path, text):
    path = tmp_path / "card.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"card\.json cannot be read \(expected .*\): grade again\.$") as caught:
        read_json_object(path, "grade again")
    assert len(str(caught.value)) < 300 + len(str(path))


def test_bytes_that_are_no_utf8_and_missing_files_are_told(tmp_path):
    (tmp_path / "a.json").write_bytes(b'{"a": "\xff"}')
    with pytest.raises(UserError, match="the byte 0xff"):
        read_json_object(tmp_path / "a.json", "write it again")
    with pytest.raises(UserError, match="No such file"):
        read_json_object(tmp_path / "b.json", "write it again")


def test_a_byte_order_mark_is_passed_over(tmp_path):
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert read_json_object(tmp_path / "a.json", "x") == {"a": 1}


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 50_000,
        "a = " + "{a = " * 5_000,
        "a = " + "[" * 80 + "]" * 80,
        "a." * 100 + "a = 1",
        "a = nan",
        "a = [1.0, -inf]",
        "a = " + "9" * 5_000,
        "a = " + "9" * 500,
        "a = ",
        "a = 1\na = 2",
    ],
)
def test_hostile_toml_is_one_sentence_with_the_fix(tmp_path, text):
    path = tmp_path / "challenge.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"challenge\.toml cannot be read \(.*\): mend it\.$"):
        read_toml(path, "mend it")


def test_honest_toml_is_read(tmp_path):
    (tmp_path / "a.toml").write_text("[a.b]\nc = [1, 2.5]\n", encoding="utf-8")
    assert read_toml(tmp_path / "a.toml", "x") == {"a": {"b": {"c": [1, 2.5]}}}
    with pytest.raises(FileNotFoundError):
        read_toml(tmp_path / "b.toml", "x")
