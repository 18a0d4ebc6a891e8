from __future__ import annotations

import dataclasses

import pytest

from mebench.challenge.desk.receipt import PublicScore, Receipt, RulesDigest, receipt_id
from mebench.errors import UserError
from mebench.schema.scorecard import ProtocolRef

RULES = RulesDigest(ProtocolRef("megc2022-spotting", "1"), "c", "t", "s")
GOOD = Receipt(
    receipt_id("test", "Alpha", "ab"),
    "Alpha",
    "m",
    "test",
    "2026-05-01T12:00:00Z",
    "ab",
    RULES,
    "0.1.0",
    (PublicScore("f1", "overall", 0.5),),
)


def test_a_receipt_is_read_as_it_was_written():
    assert Receipt.from_json(GOOD.to_json()) == GOOD
    assert GOOD.whose == ("test", "alpha", "2026-05-01", "2026-05-01T12:00:00Z")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"team": "Beta"}, "was changed after it was written"),
        ({"phase": "final"}, "was changed after"),
        ({"submission": "ac"}, "was changed after"),
        ({"id": "0" * 20}, "was changed after"),
        ({"received": "2026-05-01"}, "was changed after"),
        ({"received": "2026-05-01T12:00:00Z\n"}, "was changed after"),
        ({"schema": 3}, "schema 3, this mebench reads 2: install a newer"),
    ],
)
def test_a_receipt_that_was_changed_or_is_newer_is_refused(changes, message):
    with pytest.raises(UserError, match=message):
        Receipt.from_json(dataclasses.replace(GOOD, **changes).to_json())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no JSON"),
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "must be an object"),
        ("7", "must be an object"),
        ('{"schema": 1}', "lacks the field"),
        ("{}", "has schema None"),
        (GOOD.to_json().replace('"method"', '"metod"'), "unknown field 'metod'"),
    ],
)
def test_what_is_no_receipt_is_refused(text, message):
    with pytest.raises(UserError, match=message):
        Receipt.from_json(text)
