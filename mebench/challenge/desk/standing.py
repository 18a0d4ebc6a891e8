"""How teams stand in the end: which submission of each counts, and how they rank by the part that nobody saw.

Conventions
-----------
The final score of a team is that of the hidden part of its submission that counts (of everything, where a challenge
hides nothing). Teams are ranked by it, equal scores share a rank, and the earlier submission is listed first. Which of
them are tied is said in `ties`.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from mebench.challenge.desk.baselines import list_baselines
from mebench.challenge.desk.config import Challenge
from mebench.challenge.desk.doubts import doubted_receipts
from mebench.challenge.desk.receipt import PublicScore, Receipt, team_key
from mebench.challenge.desk.rule_tables import Column
from mebench.challenge.desk.store import Store
from mebench.challenge.desk.ties import Ties, find_ties, too_few
from mebench.challenge.desk.truths import RulesInForce
from mebench.errors import UserError
from mebench.metrics.catalogue import metric_of
from mebench.schema.scorecard import Score, Scorecard


@dataclasses.dataclass(frozen=True)
class Place:
    """One row of the final ranking.

    Attributes
    ----------
    rank : None for a baseline.
    shared : whether another team has the same final score.
    name, method : of the team, or of the baseline.
    scores : of the final part, by column `metric:scope`; None where it has none.
    public : the public score of the ranking column, as its team knows it.
    public_rank : by that score among the submissions that count.
    tied_with : teams that cannot be told apart from it.
    receipt, received, entries : of the submission that counts, and how many its team has in the phase.
    """

    rank: int | None
    shared: bool
    name: str
    method: str
    scores: Mapping[str, Score | None]
    public: PublicScore | None
    public_rank: int | None = None
    tied_with: tuple[str, ...] = ()
    receipt: str = ""
    received: str = ""
    entries: int = 0


@dataclasses.dataclass(frozen=True)
class Standing:
    """The final ranking of a phase.

    Attributes
    ----------
    phase : whose submissions compete.
    part : of the truth that ranks: `hidden`, or `all` where nothing is hidden.
    column : the score that ranks.
    counts : which submission of a team competes: its `best` by the public score, or its `latest`.
    subjects : of the part that ranks.
    places : teams, best first.
    baselines : rows without a rank, by name.
    is_tested : whether ties come from the paired test, and not from overlapping intervals.
    notes : what a reader must know, one sentence each.
    """

    phase: str
    part: str
    column: Column
    counts: str
    subjects: int
    places: tuple[Place, ...]
    baselines: tuple[Place, ...]
    is_tested: bool
    notes: tuple[str, ...]


def chosen(
    challenge: Challenge, receipts: Sequence[Receipt], counts: Literal["", "best", "latest"] = ""
) -> list[Receipt]:
    """Return the submission of each team that counts, the best public score first; the earlier of equals is the better.

    Parameters
    ----------
    challenge : its `rank_by` is what is meant by best.
    receipts : of one phase.
    counts : `best` or `latest`; that of the board when it is empty.
    """
    counts = counts or challenge.board.show
    teams: dict[str, Receipt] = {}
    for receipt in sorted(receipts, key=lambda r: (r.received, r.id)):
        key = team_key(receipt.team)
        is_better = key in teams and public_merit(challenge, receipt) > public_merit(challenge, teams[key])
        if key not in teams or counts == "latest" or is_better:
            teams[key] = receipt
    return sorted(teams.values(), key=lambda r: (-public_merit(challenge, r), r.received, r.id))


def public_score(receipt: Receipt, column: Column) -> PublicScore | None:
    """Return one public score of a receipt, or None."""
    return next((s for s in receipt.scores if (s.metric, s.scope) == column), None)


def public_merit(challenge: Challenge, receipt: Receipt) -> float:
    """Return the public score that ranks, turned so that more is better; least of all where there is none."""
    return _merit(public_score(receipt, challenge.rank_by))


def _merit(score: PublicScore | Score | None) -> float:
    if score is None:
        return -math.inf
    if metric_of(score.metric).higher_is_better:
        return score.value
    return -score.value if score.defined else -math.inf


def final_standing(challenge: Challenge, store: Store, receipts: Sequence[Receipt], rules: RulesInForce) -> Standing:
    """Rank the teams of the final phase.

    Parameters
    ----------
    challenge : its `[final]` says which phase and which submissions.
    store : the scorecards.
    receipts : those that were not withdrawn.
    rules : those in force.

    Raises
    ------
    UserError : when a receipt of the phase was given under other rules, or a scorecard lacks the score that ranks.
    """
    phase = challenge.final_phase.name
    own = [receipt for receipt in receipts if receipt.phase == phase]
    _refuse_older(challenge, own, rules)
    _refuse_doubted(challenge, store, own)
    competing = chosen(challenge, own, challenge.final.counts)
    found = {receipt.id: _final_card(challenge, store.papers(receipt.id), receipt) for receipt in competing}
    part = next((part for part, _ in found.values()), "hidden")
    cards = {id: card for id, (_, card) in found.items()}
    ties = find_ties(cards, challenge.rank_by)
    places = _places(challenge, competing, cards, ties, Counter(team_key(receipt.team) for receipt in own))
    subjects = max((len(card.by_subject) for card in cards.values()), default=0)
    return Standing(
        phase,
        part,
        challenge.rank_by,
        challenge.final.counts or challenge.board.show,
        subjects,
        places,
        tuple(_baselines(challenge, rules, part)),
        ties.is_tested,
        tuple(_notes(subjects, len(places), ties.is_tested)),
    )


def _places(
    challenge: Challenge,
    competing: Sequence[Receipt],
    cards: Mapping[str, Scorecard],
    ties: Ties,
    entries: Mapping[str, int],
) -> tuple[Place, ...]:
    """Return the rows of teams, best first."""
    merit = {receipt.id: _merit(cards[receipt.id].find(*challenge.rank_by)) for receipt in competing}
    ordered = sorted(competing, key=lambda r: (-merit[r.id], r.received, r.id))
    merits = [merit[receipt.id] for receipt in ordered]
    publics = sorted((public_merit(challenge, receipt) for receipt in competing), reverse=True)
    return tuple(
        Place(
            rank=merits.index(merit[receipt.id]) + 1,
            shared=merits.count(merit[receipt.id]) > 1,
            name=receipt.team,
            method=receipt.method,
            scores=_columns(challenge, cards[receipt.id]),
            public=public_score(receipt, challenge.rank_by),
            public_rank=publics.index(public_merit(challenge, receipt)) + 1,
            tied_with=tuple(other.team for other in ordered if ties.between(receipt.id, other.id)),
            receipt=receipt.id,
            received=receipt.received,
            entries=entries[team_key(receipt.team)],
        )
        for receipt in ordered
    )


def _refuse_doubted(challenge: Challenge, store: Store, receipts: Sequence[Receipt]) -> None:
    doubted = doubted_receipts(challenge, store, receipts)
    if doubted:
        id, reason = next(iter(doubted.items()))
        raise UserError(
            f"{len(doubted)} of {len(receipts)} submissions are not borne out by their kept scorecards "
            f"(the first, {id}: {reason.rstrip('.')}): run `mebench challenge regrade {challenge.folder}` first, or "
            "withdraw them."
        )


def _refuse_older(challenge: Challenge, receipts: Sequence[Receipt], rules: RulesInForce) -> None:
    older = sum(receipt.rules not in rules for receipt in receipts)
    if older:
        raise UserError(
            f"{older} of {len(receipts)} submissions were graded under other rules or another truth and would be left "
            f"out: run `mebench challenge regrade {challenge.folder}` first, or withdraw them."
        )


def _final_card(challenge: Challenge, papers: Mapping[str, str], receipt: Receipt) -> tuple[str, Scorecard]:
    """Return the part that ranks and the card of it."""
    part = "hidden" if "hidden" in papers else "all"
    if part not in papers:
        raise UserError(
            f"The scorecards of the receipt {receipt.id} are lost: run `mebench challenge regrade {challenge.folder}`."
        )
    card = Scorecard.from_json(papers[part])
    if card.find(*challenge.rank_by) is None:
        raise UserError(
            f"No final ranking: the {part} part of the truth has no {challenge.rank_by}: choose another rank_by under "
            "[board], or other hidden items."
        )
    return part, card


def _columns(challenge: Challenge, card: Scorecard) -> dict[str, Score | None]:
    return {str(column): card.find(*column) for column in challenge.columns}


def _notes(subjects: int, teams: int, is_tested: bool) -> list[str]:
    if not is_tested or not too_few(subjects, teams):
        return []
    return [
        f"{subjects} subjects are too few to tell any of {teams} teams apart by the test: the order is that of the "
        "scores alone, and says little."
    ]


def _baselines(challenge: Challenge, rules: RulesInForce, part: str) -> list[Place]:
    """Return the baselines under the rules in force."""
    rows = []
    for baseline in list_baselines(challenge):
        if baseline.rules in rules:
            cards = {name: Scorecard.from_json(text) for name, text in baseline.cards.items()}
            final = cards.get(part)
            scores = {str(c): final.find(*c) if final else None for c in challenge.columns}
            told = cards.get("public", cards.get("all"))
            public = told.find(*challenge.rank_by) if told else None
            rounded = None
            if public is not None:
                value = round(public.value, challenge.board.decimals)
                rounded = PublicScore(public.metric, public.scope, value, public.defined)
            rows.append(Place(None, False, baseline.name, "baseline", scores, rounded))
    return rows
