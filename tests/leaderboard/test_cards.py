"""Cards as the leaderboard sees them: what they share, and what ranks them."""

from __future__ import annotations

import dataclasses

import pytest

from mebench.errors import UserError
from mebench.leaderboard.cards import NONE, Card, read_card
from mebench.protocols.base import Predicted
from mebench.schema.scorecard import ProtocolRef, Score
from tests.every_task import TASKS


@pytest.fixture
def card(make_run) -> Card:
    return read_card(make_run())


def ranked_by(card: Card, **changes) -> Card:
    """Return a card whose ranking score is another."""
    metric, scope = card.ranking
    others = tuple(s for s in card.card.scores if (s.metric, s.scope) != (metric, scope))
    score = Score(metric, scope, **changes)
    return Card(card.path, card.card.replace(scores=(*others, score)))


def test_a_run_and_its_file_are_the_same_card(make_run):
    run = make_run()
    of_run, of_file = read_card(run), read_card(run / "scorecard.json")
    assert of_run.card == of_file.card
    assert of_run.run == of_file.run == run
    with pytest.raises(UserError, match=r"scorecard\.json"):
        read_card(run / "truth")


def test_cards_are_comparable_when_all_that_matters_is_equal(card):
    assert Card(card.path, card.card.replace(method=dataclasses.replace(card.card.method, id="x"))).comparable == (
        card.comparable
    )
    changes = [
        {"dataset": dataclasses.replace(card.card.dataset, digest="other")},
        {"dataset": dataclasses.replace(card.card.dataset, id="other")},
        {"protocol": dataclasses.replace(card.card.protocol, version="2")},
        {"convention": {**card.card.convention, "fingerprint": "other"}},
    ]
    found = {Card(card.path, card.card.replace(**change)).comparable for change in changes}
    assert len(found | {card.comparable}) == len(changes) + 1


def test_merit_and_reach_are_those_of_the_score_that_ranks(card):
    assert card.ranking == ("f1", "overall")
    assert not card.lower_is_better
    better = ranked_by(card, value=0.5, ci95=(0.25, 0.75))
    assert (better.merit, better.reach) == (0.5, (0.25, 0.75))
    alone = ranked_by(card, value=0.5)
    assert alone.reach == (0.5, 0.5)


def test_where_less_is_better_both_are_turned(card, monkeypatch):
    kind = type("Less", (Card,), {"lower_is_better": True})
    turned = kind(card.path, ranked_by(card, value=0.5, ci95=(0.25, 0.75)).card)
    assert (turned.merit, turned.reach) == (-0.5, (-0.75, -0.25))
    undefined = kind(card.path, ranked_by(card, value=0.0, defined=False).card)
    assert undefined.merit == float("-inf")


def test_a_protocol_that_nobody_knows_ranks_by_what_there_is(card):
    unknown = card.card.replace(protocol=ProtocolRef("nobodys", "1"))
    assert Card(card.path, unknown).ranking == ("f1", "overall")
    auc = Score("auc", "macro", 0.5)
    assert Card(card.path, unknown.replace(scores=(auc,))).ranking == ("auc", "macro")
    empty = Card(card.path, unknown.replace(scores=()))
    assert empty.ranking == ("f1", "overall")
    assert empty.merit == float("-inf")


def test_a_scope_or_a_score_that_is_not_there(card):
    assert card.counts("nowhere") == NONE
    assert card.score("f1", "nowhere") is None


@pytest.mark.parametrize("name", TASKS)
def test_every_task_ranks_the_better_of_two_cards_first(name, tmp_path):
    kind, data, _ = TASKS[name]
    merits = []
    for quality in (0.2, 1.0):
        predictions, truth = data(quality)
        merits.append(Card(tmp_path, kind().score(Predicted(predictions), truth)).merit)
    assert merits[0] < merits[1]
