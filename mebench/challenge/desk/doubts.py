"""Receipts whose kept scorecards do not bear them out: no board ranks them, and organisers are told why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mebench.analysis.consistency import consistency_of
from mebench.challenge.desk.config import Challenge
from mebench.challenge.desk.outputs import CARD_FILES
from mebench.challenge.desk.receipt import Receipt
from mebench.challenge.desk.store import Store
from mebench.errors import UserError
from mebench.schema.scorecard import Scorecard

_DIGITS = range(2, 16)


def doubted_receipts(challenge: Challenge, store: Store, receipts: Iterable[Receipt]) -> dict[str, str]:
    """Return why receipts cannot be ranked, by receipt: a card contradicts itself, or the receipt says other scores.

    Parameters
    ----------
    challenge : its columns.
    store : keeps the cards.
    receipts : those that would be ranked.
    """
    found = {receipt.id: next(_doubts(challenge, store, receipt), "") for receipt in receipts}
    return {id: reason for id, reason in found.items() if reason}


def _doubts(challenge: Challenge, store: Store, receipt: Receipt) -> Iterator[str]:
    papers = store.papers(receipt.id)
    try:
        cards = {part: Scorecard.from_json(papers[part]) for part in CARD_FILES if part in papers}
        for part, card in cards.items():
            if reason := consistency_of(card).reason:
                yield f"{CARD_FILES[part]}: {reason}"
        public = cards.get("public", cards.get("all"))
        if public is None:
            return
        for score in receipt.scores:
            if not _is_rounded(score.value, public.score(score.metric, score.scope).value, challenge.board.decimals):
                yield f"The receipt says {score.value:g} for {score.metric} of {score.scope}, its scorecard does not."
    except UserError as error:
        yield str(error)


def _is_rounded(shown: float, exact: float, decimals: int) -> bool:
    """Return whether a number is another one rounded, by the board's digits of today or those of an earlier day."""
    return any(round(exact, digits) == shown for digits in {decimals, *_DIGITS})
