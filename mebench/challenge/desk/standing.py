"""How teams stand in the end: which submission of each counts, and how they rank by the part that nobody saw.

Conventions
-----------
The final score of a team is that of the hidden part of its submission that counts (of everything, where a challenge
hides nothing). Teams are ranked by it, equal scores share a rank, and the earlier submission is listed first. Two teams
are *tied* when a paired permutation test over the subjects of that part, Holm-corrected over all pairs of teams, gives
p >= .05. Where a score is no function of sums over subjects, overlapping 95% intervals tie two teams instead:

    rank   team   hidden part        tied with
    1      A      [-----o-----]      B             the test cannot tell A from B ...
    2      B         [----o----]     A, C          ... nor B from C, but it tells A from C
    3      C      [--o--]            B
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Literal

from mebench.analysis.compare import p_value, statistic_for
from mebench.challenge.desk.baselines import list_baselines
from mebench.challenge.desk.config import Challenge
from mebench.challenge.desk.receipt import PublicScore, Receipt, team_key
from mebench.challenge.desk.rule_tables import Column
from mebench.challenge.desk.store import Store
from mebench.challenge.desk.truths import RulesInForce
from mebench.errors import UserError
from mebench.metrics.catalogue import metric_of
from mebench.metrics.statistics.holm import LEVEL, holm
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
    competing = chosen(challenge, own, challenge.final.counts)
    cards = {receipt.id: _final_card(challenge, store.papers(receipt.id), receipt) for receipt in competing}
    part = next((part for part, _ in cards.values()), "hidden")
    found = {id: card for id, (_, card) in cards.items()}
    ties, is_tested = _ties(challenge, competing, found)
    subjects = max((len(card.by_subject) for card in found.values()), default=0)
    entries = [team_key(receipt.team) for receipt in own]
    ordered = sorted(competing, key=lambda r: (-_merit(found[r.id].find(*challenge.rank_by)), r.received, r.id))
    merits = [_merit(found[r.id].find(*challenge.rank_by)) for r in ordered]
    publics = sorted((public_merit(challenge, r) for r in competing), reverse=True)
    places = tuple(
        Place(
            rank=merits.index(merit) + 1,
            shared=merits.count(merit) > 1,
            name=receipt.team,
            method=receipt.method,
            scores=_columns(challenge, found[receipt.id]),
            public=public_score(receipt, challenge.rank_by),
            public_rank=publics.index(public_merit(challenge, receipt)) + 1,
            tied_with=tuple(other.team for other in ordered if frozenset((receipt.id, other.id)) in ties),
            receipt=receipt.id,
            received=receipt.received,
            entries=entries.count(team_key(receipt.team)),
        )
        for receipt, merit in zip(ordered, merits, strict=True)
    )
    counts = challenge.final.counts or challenge.board.show
    notes = tuple(_notes(subjects, len(places), is_tested))
    shown = tuple(_baselines(challenge, rules, part))
    return Standing(phase, part, challenge.rank_by, counts, subjects, places, shown, is_tested, notes)


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


def _ties(
    challenge: Challenge, receipts: Sequence[Receipt], cards: Mapping[str, Scorecard]
) -> tuple[set[frozenset[str]], bool]:
    """Return the pairs of receipts that cannot be told apart, and whether a test says so."""
    metric, scope = challenge.rank_by
    pairs = list(itertools.combinations([receipt.id for receipt in receipts], 2))
    kept = {id: statistic_for(card, metric, scope) for id, card in cards.items()}
    p_values = []
    for one, other in pairs:
        first, second = kept[one], kept[other]
        if first is None or second is None or not first.fits(second):
            return {
                frozenset(pair) for pair in pairs if _overlap(*(cards[id].find(metric, scope) for id in pair))
            }, False
        p_values.append(p_value(first, second, metric))
    adjusted = holm(p_values).tolist()
    return {frozenset(pair) for pair, p in zip(pairs, adjusted, strict=True) if p >= LEVEL}, True


def _overlap(first: Score | None, second: Score | None) -> bool:
    if first is None or second is None or first.ci95 is None or second.ci95 is None:
        return first is None or second is None or first.value == second.value
    return first.ci95[0] <= second.ci95[1] and second.ci95[0] <= first.ci95[1]


def _notes(subjects: int, teams: int, is_tested: bool) -> list[str]:
    pairs = teams * (teams - 1) // 2
    # Two teams that differ in every subject get this p at least, and Holm multiplies the smallest by the pairs.
    if is_tested and pairs and pairs * 2.0 ** (1 - subjects) >= LEVEL:
        return [
            f"{subjects} subjects are too few to tell any of {teams} teams apart by the test: the order is that of "
            "the scores alone, and says little."
        ]
    return []


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
