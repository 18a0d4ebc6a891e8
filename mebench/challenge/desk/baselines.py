"""Baselines: the organisers' own rows, shown on every board and ranked on none.

Conventions
-----------
`organiser/baselines/ID.json` holds the scorecards of one baseline, whole or not at all. It is made of predictions,
which go through the same walls as a submission and are kept to be graded again, or of scorecards of a part of the
truth. It belongs to no team, to no phase and to no quota.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

from mebench.analysis.compare import kept_parts
from mebench.challenge.desk import archives
from mebench.challenge.desk.config import Challenge
from mebench.challenge.desk.copy import snapshot
from mebench.challenge.desk.marking import Bench, Marking
from mebench.challenge.desk.outputs import CARD_FILES, dump
from mebench.challenge.desk.receipt import RulesDigest, mebench_version, team_key
from mebench.challenge.desk.teams import named_team
from mebench.challenge.reading.inventory import digest_of_submission
from mebench.challenge.reading.report import refusal
from mebench.challenge.safety.own_files import read_own
from mebench.errors import UserError
from mebench.schema.files import PRIVATE, read_bounded, write_atomic
from mebench.schema.json_text import parse_object
from mebench.schema.plain_json import from_plain, to_plain
from mebench.schema.scorecard import Scorecard
from mebench.settings import digest_of

FOLDER = "organiser/baselines"
SCHEMA = 1


@dataclasses.dataclass(frozen=True)
class Baseline:
    """One row of the organisers'.

    Attributes
    ----------
    name : as boards show it.
    rules : what it was graded under.
    version : of mebench.
    cards : texts of its scorecards by part: `all`, `public`, `hidden`.
    sha256, sent_as : digest and name of its predictions; empty where it was made of scorecards.
    schema : version of this form.
    """

    name: str
    rules: RulesDigest
    version: str
    cards: Mapping[str, str]
    sha256: str = ""
    sent_as: str = ""
    schema: int = SCHEMA

    @property
    def id(self) -> str:
        """Hex digits made of the name, in the form in which names are compared."""
        return digest_of("baseline", team_key(self.name))[:20]


def add_baseline(challenge: Challenge, path: Path, name: str) -> Baseline:
    """Grade predictions, or take a scorecard, as a baseline; one of the same name is replaced.

    Parameters
    ----------
    challenge : whose boards will show it.
    path : a folder, an archive or a table of predictions; or a scorecard of the public part, the hidden part or, where
        the challenge hides nothing, of everything. Scorecards of several parts go one after the other.
    name : as boards show it.

    Raises
    ------
    InvalidSubmission : with everything that is wrong with the predictions.
    UserError : for a scorecard of other rules or another truth, or a name that prints as nothing.
    """
    bench, name = Bench(challenge), named_team(name)
    card = _as_scorecard(path)
    made = _of_predictions(bench, path, name) if card is None else _of_scorecard(bench, card, path, name)
    write_baseline(challenge.folder, made)
    return made


def write_baseline(folder: Path, baseline: Baseline) -> None:
    """Write a baseline of the challenge in a folder, whole or not at all."""
    write_atomic(folder / FOLDER / f"{baseline.id}.json", dump(to_plain(baseline)), PRIVATE)


def remove_baseline(challenge: Challenge, name: str) -> None:
    """Take a baseline off the boards; what was sent is kept.

    Raises
    ------
    UserError : when there is none of that name.
    """
    found = [baseline for baseline in list_baselines(challenge) if team_key(baseline.name) == team_key(name)]
    if not found:
        names = ", ".join(baseline.name for baseline in list_baselines(challenge)) or "none"
        raise UserError(f"There is no baseline {name!r}: there are {names}.")
    (challenge.folder / FOLDER / f"{found[0].id}.json").unlink()


def list_baselines(challenge: Challenge) -> list[Baseline]:
    """Return all baselines by name, those of older rules included.

    Raises
    ------
    UserError : for a file that cannot be read.
    """
    files = sorted((challenge.folder / FOLDER).glob("*.json"))
    return sorted(map(_read, files), key=lambda baseline: (team_key(baseline.name), baseline.name))


def mark_predictions(bench: Bench, copy: Path, name: str) -> dict[str, str]:
    """Return the scorecards of a copy of predictions.

    Raises
    ------
    InvalidSubmission : with everything that is wrong with them.
    UserError : when the grading failed.
    """
    flags = {"team": name, "method": name, "protocol": bench.challenge.protocol}
    marking = Marking(bench, copy, flags)
    try:
        if not marking.reading["accepted"]:
            raise refusal(marking.reading["report"]["json"])
        return dict(marking.scored["cards"])
    except RuntimeError as error:
        raise UserError(f"The baseline {name} cannot be graded: {error}") from error


def _of_predictions(bench: Bench, path: Path, name: str) -> Baseline:
    folder = bench.challenge.folder
    with snapshot(path, folder) as copy:
        digest, sent_as = digest_of_submission(copy), copy.name
        cards = mark_predictions(bench, copy, name)
        try:
            archives.keep(folder, copy, digest)
        except RuntimeError as error:
            raise UserError(f"The baseline {name} cannot be kept: {error}.") from error
    return Baseline(name, bench.rules.now, mebench_version(), cards, digest, sent_as)


def _as_scorecard(path: Path) -> Scorecard | None:
    """Return the scorecard that a file is; None for predictions."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return None
    try:
        return Scorecard.read(path)
    except UserError:
        if _names_scores(path):
            raise
        return None


def _names_scores(path: Path) -> bool:
    """Tell whether a file wants to be a scorecard; answers to questions are JSON as well."""
    try:
        return {"scores", "protocol"} <= parse_object(read_bounded(path)).keys()
    except (OSError, ValueError):
        return False


def _of_scorecard(bench: Bench, card: Scorecard, path: Path, name: str) -> Baseline:
    part = _part_of(bench, card, path)
    _check_scores(bench.challenge, card, path)
    new = Baseline(name, bench.rules.now, mebench_version(), {part: card.to_json()})
    before = next((b for b in list_baselines(bench.challenge) if b.id == new.id), None)
    if before is None or before.rules not in bench.rules or before.sha256:
        return new
    return dataclasses.replace(new, cards={**before.cards, part: card.to_json()})


def _part_of(bench: Bench, card: Scorecard, path: Path) -> str:
    """Return the part of the truth that a card scores under the rules in force."""
    task, split, rules = bench.task, bench.split, bench.challenge.rules()
    grader = bench.challenge.grader()
    if (card.protocol.id, card.protocol.version) != (
        grader.id,
        grader.version,
    ) or card.fingerprint != rules.fingerprint:
        raise UserError(
            f"{path} was graded under {card.protocol.id} v{card.protocol.version} with the convention "
            f"{card.fingerprint}, the challenge under {grader.id} v{grader.version} with {rules.fingerprint}: give the "
            "predictions instead."
        )
    names = {"public": split.public, "hidden": split.hidden} if split.hidden else {"all": task.names(bench.truth)}
    for part, items in names.items():
        if card.dataset.digest == task.digest(task.restrict(bench.truth, set(items))):
            return part
    parts = "the public or the hidden part" if split.hidden else "the truth"
    raise UserError(f"{path} is no scorecard of {parts} of the challenge: give the predictions instead.")


def _check_scores(challenge: Challenge, card: Scorecard, path: Path) -> None:
    """Refuse a card with a public column that is missing, or does not follow from what its subjects add."""
    for column in challenge.columns:
        card.score(*column)
        rows = [row for row in card.statistics if row.scope == column.scope and column.metric in row.metrics]
        if any(kept_parts(card, row) is None for row in rows):
            raise UserError(
                f"{path} says a {column} that does not follow from what it keeps of its subjects: give the predictions "
                "instead."
            )


def _read(path: Path) -> Baseline:
    try:
        baseline = from_plain(Baseline, json.loads(read_own(path)), path.name)
        for part, text in baseline.cards.items():
            if part in CARD_FILES:
                Scorecard.from_json(text)
        return baseline
    except (OSError, UserError, ValueError, RecursionError) as error:
        raise UserError(
            f"{path} cannot be read: put back a copy of it, or remove it and add the baseline anew."
        ) from error
