from __future__ import annotations

import dataclasses
import itertools

import pytest
from small_challenge import EVENTS, VIDEOS

from mebench.challenge.desk.config import load_challenge
from mebench.challenge.desk.grader import Desk
from mebench.challenge.desk.rule_tables import Visibility
from mebench.challenge.desk.truths import check_columns, complete_split, rules_of, submitted_task
from mebench.errors import UserError
from mebench.metrics.conventions.spotting import SpottingConvention
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth, VideoTable

ALL = ("1/b", "2/c", "x/1/a")


def test_empty_lists_are_filled():
    assert complete_split(Visibility(), ALL) == Visibility(ALL, ())
    assert complete_split(Visibility(public=("2/c",)), ALL) == Visibility(("2/c",), ("1/b", "x/1/a"))
    assert complete_split(Visibility(hidden=("x/1/a",)), ALL) == Visibility(("1/b", "2/c"), ("x/1/a",))


@pytest.mark.parametrize(
    ("split", "message"),
    [
        (Visibility(("2/C",)), "Did you mean '2/c'"),
        (Visibility(("2/c",), ("2/c",)), "in public and in hidden"),
        (Visibility(("2/c",), ("1/b",)), "'x/1/a' in neither"),
    ],
)
def test_lists_that_contradict_the_truth_are_told(split, message):
    with pytest.raises(UserError, match=message):
        complete_split(split, ALL)


@pytest.mark.parametrize("column", ["f1:macros", "accuracy:overall", "auc:overall", "f1:casme2"])
def test_columns_that_no_submission_gets_are_told(make_challenge, column):
    challenge = make_challenge(("f1:macro", column))
    truth = Truth.read(challenge.truth)
    with pytest.raises(
        UserError, match=f'challenge.toml .board.: columns has "{column}".* choose of .*f1:macro, f1:micro'
    ):
        check_columns(challenge, truth)
    with pytest.raises(UserError, match="choose of"):
        Desk(challenge)


def test_columns_are_those_of_the_public_part(make_challenge):
    challenge = make_challenge(("hidden = []", 'hidden = ["s1/a", "s1/b"]'))
    check_columns(challenge, Truth.read(challenge.truth))


def test_the_rules_change_with_truth_convention_and_split(make_challenge):
    challenge = make_challenge()
    truth = Truth.read(challenge.truth)
    digests = {
        rules_of(dataclasses.replace(challenge, **changes), use).now.digest
        for changes, use in (
            ({}, truth),
            ({}, dataclasses.replace(truth, events=truth.events.select(slice(1, None)))),
            ({"convention": "softnet"}, truth),
            ({"protocol": "megc2021-spotting"}, truth),
            ({"split": Visibility(hidden=("s1/a",))}, truth),
        )
    }
    assert len(digests) == 5
    assert rules_of(dataclasses.replace(challenge, title="other"), truth).now.digest in digests


def test_tasks_that_the_kit_cannot_grade_are_told():
    assert submitted_task(PROTOCOLS.get("megc2022-spotting")()).id == "spotting"
    with pytest.raises(UserError, match="coders give and no participant submits"):
        submitted_task(PROTOCOLS.get("megc2021-generation")())
    with pytest.raises(UserError, match="generation-likeness grades generated clips, which runs make and no partic"):
        submitted_task(PROTOCOLS.get("generation-likeness")())


# The fingerprints of mebench 0.1.0, whose conventions were one list of rules for every task.
OLD = {"": "7b3ee66ee3e27393", "softnet": "f77920db01caf1ee"}


@pytest.mark.parametrize("preset", OLD)
def test_rules_are_told_in_the_form_of_0_1_0_too(preset, make_challenge):
    challenge = dataclasses.replace(make_challenge(), convention=preset)
    rules = rules_of(challenge, Truth.read(challenge.truth))
    plain, of_0_1_0 = rules.before
    assert of_0_1_0 == dataclasses.replace(plain, convention=OLD[preset])
    assert plain.convention == rules.now.convention
    assert all(known in rules for known in (rules.now, plain, of_0_1_0))
    assert dataclasses.replace(rules.now, convention="0" * 16) not in rules
    assert dataclasses.replace(of_0_1_0, truth="0" * 64) not in rules
    assert rules.digests == (rules.now.digest, plain.digest, of_0_1_0.digest)


def test_rules_that_0_1_0_did_not_have_get_no_old_form(make_challenge, monkeypatch):
    challenge = make_challenge()
    truth = Truth.read(challenge.truth)
    monkeypatch.setattr(SpottingConvention, "differing", lambda self: {"a_later_rule": 1})
    rules = rules_of(challenge, truth)
    assert len(set(rules.before)) == 1


def labelled(events, kinds):
    rows = [(*event[:4], kind) for event, kind in zip(events, kinds, strict=True)]
    return Truth(Intervals.from_rows(rows), VideoTable.from_rows(VIDEOS), "tiny")


def test_hidden_labels_are_not_found_by_trying(make_challenge):
    challenge = make_challenge()
    rules = rules_of(challenge, Truth.read(challenge.truth))
    told = {rules.now.truth, rules.now.split, rules.now.digest}
    tried = [labelled(EVENTS, kinds) for kinds in itertools.product(("micro", "macro"), repeat=len(EVENTS))]
    plain = {truth.digest() for truth in tried}
    assert rules.before[0].truth in plain, "without a key, trying finds it"
    other = dataclasses.replace(challenge, folder=challenge.folder.parent / "other")
    keyed_otherwise = [rules_of(other, truth) for truth in tried]
    everything = {form for r in keyed_otherwise for rule in (r.now, *r.before) for form in (rule.truth, rule.split)}
    assert not told & (plain | everything | {digest for r in keyed_otherwise for digest in r.digests})


def test_equal_rules_of_one_challenge_are_told_as_equal(make_challenge):
    challenge = make_challenge()
    truth = Truth.read(challenge.truth)
    assert rules_of(challenge, truth) == rules_of(load_challenge(challenge.folder), truth)
