"""Quotes keep the reader's own script, and neither steer a terminal nor pass one text off as another."""

from __future__ import annotations

import pytest

from mebench.schema.quoting import quoted


@pytest.mark.parametrize(
    "text", ["被试", "被试,视频,起始帧,结束帧,类型", "видео", "الموضوع", "sujet d'essai é", "ビデオ", "🙂"]
)
def test_what_prints_stays_as_it_is(text):
    assert quoted(text) == repr(text)
    assert text in quoted(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", "'\\x1b[31mred\\x07'"),
        ("a\u202eb", "'a\\u202eb'"),
        ("被\u200b试", "'被\\u200b试'"),
        ("a\u2028b\nc", "'a\\u2028b\\nc'"),
        ("\ud800", "'\\ud800'"),
        ("a\xa0b", "'a\\xa0b'"),
    ],
)
def test_what_does_not_print_is_escaped(text, shown):
    assert quoted(text) == shown
    assert shown.isprintable()


@pytest.mark.parametrize(
    "text", ["ｍｅ", "１２", "\u043ens\u0435t", "\u043c\u0435\u043e"[1:], "\u22125", "‘micro’", "a；b", "e\u0301"]
)
def test_what_would_be_taken_for_ascii_is_escaped(text):
    assert quoted(text).isascii()
    assert "\\" in quoted(text)


def test_quotes_are_cut():
    assert quoted("被" * 10_000) == repr("被" * 57 + "...")
    assert quoted(None) == "'nothing'"
