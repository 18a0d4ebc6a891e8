"""The board of a challenge: accepted receipts to one offline HTML page.

Conventions
-----------
One table per phase, one row per team: its best or its latest submission. Only receipts of the rules in force are
ranked together, and withdrawn ones are not. Teams whose ranking score is shown equal share a rank. The public page
holds public columns alone; the organisers' adds the hidden part, the exact scores of all videos, what was withdrawn,
and which teams should be looked at.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path

import jinja2
from markupsafe import Markup

from mebench.challenge.desk import outputs
from mebench.challenge.desk.audit import open_store
from mebench.challenge.desk.config import Challenge, utc_text
from mebench.challenge.desk.rule_tables import Column
from mebench.challenge.desk.receipt import Receipt, team_key
from mebench.challenge.desk.store import Store
from mebench.challenge.desk.teams import list_teams
from mebench.challenge.desk.truths import read_truth, rules_of
from mebench.errors import UserError
from mebench.metrics.catalogue import metric_of
from mebench.plain import plain_lines
from mebench.schema.files import PRIVATE, PUBLIC, write_atomic
from mebench.schema.scorecard import Scorecard


@dataclasses.dataclass(frozen=True)
class Cell:
    """A score as text, and as the number by which a column is sorted."""

    text: str
    value: str
    defined: bool = True


ABSENT = Cell("–", "")


@dataclasses.dataclass(frozen=True)
class Row:
    """One team of a phase."""

    rank: int
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
    path = out if out.suffix == ".html" else out / "board.html"
    if organiser and (challenge.folder / "receipts").resolve() in path.resolve().parents:
        raise UserError(f"{path} is in the folder for the teams: write the organisers' board elsewhere.")
    rules = rules_of(challenge, read_truth(challenge))
    with open_store(challenge) as store:
        receipts, withdrawals = outputs.receipts_in(store), store.withdrawals()
        ranked = [r for r in receipts if r.rules in rules and r.id not in withdrawals]
        tables = [_table(challenge, phase.name, ranked, store, organiser) for phase in challenge.phases]
    page = render(
        title=challenge.title,
        challenge=challenge,
        rules=rules.now,
        tables=tables,
        stale=sum(r.rules not in rules and r.id not in withdrawals for r in receipts),
        n_withdrawn=len(withdrawals),
        withdrawn=[(r, withdrawals[r.id]) for r in receipts if r.id in withdrawals] if organiser else [],
        flagged=[team for team in list_teams(receipts, withdrawals) if team.flags] if organiser else [],
        organiser=organiser,
    )
    write_atomic(path, page, PRIVATE if organiser else PUBLIC)
    return path


def chosen(challenge: Challenge, receipts: Sequence[Receipt]) -> list[Receipt]:
    """Return each team's best or latest receipt, the best team first; the earlier of equals is the better."""
    sign = 1.0 if metric_of(challenge.rank_by.metric).higher_is_better else -1.0

    def merit(receipt: Receipt) -> float:
        return sign * _value(receipt, challenge.rank_by)

    teams: dict[str, Receipt] = {}
    for receipt in sorted(receipts, key=lambda r: (r.received, r.id)):
        key = team_key(receipt.team)
        if key not in teams or challenge.board.show == "latest" or merit(receipt) > merit(teams[key]):
            teams[key] = receipt
    return sorted(teams.values(), key=lambda r: (-merit(r), r.received, r.id))


def _value(receipt: Receipt, column: Column) -> float:
    return next((s.value for s in receipt.scores if (s.metric, s.scope) == column), float("-inf"))


def _table(challenge: Challenge, phase: str, receipts: Sequence[Receipt], store: Store, organiser: bool) -> Table:
    of_phase = [receipt for receipt in receipts if receipt.phase == phase]
    ordered = chosen(challenge, of_phase)
    values = [_value(receipt, challenge.rank_by) for receipt in ordered]
    entries = [team_key(receipt.team) for receipt in of_phase]
    rows = tuple(
        Row(
            rank=values.index(value) + 1,
            team=receipt.team,
            method=receipt.method,
            cells=tuple(_public(challenge, receipt) + (_private(challenge, store, receipt) if organiser else [])),
            entries=entries.count(team_key(receipt.team)),
            received=receipt.received,
        )
        for receipt, value in zip(ordered, values, strict=True)
    )
    until = next(utc_text(p.closes) for p in challenge.phases if p.name == phase)
    return Table(phase, until, _headings(challenge, organiser), rows)


def _headings(challenge: Challenge, organiser: bool) -> tuple[tuple[str, str], ...]:
    names = [" ".join(column) for column in challenge.columns]
    parts = [("", "public part, rounded")]
    if organiser:
        parts += [(" hidden", "hidden part"), (" all", "everything, exact")]
    return tuple((name + suffix, title) for suffix, title in parts for name in names)


def _public(challenge: Challenge, receipt: Receipt) -> list[Cell]:
    found = {(s.metric, s.scope): s for s in receipt.scores}
    scores = [found.get((column.metric, column.scope)) for column in challenge.columns]
    decimals = challenge.board.decimals
    return [ABSENT if s is None else Cell(f"{s.value:.{decimals}f}", repr(s.value), s.defined) for s in scores]


def _private(challenge: Challenge, store: Store, receipt: Receipt) -> list[Cell]:
    papers = store.papers(receipt.id)
    cells = []
    for part in ("hidden", "all"):
        card = Scorecard.from_json(papers[part]) if part in papers else None
        scores = [card.find(*column) if card is not None else None for column in challenge.columns]
        cells += [ABSENT if s is None else Cell(f"{s.value:.6f}", repr(s.value), s.defined) for s in scores]
    return cells


@functools.cache
def environment() -> jinja2.Environment:
    """Return the templates' environment: autoescaped, with the looks of the leaderboard."""
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.PackageLoader("mebench.challenge.pages"), jinja2.PackageLoader("mebench.leaderboard")]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(**words: object) -> str:
    """Return the page as text; its content policy allows its own script, by digest, and no other.

    Parameters
    ----------
    **words : what the template names: `title`, `challenge`, `rules`, `tables`, `stale` and `n_withdrawn` (counts),
        `withdrawn` (pairs of receipt and withdrawal), `flagged` (teams), `organiser`.
    """
    script = _asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    template = environment().get_template("challenge.html.j2")
    page: str = template.render(style=_asset("style.css"), script=script, script_digest=digest, **words)
    return plain_lines(page)


def _asset(name: str) -> Markup:
    loader = environment().loader
    assert loader is not None
    return Markup(loader.get_source(environment(), name)[0])
