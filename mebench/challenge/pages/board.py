"""The board of a challenge: accepted receipts to one offline HTML page.

Conventions
-----------
One table per phase, one row per team: its best or its latest submission, and below them the baselines, without a rank.
Only receipts of the rules in force are ranked together; withdrawn ones, and those that their kept scorecards do not
bear out, are not. Teams whose ranking score is shown equal share a rank. The public page holds scores of the public
part alone; the organisers' adds the hidden part, the exact scores of everything, what was withdrawn or is doubted, and
which teams should be looked at. Final scores are on neither: see `final`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from mebench.challenge.desk import outputs
from mebench.challenge.desk.audit import open_store
from mebench.challenge.desk.baselines import Baseline, list_baselines
from mebench.challenge.desk.config import Challenge, utc_text
from mebench.challenge.desk.doubts import doubted_receipts
from mebench.challenge.desk.marking import told_to_teams
from mebench.challenge.desk.modes import require_not_for_teams, require_outside
from mebench.challenge.desk.receipt import PublicScore, Receipt, team_key
from mebench.challenge.desk.standing import chosen, public_merit
from mebench.challenge.desk.store import Store
from mebench.challenge.desk.teams import list_teams
from mebench.challenge.desk.truths import complete_split, read_truth, rules_of, task_of
from mebench.pages import Pages
from mebench.schema.files import PRIVATE, PUBLIC, write_atomic
from mebench.schema.scorecard import Scorecard

_PAGES = Pages("mebench.challenge.pages", "mebench.leaderboard")
render = _PAGES.render


@dataclasses.dataclass(frozen=True)
class Cell:
    """A score as text, and as the number by which a column is sorted."""

    text: str
    value: str
    defined: bool = True


ABSENT = Cell("–", "")


@dataclasses.dataclass(frozen=True)
class Row:
    """One team of a phase, or a baseline, which has no rank; `shared` where another team has the same score."""

    rank: int | None
    shared: bool
    team: str
    method: str
    cells: tuple[Cell, ...]
    entries: int
    received: str


@dataclasses.dataclass(frozen=True)
class Table:
    """One phase; `columns` are pairs of a heading and what the mouse shows of it."""

    phase: str
    until: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


def board_file(out: Path) -> Path:
    """Return the file of a board: `out` itself where it is one by its name, else `board.html` in that folder."""
    return out if out.suffix == ".html" else out / "board.html"


def build_board(challenge: Challenge, out: Path, *, organiser: bool = False) -> Path:
    """Write the board and return its path.

    Parameters
    ----------
    challenge : whose receipts are shown.
    out : the HTML file, or a folder that gets `board.html`.
    organiser : whether to add hidden and exact scores; that page is not for participants.

    Raises
    ------
    UserError : when the truth cannot be read, the state is damaged, or the page cannot be written.
    """
    path = board_file(out)
    if organiser:
        require_not_for_teams(challenge.folder, path, "the organisers' board")
    else:
        require_outside(challenge.folder, path)
    truth = read_truth(challenge)
    rules = rules_of(challenge, truth)
    baselines = list_baselines(challenge)
    shown = [_baseline_row(challenge, baseline, organiser) for baseline in baselines if baseline.rules in rules]
    with open_store(challenge) as store:
        receipts, withdrawals = outputs.receipts_in(store), store.withdrawals()
        fitting = [r for r in receipts if r.rules in rules and r.id not in withdrawals]
        doubted = doubted_receipts(challenge, store, fitting)
        ranked = [r for r in fitting if r.id not in doubted]
        tables = [_table(challenge, phase.name, ranked, store, shown, organiser) for phase in challenge.phases]
    page = render(
        "challenge.html.j2",
        title=challenge.title,
        challenge=challenge,
        rules=rules.now,
        tables=tables,
        stale=sum(r.rules not in rules and r.id not in withdrawals for r in receipts),
        n_withdrawn=len(withdrawals),
        withdrawn=[(r, withdrawals[r.id]) for r in receipts if r.id in withdrawals] if organiser else [],
        n_doubted=len(doubted),
        doubted=[(r, doubted[r.id]) for r in fitting if r.id in doubted] if organiser else [],
        flagged=[team for team in list_teams(receipts, withdrawals) if team.flags] if organiser else [],
        organiser=organiser,
        n_old_baselines=len(baselines) - len(shown),
        hides=bool(complete_split(challenge.split, task_of(challenge).names(truth)).hidden),
    )
    write_atomic(path, page, PRIVATE if organiser else PUBLIC)
    return path


def _table(
    challenge: Challenge,
    phase: str,
    receipts: Sequence[Receipt],
    store: Store,
    baselines: Sequence[Row],
    organiser: bool,
) -> Table:
    of_phase = [receipt for receipt in receipts if receipt.phase == phase]
    ordered = chosen(challenge, of_phase)
    values = [public_merit(challenge, receipt) for receipt in ordered]
    entries = [team_key(receipt.team) for receipt in of_phase]
    rows = tuple(
        Row(
            rank=values.index(value) + 1,
            shared=values.count(value) > 1,
            team=receipt.team,
            method=receipt.method,
            cells=_cells(challenge, receipt.scores, store.papers(receipt.id) if organiser else None),
            entries=entries.count(team_key(receipt.team)),
            received=receipt.received,
        )
        for receipt, value in zip(ordered, values, strict=True)
    )
    until = next(utc_text(p.closes) for p in challenge.phases if p.name == phase)
    return Table(phase, until, _headings(challenge, organiser), rows + tuple(baselines))


def _headings(challenge: Challenge, organiser: bool) -> tuple[tuple[str, str], ...]:
    names = [" ".join(column) for column in challenge.columns]
    parts = [("", "of the public part, rounded")]
    if organiser:
        parts = [(" public", parts[0][1]), (" hidden", "of the hidden part, exact"), (" all", "of everything, exact")]
    return tuple((name + suffix, title) for suffix, title in parts for name in names)


def _baseline_row(challenge: Challenge, baseline: Baseline, organiser: bool) -> Row:
    is_told = bool(baseline.cards.keys() & {"public", "all"})
    scores = told_to_teams(challenge, baseline.cards) if is_told else ()
    cells = _cells(challenge, scores, baseline.cards if organiser else None)
    return Row(None, False, baseline.name, "baseline", cells, 0, "")


def _cells(challenge: Challenge, scores: Sequence[PublicScore], cards: Mapping[str, str] | None) -> tuple[Cell, ...]:
    """Return public scores as cells and, where scorecards are given, those of the other parts; these are private."""
    found = {(s.metric, s.scope): s for s in scores}
    decimals = challenge.board.decimals
    public = [found.get((column.metric, column.scope)) for column in challenge.columns]
    cells = [ABSENT if s is None else Cell(f"{s.value:.{decimals}f}", repr(s.value), s.defined) for s in public]
    for part in ("hidden", "all") if cards is not None else ():
        card = Scorecard.from_json(cards[part]) if cards and part in cards else None
        exact = [card.find(*column) if card is not None else None for column in challenge.columns]
        cells += [ABSENT if s is None else Cell(f"{s.value:.6f}", repr(s.value), s.defined) for s in exact]
    return tuple(cells)
