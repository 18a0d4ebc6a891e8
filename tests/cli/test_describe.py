"""`mebench describe`: one of each kind, settings the way they are typed, and what is refused."""

from __future__ import annotations

import pytest

from .conftest import Mebench


@pytest.mark.parametrize(
    ("id", "kind", "words"),
    [
        ("samm_lv", "dataset", "SAMM"),
        ("megc2020-spotting", "protocol", "published numbers are recomputed with --convention megc2020"),
        ("f1", "metric", "2 TP / (2 TP + FP + FN)"),
        ("inline", "executor", "inline"),
        ("learner", "method", "published for fake_lv: steps=3"),
    ],
)
def test_one_of_every_kind(mebench: Mebench, plugin: list[str], id: str, kind: str, words: str) -> None:
    answer = mebench("describe", id, *plugin)
    assert answer.code == 0, answer.err
    assert answer.out.startswith(f"{id} ({kind}, version ")
    assert words in answer.out


def test_a_protocol_shows_where_its_rules_were_read(mebench: Mebench) -> None:
    from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting

    answer = mebench("describe", "megc2020-spotting")
    assert all(f"\n  {source}" in answer.out for source in Megc2020Spotting.sources)


def test_settings_are_described_and_not_set(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("describe", "learner:steps=4", *plugin)
    assert answer.code == 2
    assert "learner:steps=4 gives settings, which are described and not set here: give learner alone." in answer.err
    assert "Traceback" not in answer.err


def test_a_name_that_nobody_has(mebench: Mebench) -> None:
    answer = mebench("describe", "megc2020-spoting")
    assert (answer.code, answer.out) == (2, "")
    assert "executor 'megc2020-spoting'. Did you mean 'megc2020-spotting'" in answer.err


def test_a_protocol_of_intervals_tells_what_becomes_of_those_outside_the_video(mebench: Mebench) -> None:
    told = mebench("describe", "megc2022-spotting").out
    assert "are clipped to it (outside=clip); not so with --convention megc2020, strs_metric, auw_gcn" in told
    assert "outside" not in mebench("describe", "megc2019-cde").out


def test_an_id_of_two_kinds_is_described_as_both(mebench: Mebench) -> None:
    answer = mebench("describe", "openface")
    assert "openface (action-unit detector, " in answer.out
    assert "\n\nopenface (landmark detector, " in answer.out
