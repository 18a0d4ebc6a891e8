"""Scorecards to one offline HTML page.

Conventions
-----------
The page needs no network and no other file. It is a function of the scorecards and of what lies beside them: it
holds no path, and no clock but the date that a card bears. It is written method by method, and never held in memory as
a whole.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Sequence
from pathlib import Path

from markupsafe import Markup

from mebench.errors import Faults, UserError
from mebench.leaderboard.cards import Card, read_card
from mebench.leaderboard.groups import group_cards
from mebench.leaderboard.inside import packed_details
from mebench.leaderboard.literature import read_literature
from mebench.leaderboard.render import render_pieces
from mebench.leaderboard.tables import Board, Row, build_board
from mebench.metrics.statistics.bootstrap import RESAMPLES
from mebench.plain import plain_text
from mebench.runs.monitor import Monitor
from mebench.schema.files import writing_path

MANY = 20
"""Cards of a page that is made before anybody wonders whether it is."""


def build_leaderboard(
    scorecards: Sequence[Path],
    out: Path,
    *,
    title: str = "Spotting of facial expressions",
    literature: Sequence[Path] = (),
    tell: Callable[[str], None] | None = None,
    warn: Callable[[str], None] | None = None,
    monitor: Monitor | None = None,
) -> Path:
    """Write `index.html` into a folder and return its path.

    Timelines are drawn for every card that has `predictions.csv`, `truth/` and `folds/*/scores.npz` beside it.

    Parameters
    ----------
    scorecards : scorecard files, or folders of runs that hold one.
    out : folder of the page; made when it is missing.
    title : heading of the page.
    literature : CSV files of published scores, for a section each.
    tell : is given a sentence for each table of several methods: which of them its subjects tell apart.
    warn : is given a sentence for each card that contradicts itself, and so has no rank.
    monitor : is told how far a page of more than `MANY` cards is.

    Raises
    ------
    UserError : when there is no scorecard, for all that cannot be read, and when the page cannot be written.
    """
    if not scorecards:
        raise UserError("A leaderboard needs a scorecard: name scorecard.json files or the folders of runs.")
    faults = Faults()
    read = [faults.attempt(read_card, path) for path in scorecards]
    faults.refuse()
    cards = _without_copies([card for card in read if card is not None])
    watch = monitor if monitor is not None and len(cards) > MANY else Monitor()
    boards = [build_board(group, number) for number, group in enumerate(group_cards(cards), start=1)]
    published = [read_literature(file) for file in literature]
    pieces = render_pieces(
        "leaderboard.html.j2",
        title=title,
        boards=boards,
        literature=published,
        packed_details=functools.partial(_packed, watch),
        resamples=RESAMPLES,
    )
    path = out / "index.html"
    with contextlib.closing(watch), writing_path(path) as temporary:
        watch.phase("methods of the leaderboard", len(cards))
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
    for board in boards:
        if board.verdict and tell is not None:
            tell(f"{board.heading}: {board.verdict}")
    for card in cards:
        if card.inconsistent and warn is not None:
            warn(f"Inconsistent, so without a rank: {card.method} ({card.path}). {card.inconsistent}")
    return path


def _packed(watch: Monitor, board: Board, row: Row) -> Markup:
    packed = packed_details(board, row)
    watch.finished(plain_text(row.name, 80), None)
    return packed


def _without_copies(cards: Sequence[Card]) -> list[Card]:
    """Keep one of the cards that were named twice."""
    return list({card.path.resolve(): card for card in cards}.values())
