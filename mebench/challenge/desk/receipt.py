"""The receipt: what was graded, under which rules, and the scores that its team may see.

Conventions
-----------
A receipt holds no value of the truth but its keyed digest, and scores of the public columns only, rounded. Its id is
made of phase, team and content, so the same bytes have the same id.
"""

from __future__ import annotations

import dataclasses
import importlib.metadata
import json
import re
import unicodedata
from typing import Any

from mebench.challenge.desk.config import Challenge
from mebench.errors import UserError
from mebench.schema.plain_json import from_plain, to_plain
from mebench.schema.scorecard import ProtocolRef, Scorecard
from mebench.settings import digest_of

SCHEMA = 2
"""Version of the receipt's form; in version 1 scores did not say of which part they are."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


@dataclasses.dataclass(frozen=True)
class PublicScore:
    """One score that a team may see.

    Attributes
    ----------
    metric, scope : what it is and of what.
    value : rounded.
    defined : false for 0/0.
    part : of the truth that is scored: `public`, or `all` where the challenge hides nothing.
    """

    metric: str
    scope: str
    value: float
    defined: bool = True
    part: str = "public"


@dataclasses.dataclass(frozen=True)
class RulesDigest:
    """Under which rules a submission was graded; receipts of different rules never share a board.

    Attributes
    ----------
    protocol : id and version.
    convention : fingerprint.
    truth : digest, keyed with the secret of the challenge; earlier receipts have it without a key.
    split : digest of the public and the hidden items, keyed alike.
    """

    protocol: ProtocolRef
    convention: str
    truth: str
    split: str

    @property
    def digest(self) -> str:
        """Hex digest of all fields."""
        return digest_of("challenge rules", to_plain(self))


@dataclasses.dataclass(frozen=True)
class Receipt:
    """What an accepted submission got.

    Attributes
    ----------
    id : digest of phase, team and submission.
    team, method, phase : whose it is.
    received : time of receipt, UTC.
    submission : sha256 of the submitted bytes.
    rules : what it was graded under.
    version : of mebench.
    scores : the public ones.
    schema : version of this form.
    """

    id: str
    team: str
    method: str
    phase: str
    received: str
    submission: str
    rules: RulesDigest
    version: str
    scores: tuple[PublicScore, ...]
    schema: int = SCHEMA

    def to_json(self) -> str:
        """Return the receipt as JSON with sorted keys."""
        return json.dumps(to_plain(self), sort_keys=True, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Receipt:
        """Read a receipt.

        Raises
        ------
        UserError : for broken JSON, a newer form, a missing, unknown or ill-typed field, or an id that is not its own.
        """
        try:
            raw = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UserError("a receipt is no JSON: put back a copy of it.") from error
        if isinstance(raw, dict) and raw.get("schema") not in (1, SCHEMA):
            raise UserError(
                f"a receipt has schema {raw.get('schema')!r}, this mebench reads {SCHEMA}: install a newer mebench."
            )
        receipt = from_plain(cls, _of_today(raw), "receipt")
        if receipt.id != receipt_id(receipt.phase, receipt.team, receipt.submission) or not _TIME.fullmatch(
            receipt.received
        ):
            raise UserError(f"the receipt {receipt.id!a} was changed after it was written: put back a copy of it.")
        return receipt

    @property
    def whose(self) -> tuple[str, str, str, str]:
        """Phase, team as quotas compare it, day and time of receipt."""
        return self.phase, team_key(self.team), self.received[:10], self.received


def _of_today(raw: Any) -> Any:
    """Return a receipt in the form of today; the first form was written where nothing but public scores was told."""
    if isinstance(raw, dict) and raw.get("schema") == 1 and isinstance(raw.get("scores"), list):
        scores = [{**s, "part": "public"} if isinstance(s, dict) and "part" not in s else s for s in raw["scores"]]
        return {**raw, "scores": scores}
    return raw


def team_key(team: str) -> str:
    """Return a team's name as quotas compare it: width, case and blanks do not count."""
    return " ".join(unicodedata.normalize("NFKC", team).casefold().split())


def receipt_id(phase: str, team: str, submission: str) -> str:
    """Return the id of a submission's receipt, 20 hex digits."""
    return digest_of("receipt", phase, team_key(team), submission)[:20]


def public_scores(challenge: Challenge, card: Scorecard, part: str) -> tuple[PublicScore, ...]:
    """Return the public columns of a card, rounded; the card is that of a `part` of the truth.

    Raises
    ------
    UserError : when the card lacks a public column.
    """
    found = [card.score(*column) for column in challenge.columns]
    decimals = challenge.board.decimals
    return tuple(PublicScore(s.metric, s.scope, round(s.value, decimals), s.defined, part) for s in found)


def mebench_version() -> str:
    """Return the version of mebench, `unknown` where it is not installed."""
    try:
        return importlib.metadata.version("mebench")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
