"""`challenge.toml`: the rules of one challenge, read into frozen types.

Conventions
-----------
Times are UTC and must say so (`2026-05-01T00:00:00Z`); a phase is open from `opens` on and until just before `closes`.
A day is a day of UTC. A split is of items: videos `subject/video`, clips `database/subject/clip`, or the `video_id` of
questions. The tables themselves are in `rule_tables`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, cast, get_args

from mebench.challenge.desk.rule_tables import BoardRules, Column, FinalRules, LimitRules, Phase, Quota, Visibility
from mebench.challenge.desk.typed import check_types, in_toml
from mebench.challenge.safety.own_files import check_plain
from mebench.errors import UserError, did_you_mean
from mebench.metrics.catalogue import METRICS
from mebench.metrics.conventions.base import Convention
from mebench.protocols.base import Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.json_text import read_toml
from mebench.settings import build_config

FILE = "challenge.toml"
SCHEMA = 1
"""Version of the form of `challenge.toml`."""

Teams = Literal["named", "manifest"]

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Challenge:
    """A challenge and the folder in which it lies.

    Attributes
    ----------
    folder : holds `challenge.toml`, `truth/`, `submissions/`, `receipts/`, `organiser/`.
    title : heading of the board.
    protocol : id of the protocol.
    convention : name of a preset, or empty for the protocol's own.
    phases : in order of opening.
    teams : who says whose submission it is: the organiser (`named`), or its manifest, which a stranger wrote.
    split, board, final, limits : the tables of the same names.
    """

    folder: Path
    title: str
    protocol: str
    convention: str
    phases: tuple[Phase, ...]
    teams: Teams = "named"
    split: Visibility = dataclasses.field(default_factory=Visibility)
    board: BoardRules = dataclasses.field(default_factory=BoardRules)
    final: FinalRules = dataclasses.field(default_factory=FinalRules)
    limits: LimitRules = dataclasses.field(default_factory=LimitRules)

    @property
    def truth(self) -> Path:
        """The folder of the truth."""
        return self.folder / "truth"

    @property
    def columns(self) -> tuple[Column, ...]:
        """The public columns."""
        return tuple(Column(*text.split(":")) for text in self.board.columns)

    @property
    def rank_by(self) -> Column:
        """The column that ranks."""
        return Column(*(self.board.rank_by or self.board.columns[0]).split(":"))

    def rules(self) -> Convention:
        """Return the convention under which submissions are graded."""
        return self.grader().preset(self.convention) if self.convention else self.grader().convention

    def grader(self) -> Protocol:
        """Return the protocol."""
        return PROTOCOLS.get(self.protocol)()

    @property
    def final_phase(self) -> Phase:
        """The phase whose submissions compete in the end."""
        if self.final.phase:
            return self.named_phase(self.final.phase)
        return max(self.phases, key=lambda phase: (phase.closes, phase.opens))

    def named_phase(self, name: str) -> Phase:
        """Return the phase of a name.

        Raises
        ------
        UserError : when there is none.
        """
        for phase in self.phases:
            if phase.name == name:
                return phase
        names = [phase.name for phase in self.phases]
        raise UserError(f"This challenge has no phase {name!r}.{did_you_mean(name, names)}")

    def phase_at(self, moment: dt.datetime, name: str | None = None) -> Phase:
        """Return the phase that is open at a moment.

        Parameters
        ----------
        moment : time of receipt, UTC.
        name : the phase that is meant, where several may be open.

        Raises
        ------
        UserError : when none is open, the named one is closed or unknown, or several are open and none is named.
        """
        if name is not None:
            self.named_phase(name)
        meant = [phase for phase in self.phases if name in (None, phase.name)]
        if not (opened := [phase for phase in meant if phase.is_open(moment)]):
            times = "; ".join(f"{p.name} from {utc_text(p.opens)} until {utc_text(p.closes)}" for p in meant)
            raise UserError(f"No phase is open at {utc_text(moment)} ({times}): submit while one is.")
        if len(opened) > 1:
            raise UserError(f"Several phases are open ({', '.join(p.name for p in opened)}): name one with --phase.")
        return opened[0]


def utc_text(moment: dt.datetime) -> str:
    """Return a moment as `2026-05-01T00:00:00Z`."""
    return moment.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def load_challenge(folder: Path) -> Challenge:
    """Read the rules of a challenge.

    Raises
    ------
    UserError : when the file is missing, broken or no plain file, or a setting is unknown, missing, out of bounds or
        contradicts another.
    """
    path = folder / FILE
    check_plain(path)
    try:
        raw = read_toml(path, "mend it")
    except FileNotFoundError as error:
        raise UserError(f"{folder} holds no {FILE}: begin with `mebench challenge init {folder}`.") from error
    return parse_challenge(raw, folder)


def parse_challenge(raw: Mapping[str, Any], folder: Path) -> Challenge:
    """Make a challenge of the tables of a TOML file.

    Raises
    ------
    UserError : when a setting is unknown, missing, of the wrong type or contradicts another.
    """
    known = ("schema", "title", "protocol", "convention", "teams", "phases", "split", "board", "final", "limits")
    _only(raw, known, FILE)
    if type(raw.get("schema")) is not int or raw["schema"] != SCHEMA:
        raise UserError(
            f"{FILE} has schema {in_toml(raw.get('schema'))}, this mebench reads {SCHEMA}: write schema = {SCHEMA}."
        )
    challenge = Challenge(
        folder=folder,
        title=_text(raw, "title", FILE),
        protocol=_text(raw, "protocol", FILE),
        convention=_text(raw, "convention", FILE) if raw.get("convention") else "",
        phases=_phases(raw.get("phases")),
        teams=_teams(raw.get("teams", "named")),
        split=_table(Visibility, raw, "split"),
        board=_table(BoardRules, raw, "board"),
        final=_table(FinalRules, raw, "final"),
        limits=_table(LimitRules, raw, "limits"),
    )
    challenge.grader()
    challenge.rules()
    challenge.named_phase(challenge.final.phase or challenge.phases[0].name)
    check_metrics(challenge.grader(), challenge.board.columns)
    return challenge


def check_metrics(protocol: Protocol, columns: Sequence[str]) -> None:
    """Refuse columns of metrics that the task of a protocol does not have.

    Raises
    ------
    UserError : for the first of them, with the metrics that there are.
    """
    known = [entry.id for entry in METRICS.entries() if entry.task in ("", protocol.task)]
    for column in columns:
        metric = column.partition(":")[0]
        if metric not in known:
            raise UserError(
                f'{FILE} [board]: columns has "{column}", and {protocol.task} has no metric "{metric}": choose of '
                f"{', '.join(known)}; the column that {protocol.id} ranks by is {':'.join(protocol.ranking)}."
            )


def _table(cls: type[T], raw: Mapping[str, Any], name: str) -> T:
    table = raw.get(name, {})
    if not isinstance(table, dict):
        raise UserError(f"{FILE}: {name} must be a table: write [{name}] on a line of its own.")
    return _built(cls, table, f"{FILE} [{name}]")


def _built(cls: type[T], table: Mapping[str, Any], where: str) -> T:
    check_types(cls, table, where)
    return build_config(cls, table, owner=where)


def _teams(raw: Any) -> Teams:
    for known in get_args(Teams):
        if raw == known:
            return cast(Teams, known)
    raise UserError(
        f'{FILE}: teams must be "named" or "manifest", not {in_toml(raw)}.{did_you_mean(str(raw), get_args(Teams))}'
    )


def _phases(raw: Any) -> tuple[Phase, ...]:
    if not isinstance(raw, list) or not raw or not all(isinstance(entry, dict) for entry in raw):
        raise UserError(f"{FILE} has no phase: write [[phases]] with name, opens and closes.")
    phases = [_phase(entry, f"{FILE} [[phases]] {number}") for number, entry in enumerate(raw, 1)]
    names = [phase.name.casefold() for phase in phases]
    if len(set(names)) < len(names):
        raise UserError(f"{FILE} has two phases of the same name: rename one of them.")
    return tuple(sorted(phases, key=lambda phase: (phase.opens, phase.name)))


def _phase(raw: Mapping[str, Any], where: str) -> Phase:
    _only(raw, ("name", "opens", "closes", "per_day", "total"), where)
    opens, closes = _moment(raw, "opens", where), _moment(raw, "closes", where)
    if opens >= closes:
        raise UserError(f"{where} closes before it opens: mend opens or closes.")
    quota = _built(Quota, {key: raw[key] for key in ("per_day", "total") if key in raw}, where)
    return Phase(_text(raw, "name", where), opens, closes, quota)


def _moment(raw: Mapping[str, Any], key: str, where: str) -> dt.datetime:
    value = raw.get(key)
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise UserError(f"{where}: {key} must be a time in UTC: write it like 2026-05-01T00:00:00Z, without quotes.")
    return value.astimezone(dt.UTC)


def _text(raw: Mapping[str, Any], key: str, where: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise UserError(f'{where}: {key} must be text: write {key} = "...".')
    return value.strip()


def _only(raw: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for key in raw:
        if key not in known:
            raise UserError(f"{where} has no setting {key!r}.{did_you_mean(key, known)}")
