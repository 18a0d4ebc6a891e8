"""Every card that our own grading writes is consistent, and every kind of alteration by hand is seen."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mebench.analysis.consistency import Consistency, as_they_stand, consistency_of, require_consistent
from mebench.errors import UserError
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import Score, Scorecard
from tests.analysis.cards import BASELINES, EVERY, HISTORIC, SPOTTING, altered, card_of, score_in, spotted

BOTH = ("casme_sq", "samm_lv")


@pytest.mark.parametrize("protocol", EVERY)
@pytest.mark.parametrize("quality", [0.0, 0.4, 1.0])
def test_what_we_grade_is_consistent_under_every_convention(protocol, quality):
    for rules in PROTOCOLS.get(protocol).presets().values():
        card = card_of(protocol, quality, rules)
        assert consistency_of(card) == Consistency()


@pytest.mark.parametrize("protocol", ["megc2021-spotting", "megc2022-spotting"])
def test_pooled_datasets_add_up(protocol):
    for rules in PROTOCOLS.get(protocol).presets().values():
        assert consistency_of(card_of(protocol, 0.6, rules, data=spotted(0.6, BOTH))).ok


ROW = st.tuples(
    st.sampled_from(["s0", "s1", "s2", "s3"]),
    st.sampled_from("ab"),
    st.integers(1, 400),
    st.integers(1, 90),
    st.sampled_from(["macro", "micro"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROW, max_size=30), st.sampled_from(SPOTTING), st.data())
def test_whatever_is_predicted_the_card_is_consistent(rows, protocol, data):
    name = data.draw(st.sampled_from(sorted(PROTOCOLS.get(protocol).presets())))
    found = Intervals.from_rows([(who, v, a, a + n, kind, 0.5) for who, v, a, n, kind in rows])
    card = card_of(protocol, 1, PROTOCOLS.get(protocol).preset(name), data=(found, spotted(1)[1]))
    assert consistency_of(card).ok


@pytest.mark.parametrize("path", [*HISTORIC, *BASELINES], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_cards_of_the_past_are_consistent(path):
    assert consistency_of(Scorecard.read(path)).faults == ()


@pytest.mark.parametrize("path", HISTORIC, ids=lambda path: path.stem)
def test_the_counts_of_old_cards_are_checked_and_the_rest_is_said_not_to_be(path):
    card = Scorecard.read(path)
    found = consistency_of(card)
    assert found.unchecked
    if card.task == "spotting":
        assert not {"f1 of overall", "precision of micro"} & set(found.unchecked)
        wrong = altered(card, lambda plain: score_in(plain, "f1", "micro").update(value=0.99))
        assert "f1 of micro is given as 0.990000" in consistency_of(wrong).reason
    if card.protocol.id.endswith("-str"):
        assert "strs of overall" in found.unchecked


@pytest.mark.parametrize("protocol", EVERY)
def test_no_score_of_ours_can_be_typed(protocol):
    card = card_of(protocol)
    for score in card.scores:
        key = score.metric, score.scope
        wrong = altered(card, lambda plain, key=key: score_in(plain, *key).update(value=0.123456, defined=True))
        assert f"{score.metric} of {score.scope} is given as 0.123456" in " ".join(consistency_of(wrong).faults)


@pytest.mark.parametrize("protocol", EVERY)
def test_no_interval_can_be_typed(protocol):
    card = card_of(protocol)
    metric, scope = PROTOCOLS.get(protocol).ranking
    assert card.score(metric, scope).ci95 is not None
    narrow = altered(card, lambda plain: score_in(plain, metric, scope).update(ci95=[0.5, 0.500001]))
    assert f"The interval of {metric} of {scope} is given as [0.5000, 0.5000]" in consistency_of(narrow).reason


@pytest.mark.parametrize("protocol", EVERY)
def test_a_score_cannot_be_kept_without_what_it_follows_from(protocol):
    card = card_of(protocol)
    metric, scope = PROTOCOLS.get(protocol).ranking
    without = consistency_of(card.replace(statistics=(), by_subject=(), by_video=()))
    assert any(f"{metric} of {scope} stands alone" in fault for fault in without.faults)


@pytest.mark.parametrize("protocol", EVERY)
def test_what_subjects_add_cannot_be_changed_behind_the_scores(protocol):
    def add(plain):
        row = next(row for row in plain["by_subject"] if row["parts"])
        row["parts"][sorted(row["parts"])[0]][0] += 1

    assert not consistency_of(altered(card_of(protocol), add)).ok


def test_metrics_of_other_packages_are_shown_and_not_judged():
    card = card_of("megc2020-spotting")
    more = card.replace(scores=(*card.scores, Score("their_score", "overall", 17.0)))
    assert consistency_of(more) == Consistency()


def test_the_auc_is_not_worked_out_but_must_be_one():
    card = card_of("megc2020-spotting")
    fair = card.replace(scores=(*card.scores, Score("auc", "micro", 0.7)))
    assert consistency_of(fair) == Consistency((), ("auc of micro",))
    wrong = card.replace(scores=(*card.scores, Score("auc", "micro", 1.2)))
    assert "auc of micro is 1.2, outside its range from 0 to 1" in consistency_of(wrong).reason.replace("0.0", "0")


def test_a_long_list_of_faults_is_cut():
    card = card_of("megc2020-spotting")
    wrong = altered(card, lambda plain: [s.update(value=0.111) for s in plain["scores"]])
    found = consistency_of(wrong)
    assert len(found.faults) > 3
    assert found.reason.endswith(f"And {len(found.faults) - 3} more.")


def test_a_card_is_refused_by_its_name():
    card = card_of("megc2020-spotting")
    require_consistent(card, "a.json")
    wrong = altered(card, lambda plain: plain.update(task="spoting"))
    with pytest.raises(UserError, match=r"^a.json is inconsistent: Its task 'spoting' is not known .* Grade its pred"):
        require_consistent(wrong, "a.json")


def test_a_card_without_any_score_says_nothing_wrong():
    empty = card_of("megc2020-spotting").replace(
        scores=(), statistics=(), counts={}, by_subject=(), by_video=(), complete=False
    )
    assert consistency_of(empty) == Consistency()


def test_scores_that_are_taken_as_they_stand_are_told_once():
    assert as_they_stand([]) == ()
    (sentence,) = as_they_stand(["auc of macro", "auc of macro", *(f"x of {i}" for i in range(6))])
    assert sentence.endswith("from: auc of macro, x of 0, x of 1, x of 2, x of 3 and 2 more.")
