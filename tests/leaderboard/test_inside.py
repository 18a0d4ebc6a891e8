"""What opens below a method, packed."""

from __future__ import annotations

import base64
import gzip
import json
import re

from mebench.leaderboard.cards import read_card
from mebench.leaderboard.groups import group_cards
from mebench.leaderboard.inside import LIMIT, pack, packed_details
from mebench.leaderboard.tables import build_board

NASTY = "</script><script>alert(1)</script>"


def details(*runs):
    (group,) = group_cards([read_card(run) for run in runs])
    board = build_board(group, 1)
    return packed_details(board, board.rows[0])


def test_packing_loses_nothing_and_does_not_depend_on_the_hour():
    text = "Höhepunkt\n" * 100
    assert gzip.decompress(base64.b64decode(pack(text))).decode() == text
    assert base64.b64decode(pack(text))[4:8] == bytes(4)


def test_a_method_and_its_subjects_are_packed_once_each(make_run):
    packed = json.loads(details(make_run()))
    assert list(packed) == ["g1-m1", "g1-m1-s1", "g1-m1-s2"]
    html = {id: gzip.decompress(base64.b64decode(text)).decode() for id, text in packed.items()}
    assert html["g1-m1"].count("<figure") == 0
    assert [html[f"g1-m1-s{i}"].count("<figure") for i in (1, 2)] == [2, 1]


def test_nothing_in_it_can_end_its_element(make_run):
    assert re.fullmatch(r'[\w{}":,+/=-]+', details(make_run(NASTY, {NASTY: NASTY}, environment={NASTY: NASTY})))


def test_a_small_run_is_far_from_the_limit(make_run):
    assert len(details(make_run())) < LIMIT / 20
