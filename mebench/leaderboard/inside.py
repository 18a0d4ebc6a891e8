"""What opens below a method: its provenance, its subjects, and the timelines of its videos, packed.

Conventions
-----------
A page of many methods would be hundreds of megabytes if it held every timeline as markup. So each method has one JSON
object, from ids of elements to what opens in them: HTML, packed with gzip and written in base64, which the page's
script unpacks when the element is opened. It is made when the page gets there, of one method at a time.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from mebench.leaderboard.details.base import SubjectView
from mebench.leaderboard.render import fragment
from mebench.leaderboard.roc import RocView

if TYPE_CHECKING:
    from mebench.leaderboard.tables import Board, Row

LIMIT = 1_000_000
"""Bytes of one method on the page; timelines get coarser, and are left out at last, rather than pass it."""
POINTS = (800, 400, 160, 0)
"""Values per curve, tried in turn: at first two for each three pixels of a timeline on a large screen."""


def packed_details(board: Board, row: Row) -> Markup:
    """Return the JSON object of a method, safe inside a `script` element.

    Parameters
    ----------
    board : its table.
    row : its line.
    """
    roc = board.layout.details.roc(row.card)
    for points in POINTS:
        text = _packed(board, row, points, roc)
        if len(text) <= LIMIT:
            break
    return Markup(text)


def _packed(board: Board, row: Row, points: int, roc: RocView | None) -> str:
    layout = board.layout
    subjects, why_not = layout.details.subjects(row.card, row.id, layout.subject_scopes, points)
    words = {"board": board, "row": row, "subjects": subjects, "why_no_timelines": why_not, "roc": roc}
    words["own"] = layout.details.inside(row.card)
    parts = {row.id: pack(fragment("method_inside.html.j2", **words))}
    parts |= _videos(subjects) if layout.draws else {}
    # Base64 and ids made of positions: nothing in it can end the script element.
    return json.dumps(parts, separators=(",", ":"))


def _videos(subjects: Sequence[SubjectView]) -> dict[str, str]:
    return {subject.id: pack(fragment("subject_inside.html.j2", subject=subject)) for subject in subjects}


def pack(text: str) -> str:
    """Return text as gzip in base64, the same for the same text."""
    return base64.b64encode(gzip.compress(text.encode(), 6, mtime=0)).decode()
