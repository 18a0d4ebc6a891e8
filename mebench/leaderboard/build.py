"""Scorecards to one offline HTML page.

Conventions
-----------
The page needs no network and no other file. It is a function of the scorecards and of what lies beside them: it
holds no path, and no clock but the date that a card bears.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mebench.errors import UserError
from mebench.leaderboard.cards import Card, read_card
from mebench.leaderboard.groups import group_cards
from mebench.leaderboard.literature import read_literature
from mebench.leaderboard.render import render
from mebench.leaderboard.tables import build_board
from mebench.schema.files import write_atomic

POINTS = 600
"""Values per curve: two for each pixel of a timeline on a small screen."""
CURVE_BUDGET = 250_000
"""Values of all curves of a page together, about 1 MB; large data sets get coarser curves, never fewer than `LEAST`."""
LEAST = 120


def build_leaderboard(
    scorecards: Sequence[Path],
    out: Path,
    *,
    title: str = "Spotting of facial expressions",
    literature: Path | None = None,
) -> Path:
    """Write `index.html` into a folder and return its path.

    Timelines are drawn for every card that has `predictions.csv`, `truth/` and `folds/*/scores.npz` beside it.

    Parameters
    ----------
    scorecards : scorecard files, or folders of runs that hold one.
    out : folder of the page; made when it is missing.
    title : heading of the page.
    literature : CSV file of published scores for a separate section, or None.

    Raises
    ------
    UserError : when there is no scorecard, one cannot be read, or the page cannot be written.
    """
    if not scorecards:
        raise UserError("A leaderboard needs a scorecard: name scorecard.json files or the folders of runs.")
    cards = _without_copies([read_card(path) for path in scorecards])
    points = curve_points(cards)
    boards = [build_board(group, number, points) for number, group in enumerate(group_cards(cards), start=1)]
    lines, scopes = read_literature(literature) if literature is not None else ((), ())
    page = render("leaderboard.html.j2", title=title, boards=boards, literature=lines, literature_scopes=scopes)
    write_atomic(out / "index.html", page)
    return out / "index.html"


def curve_points(cards: Sequence[Card]) -> int:
    """Return how many values a curve may have, so that the page stays small with any number of videos."""
    curves = 2 * sum(len(card.card.by_video) for card in cards)
    return max(LEAST, min(POINTS, CURVE_BUDGET // max(curves, 1)))


def _without_copies(cards: Sequence[Card]) -> list[Card]:
    """Keep one of the cards that were named twice."""
    return list({card.path.resolve(): card for card in cards}.values())
