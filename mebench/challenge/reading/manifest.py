"""`manifest.json`: who submits what, under which rules.

    {"schema": 1, "team": "...", "method": "...", "protocol": "megc2022-spotting"}

Every key must be there, and no other but `first_frame`: 0 where the tables count frames from 0, 1 (the default) where
they count from 1 as the files do. Values given by flags replace those of the file; without a file the flags say it all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from mebench.challenge.checks.findings import Findings
from mebench.challenge.safety.limits import SubmissionLimits
from mebench.challenge.safety.plain import plain_text, prints_as_nothing
from mebench.errors import did_you_mean
from mebench.schema.json_text import BadJson, kind_word, parse_json

SCHEMA = 1
"""Version of the manifest that this reader knows."""

FILE = "manifest.json"
LONGEST = 80
"""Characters of a team's, method's or protocol's name."""

FIRST_FRAME = "first_frame"
"""Key, and flag, of the number that the tables give to the first frame."""

_KEYS = ("team", "method", "protocol")
_REPLACED = "flags replaced what the manifest says"


@dataclasses.dataclass(frozen=True)
class Manifest:
    """What a submission says about itself, printable and on one line each.

    Attributes
    ----------
    team, method : names for the leaderboard.
    protocol : id of the protocol.
    schema : version of the manifest.
    first_frame : number that the tables give to the first frame, 0 or 1.
    """

    team: str
    method: str
    protocol: str
    schema: int = SCHEMA
    first_frame: int = 1


def read_manifest(
    text: str | None, flags: Mapping[str, str], protocol: str, findings: Findings, limits: SubmissionLimits
) -> Manifest | None:
    """Make a manifest of the file's text and the flags; None when it has problems.

    Parameters
    ----------
    text : content of `manifest.json`, or None where there is none.
    flags : `team`, `method`, `protocol` and `first_frame` as far as they were given otherwise.
    protocol : the protocol of the challenge, or empty where any will do.
    findings : gets the problems and notes.
    limits : of the JSON.

    Raises
    ------
    TypeError : for an unknown flag.
    """
    if unknown := set(flags) - {*_KEYS, FIRST_FRAME}:
        raise TypeError(f"no such key of a manifest: {', '.join(sorted(unknown))}")
    before = findings.counts
    said = _parse(text, findings, limits) if text is not None else {}
    if text is not None and said is None:
        return None
    values = {key: _value(key, said or {}, flags, text is not None, findings) for key in _KEYS}
    if protocol and values["protocol"] and values["protocol"] != protocol:
        findings.problem(FILE, 0, "protocol", f"the protocol {protocol}", values["protocol"], "protocol")
    first = first_frame(said or {}, flags, findings)
    if findings.counts != before:
        return None
    return Manifest(values["team"], values["method"], values["protocol"], first_frame=first)


def first_frame(said: Mapping[str, Any], flags: Mapping[str, str], findings: Findings) -> int:
    """Return the number of the first frame, that of the flag before that of the manifest; 1 where nobody says."""
    if flag := flags.get(FIRST_FRAME):
        if FIRST_FRAME in said and str(said[FIRST_FRAME]) != flag:
            findings.note(_REPLACED, FIRST_FRAME)
        return 0 if flag == "0" else 1
    raw = said.get(FIRST_FRAME, 1)
    if type(raw) is not int or raw not in (0, 1):
        findings.problem(FILE, 0, FIRST_FRAME, "0 or 1", raw, "manifest")
        return 1
    return raw


def _parse(text: str, findings: Findings, limits: SubmissionLimits) -> dict[str, Any] | None:
    try:
        raw = parse_json(text, limits.json)
    except BadJson as error:
        findings.problem(FILE, 0, "", error.expected, error.found, error.kind)
        return None
    if not isinstance(raw, dict):
        findings.problem(FILE, 0, "", "an object", kind_word(raw), "manifest")
        return None
    known = (*_KEYS, "schema", FIRST_FRAME)
    for key in raw:
        if key not in known:
            findings.problem(FILE, 0, "", f"only the keys {', '.join(known)}", key, "manifest")
            hint = did_you_mean(key[:LONGEST], known) if findings.shows("manifest") else ""
            findings.hint(hint if "Did you mean" in hint else "")
    schema = raw.get("schema")
    if type(schema) is not int or schema != SCHEMA:
        findings.problem(FILE, 0, "schema", f"{SCHEMA}", schema, "manifest")
    return raw


def _value(key: str, said: Mapping[str, Any], flags: Mapping[str, str], has_file: bool, findings: Findings) -> str:
    """Return one name, that of the flag before that of the file."""
    raw = flags.get(key) or said.get(key)
    if flags.get(key) and key in said and said[key] != flags[key]:
        findings.note(_REPLACED, key)
    where = FILE if has_file else "submission"
    if not isinstance(raw, str):
        remedy = "text" if has_file else f"a {FILE} with it, or the flag --{key}"
        findings.problem(where, 0, key, remedy, raw, "manifest")
        return ""
    # A name of megabytes is not worth cleaning.
    clean = plain_text(raw[: 10 * LONGEST], 10 * LONGEST)
    if prints_as_nothing(clean) or len(clean) > LONGEST:
        findings.problem(where, 0, key, f"1 to {LONGEST} printable characters", clean, "manifest")
        return ""
    if clean != raw:
        findings.note("control characters and doubled blanks were stripped from the manifest", key)
    return clean
