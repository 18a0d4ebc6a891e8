"""What was spotted in one video, as it is kept: `spotting.json` beside the table and the page.

Conventions
-----------
Frames bear the numbers of their files, or count from 1, and are inclusive at both ends; seconds count from the start of
the video. A record is the last file that is written, and holds the digests of the others: results without a record, or
with other files beside it, are not finished.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mebench.apply.spot import Spotted
from mebench.errors import UserError
from mebench.methods.spotting.base import MACRO, MICRO
from mebench.schema.files import write_atomic
from mebench.schema.json_text import read_json_object
from mebench.schema.plain_json import from_plain, to_plain
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType
from mebench.settings import digest_of

SCHEMA = 1
RECORD, INTERVALS, PAGE = "spotting.json", "intervals.csv", "timeline.html"


@dataclasses.dataclass(frozen=True)
class SpottedVideo:
    """The video: its name, the digest of its content, its length and mean rate."""

    name: str
    content: str
    n_frames: int
    fps: float


@dataclasses.dataclass(frozen=True)
class SpottedExpression:
    """One expression: frame numbers, the times at which it starts and ends, and the method's confidence.

    `apex` is the frame of the highest score of the expression's type, which no method promises to be the annotator's.
    `emotion` is the most probable class of `probabilities`; both are empty where nothing was recognised.
    """

    onset: int
    apex: int
    offset: int
    type: str
    score: float
    start: float
    end: float
    emotion: str = ""
    probabilities: Mapping[str, float] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class SpotRecord:
    """Everything that `mebench spot` says of one video.

    Attributes
    ----------
    made_with : digest of the models and of all settings that the result depends on.
    missing : runs of frames without a face, first and last number of each.
    begins : numbers of the frames with which another shot or another person begins.
    files : sha256 of each file beside the record, by name.
    seal : digest of the rest, see `content`; a record that was edited has another one.
    recogniser, recognisers : who was asked for emotions, and the number of its models; a record without has neither
        these fields nor emotions.
    """

    schema: int
    video: SpottedVideo
    method: str
    models: int
    made_with: str
    intervals: tuple[SpottedExpression, ...]
    missing: tuple[tuple[int, int], ...]
    begins: tuple[int, ...]
    notes: tuple[str, ...]
    files: Mapping[str, str] = dataclasses.field(default_factory=dict)
    seal: str = ""
    recogniser: str = ""
    recognisers: int = 0

    @property
    def content(self) -> str:
        """Hex digest of everything that the record says, but for the seal."""
        return digest_of({**_plain(self), "seal": ""})

    @classmethod
    def of(cls, spotted: Spotted, content: str, made_with: str) -> SpotRecord:
        """Return the record of a result, without its files."""
        video, before = spotted.video, spotted.video.first - 1
        about = SpottedVideo(video.id, content, video.n_frames, float(video.fps))
        presence = spotted.presence or Presence.everywhere(video.n_frames)
        missing = tuple((first + before, last + before) for first, last in presence.missing())
        begins = tuple(number + before for number in presence.cuts())
        said = (expressions(spotted), missing, begins, spotted.notes)
        record = cls(SCHEMA, about, spotted.method, spotted.models, made_with, *said)
        return dataclasses.replace(record, recogniser=spotted.recogniser, recognisers=spotted.recognisers)

    def plain(self) -> dict[str, Any]:
        """Return the record as JSON types, as `--json` prints it."""
        return {name: value for name, value in _plain(self).items() if name not in ("files", "made_with", "seal")}


def expressions(spotted: Spotted) -> tuple[SpottedExpression, ...]:
    """Return the spotted expressions with their apex and times, by onset."""
    found, before = [], spotted.video.first - 1
    for i, emotions in spotted.in_order():
        column = MICRO if i.type is ExpressionType.MICRO else MACRO
        apex = i.onset + int(np.argmax(spotted.spotting.scores[i.onset - 1 : i.offset, column]))
        onset, apex, offset = (number + before for number in (i.onset, apex, i.offset))
        start, end = spotted.video.seconds(i.onset, i.offset)
        emotion = max(emotions, key=emotions.__getitem__, default="")
        found.append(
            SpottedExpression(onset, apex, offset, i.type.value, float(i.score), start, end, emotion, emotions)
        )
    return tuple(found)


def write_intervals(record: SpotRecord, path: Path) -> None:
    """Write `onset,offset,type,score,start,end[,emotion,p_<class>...]`, as described in `SpottedExpression`.

    Raises
    ------
    UserError : when the file cannot be written.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    classes = list(dict.fromkeys(label for i in record.intervals for label in i.probabilities))
    emotions = ["emotion", *(f"p_{label}" for label in classes)] if record.recogniser else []
    table.writerow(["onset", "offset", "type", "score", "start", "end", *emotions])
    for i in record.intervals:
        row = [i.onset, i.offset, i.type, repr(i.score), f"{i.start:.3f}", f"{i.end:.3f}"]
        told = [i.emotion, *(f"{i.probabilities[label]:.6f}" if i.emotion else "" for label in classes)]
        table.writerow([*row, *(told if record.recogniser else [])])
    write_atomic(path, text.getvalue())


def write_record(record: SpotRecord, folder: Path) -> SpotRecord:
    """Write the record of a folder whose other files are there, and return it with their digests.

    Raises
    ------
    UserError : when the file cannot be written.
    """
    filed = dataclasses.replace(record, files={name: _digest(folder / name) for name in (INTERVALS, PAGE)})
    whole = dataclasses.replace(filed, seal=filed.content)
    write_atomic(folder / RECORD, json.dumps(_plain(whole), indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    return whole


def read_record(folder: Path) -> SpotRecord | None:
    """Return the record of a folder of results; None when there is none that is as it was written."""
    path = folder / RECORD
    if not path.is_file():
        return None
    try:
        record = from_plain(SpotRecord, _with_emotions(read_json_object(path, "remove it")), str(path))
    except UserError:
        return None
    return record if record.schema == SCHEMA and record.seal == record.content else None


def _plain(record: SpotRecord) -> dict[str, Any]:
    """Return a record as JSON types; without a recogniser there is nothing of emotions, as in earlier versions."""
    plain: dict[str, Any] = to_plain(record)
    if not record.recogniser:
        for place in (plain, *plain["intervals"]):
            for name in ("recogniser", "recognisers", "emotion", "probabilities"):
                place.pop(name, None)
    return plain


def _with_emotions(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON of a record with the fields that one without a recogniser lacks."""
    intervals = raw.get("intervals")
    if "recogniser" in raw or not isinstance(intervals, list):
        return raw
    full = [{**i, "emotion": "", "probabilities": {}} if isinstance(i, dict) else i for i in intervals]
    return {**raw, "recogniser": "", "recognisers": 0, "intervals": full}


def changed_files(record: SpotRecord, folder: Path) -> tuple[str, ...]:
    """Return the names of the files beside a record that were changed since it was written."""
    return tuple(n for n, digest in record.files.items() if (folder / n).is_file() and _digest(folder / n) != digest)


def is_whole(record: SpotRecord, folder: Path) -> bool:
    """Return whether the files beside a record are all there, as they were written."""
    there = all((folder / name).is_file() for name in record.files)
    return set(record.files) == {INTERVALS, PAGE} and there and not changed_files(record, folder)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
