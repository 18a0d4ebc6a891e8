"""The final ranking as a page, as JSON and as CSV, in one folder that appears whole or not at all.

Conventions
-----------
Hidden scores become final ones here. `organiser/final/` holds them exactly and for the organisers alone; what is
published lies in `final/`, rounded as public scores are, for from all digits of an F1 the number of true events could
be computed back. Nothing in the files depends on when they were written, so the same state gives the same bytes.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mebench.challenge.desk import outputs
from mebench.challenge.desk.audit import open_store
from mebench.challenge.desk.config import Challenge, utc_text
from mebench.challenge.desk.modes import require_not_for_teams, require_outside
from mebench.challenge.desk.standing import Place, Standing, final_standing
from mebench.challenge.desk.truths import read_truth, rules_of
from mebench.challenge.pages.board import render
from mebench.challenge.pages.whole_folder import replace_folder
from mebench.challenge.safety.plain import escape_cell
from mebench.errors import UserError
from mebench.schema.files import PRIVATE, PUBLIC
from mebench.schema.scorecard import Score

SCHEMA = 1
PAGE, JSON_FILE, CSV_FILE = "index.html", "final.json", "final.csv"


@dataclasses.dataclass(frozen=True)
class Written:
    """A final ranking and where it lies; `is_new` is false where the same bytes lay there before."""

    standing: Standing
    folder: Path
    is_new: bool


def write_final(
    challenge: Challenge,
    *,
    publish: bool = False,
    provisional: bool = False,
    out: Path | None = None,
    now: dt.datetime | None = None,
) -> Written:
    """Rank the teams by the hidden part, and write the page, the JSON and the CSV.

    Parameters
    ----------
    challenge : its `[final]` says which phase and which submission of each team.
    publish : whether to write rounded scores for everybody to read, into `final/`; else exact ones for the organisers.
    provisional : whether to rank although the phase is still open; never published.
    out : another folder, which is missing, empty, or holds an older final ranking.
    now : UTC; the present time when None.

    Raises
    ------
    UserError : while the phase is open, when a submission was graded under other rules, or the files cannot be written
        or do not belong into their folder.
    """
    moment = now or dt.datetime.now(dt.UTC)
    is_open = moment < challenge.final_phase.closes
    _check_time(challenge, is_open, publish, provisional)
    folder = out or challenge.folder / ("final" if publish else "organiser/final")
    if publish:
        require_outside(challenge.folder, folder)
    else:
        require_not_for_teams(challenge.folder, folder, "the organisers' ranking")
    rules = rules_of(challenge, read_truth(challenge))
    with open_store(challenge) as store:
        withdrawn = store.withdrawals()
        receipts = [receipt for receipt in outputs.receipts_in(store) if receipt.id not in withdrawn]
        standing = final_standing(challenge, store, receipts, rules)
    if publish:
        standing = _rounded(standing, challenge.board.decimals)
    files = {
        PAGE: _page(challenge, standing, is_open, publish),
        JSON_FILE: outputs.dump(_plain(challenge, standing, is_open)),
        CSV_FILE: _table(challenge, standing),
    }
    is_new = replace_folder(folder, files, PUBLIC if publish else PRIVATE)
    if is_new:
        status = "final ranking" + (", published" if publish else ", provisional" if is_open else "")
        outputs.log(challenge, outputs.Event(utc_text(moment), standing.phase, status=status))
    else:
        # Their time says that they show what is there now.
        os.utime(folder / PAGE)
    return Written(standing, folder, is_new)


def tie_rule(standing: Standing) -> str:
    """Return how teams rank and what a tie is, in words."""
    metric, scope = standing.column
    what = "the hidden part" if standing.part == "hidden" else "everything, for this challenge has no hidden part"
    how = (
        f"a paired permutation test over the {standing.subjects} subjects, Holm-corrected over all pairs of teams, "
        "gives p >= .05"
        if standing.is_tested
        else "their 95% intervals overlap"
    )
    return (
        f"Teams rank by {metric} {scope} of {what}; equal scores share a rank. Two teams are tied when {how}. "
        "Intervals are 95%, by bootstrap over the same subjects."
    )


def _check_time(challenge: Challenge, is_open: bool, publish: bool, provisional: bool) -> None:
    phase = challenge.final_phase
    if publish and provisional:
        raise UserError("A provisional ranking is for the organisers alone: leave out --publish or --provisional.")
    if is_open and not provisional:
        raise UserError(
            f"The phase {phase.name} takes submissions until {utc_text(phase.closes)}: wait, or look at the ranking so "
            "far with --provisional."
        )


def _rounded(standing: Standing, decimals: int) -> Standing:
    def short(score: Score | None) -> Score | None:
        if score is None:
            return None
        ends = None if score.ci95 is None else (round(score.ci95[0], decimals), round(score.ci95[1], decimals))
        return dataclasses.replace(score, value=round(score.value, decimals), ci95=ends)

    def place(row: Place) -> Place:
        return dataclasses.replace(row, scores={column: short(score) for column, score in row.scores.items()})

    return dataclasses.replace(
        standing, places=tuple(map(place, standing.places)), baselines=tuple(map(place, standing.baselines))
    )


def _plain(challenge: Challenge, standing: Standing, is_provisional: bool) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "title": challenge.title,
        "phase": standing.phase,
        "closed": utc_text(challenge.final_phase.closes),
        "provisional": is_provisional,
        "part": standing.part,
        "ranked_by": str(standing.column),
        "counts": standing.counts,
        "subjects": standing.subjects,
        "ties": tie_rule(standing),
        "notes": list(standing.notes),
        "teams": [{"rank": row.rank, "shared": row.shared, **_of_team(row), **_of_all(row)} for row in standing.places],
        "baselines": [{"name": row.name, **_of_all(row)} for row in standing.baselines],
    }


def _of_team(row: Place) -> dict[str, Any]:
    return {
        "team": row.name,
        "method": row.method,
        "tied_with": list(row.tied_with),
        "public_rank": row.public_rank,
        "receipt": row.receipt,
        "received": row.received,
        "entries": row.entries,
    }


def _of_all(row: Place) -> dict[str, Any]:
    final = {
        column: None
        if score is None
        else {"value": score.value, "ci95": score.ci95 and list(score.ci95), "defined": score.defined}
        for column, score in row.scores.items()
    }
    return {"final": final, "public": row.public.value if row.public else None}


def _table(challenge: Challenge, standing: Standing) -> str:
    """Return the ranking as CSV that no spreadsheet takes for formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = [f"final {column}{end}" for column in challenge.board.columns for end in ("", " low", " high")]
    ranked_by = f"public {standing.column}"
    writer.writerow(
        ["rank", "team", "method", *columns, ranked_by, "public rank", "tied with", "receipt", "received", "entries"]
    )
    for row in (*standing.places, *standing.baselines):
        cells = [cell for score in row.scores.values() for cell in _numbers(score)]
        rank = "" if row.rank is None else row.rank
        public = row.public.value if row.public else ""
        ties = "; ".join(row.tied_with)
        ends = [public, row.public_rank or "", ties, row.receipt, row.received, row.entries or ""]
        writer.writerow([escape_cell(cell) for cell in (rank, row.name, row.method, *cells, *ends)])
    return text.getvalue()


def _numbers(score: Score | None) -> Sequence[float | str]:
    if score is None:
        return "", "", ""
    return score.value, *(score.ci95 or ("", ""))


def _page(challenge: Challenge, standing: Standing, is_provisional: bool, publish: bool) -> str:
    return render(
        "final.html.j2",
        title=challenge.title,
        challenge=challenge,
        standing=standing,
        rule=tie_rule(standing),
        closed=utc_text(challenge.final_phase.closes),
        provisional=is_provisional,
        organiser=not publish,
        decimals=challenge.board.decimals if publish else 6,
    )
