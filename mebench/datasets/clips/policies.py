"""Named policies for what the tables of clip datasets leave open, each application of which becomes an erratum.

Conventions
-----------
An annotated frame is the number of a file, inclusive at both ends; a clip's own frames are numbered from 1, so that
frame = file number - first file number + 1. Tables say 0, -1, a slash or nothing for a frame that was not coded.

`resolve_clip` applies the policies in this order: absent ends, renumbered frames, reversed ends, frames that are not
on disk, apex.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from mebench.datasets.folders import FolderScan
from mebench.datasets.policies import Errata, round_half_up
from mebench.settings import setting

_SPELLINGS = {"other": "others", "happy": "happiness", "sad": "sadness", "angry": "anger", "suprise": "surprise"}


@dataclasses.dataclass(frozen=True)
class ClipPolicies:
    """What is done about each irregularity of an annotated clip."""

    corrections: Literal["apply", "ignore"] = setting(
        "apply", "Rows that are known to be wrong in the release: put right, or taken as they stand."
    )
    no_frames: Literal["drop", "refuse"] = setting(
        "drop", "Rows whose clip is not on disk: left out, or the dataset is not opened."
    )
    end_missing: Literal["frames", "apex", "drop"] = setting(
        "frames", "No onset or offset: that of the frames on disk, the apex, or the clip is left out."
    )
    end_reversed: Literal["frames", "drop"] = setting(
        "frames", "Offset before the onset: the offset becomes the last frame on disk, or the clip is left out."
    )
    renumbered: Literal["shift", "drop"] = setting(
        "shift",
        "Frames numbered from 0 or 1 where the table has numbers of the whole recording: the first one is what the "
        "table calls the first, or the onset if there are as many as the clip has; or the clip is left out.",
    )
    outside_frames: Literal["cut", "drop"] = setting(
        "cut", "Onset or offset at a frame that is not on disk: moved to the nearest one, or the clip is left out."
    )
    apex_missing: Literal["none", "midpoint"] = setting(
        "none", "No apex: none, so that it is spotted where one is needed, or halfway between onset and offset."
    )
    apex_outside: Literal["none", "clamp"] = setting(
        "none", "Apex before the onset or after the offset: none, or moved to the nearer end."
    )
    apex_at_end: Literal["keep", "none"] = setting(
        "keep", "Apex that equals onset or offset, of which some are mistakes: kept, or none."
    )


class Span(NamedTuple):
    """Onset, apex (0 is none) and offset of a clip, as numbers within its frames."""

    onset: int
    apex: int
    offset: int


@dataclasses.dataclass(frozen=True, slots=True)
class AnnotatedClip:
    """One row of a table before any policy.

    Attributes
    ----------
    subject, clip : what the folder of frames is named after.
    where : names the row in errata.
    onset, apex, offset : file numbers; None is an empty cell.
    first : file number of the clip's first frame where the table has it.
    """

    subject: str
    clip: str
    where: str
    onset: float | None = None
    apex: float | None = None
    offset: float | None = None
    emotion: str = ""
    action_units: str = ""
    first: float | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What joins the row and the folder of frames: subject and clip without regard to case."""
        return (self.subject.casefold(), self.clip.casefold())


@dataclasses.dataclass(frozen=True)
class Correction:
    """A row of the release that is known to be wrong.

    Attributes
    ----------
    wrong : the values as released, by field of `AnnotatedClip`; a row with other values is left as it is.
    right : the values that are meant.
    why : how that is known.
    """

    wrong: Mapping[str, float | str | None]
    right: Mapping[str, float | str | None]
    why: str


def corrected(
    rows: Iterable[AnnotatedClip],
    known: Mapping[tuple[str, str], Correction],
    policies: ClipPolicies,
    errata: Errata,
) -> list[AnnotatedClip]:
    """Put right the rows that are known to be wrong, by their keys, and report each."""
    found: list[AnnotatedClip] = []
    for row in rows:
        fault = known.get(row.key)
        if fault is not None and all(getattr(row, field) == value for field, value in fault.wrong.items()):
            apply = policies.corrections == "apply"
            detail = f"{_values(fault.wrong)} is meant as {_values(fault.right)}: {fault.why}"
            errata.add("known_error", row.where, "put right" if apply else "taken as it stands", detail)
            if apply:
                row = dataclasses.replace(row, **fault.right)  # type: ignore[arg-type]
        found.append(row)
    return found


def spelt_alike(rows: Iterable[AnnotatedClip], errata: Errata) -> list[AnnotatedClip]:
    """Return the rows with one spelling for each emotion, in lower case, and no action units where they are unknown.

    Each other spelling is reported once, each question mark where it stands.
    """
    found: list[AnnotatedClip] = []
    changed: dict[tuple[str, str], int] = {}
    for row in rows:
        plain = " ".join(row.emotion.split()).casefold()
        emotion = _SPELLINGS.get(plain, plain)
        if emotion != plain:
            changed[row.emotion, emotion] = changed.get((row.emotion, emotion), 0) + 1
        units = row.action_units
        if units and not units.strip(" ?"):
            errata.add("unknown_action_units", row.where, "none", units)
            units = ""
        found.append(dataclasses.replace(row, emotion=emotion, action_units=units))
    for (written, emotion), count in changed.items():
        errata.add("emotion_spelling", written, f"read as {emotion}", f"{count} rows")
    return found


def resolve_clip(
    row: AnnotatedClip, scan: FolderScan, policies: ClipPolicies, errata: Errata, *, cut: bool = False
) -> Span | None:
    """Turn the annotated frames of one row into numbers within the frames on disk.

    Parameters
    ----------
    row : the row as annotated, in file numbers.
    scan : what is on disk, one frame at least.
    policies : what to do about irregularities.
    errata : gets one entry for each policy applied.
    cut : whether the release cuts clips at onset and offset, so that an absent end is no irregularity.

    Returns
    -------
    The span, or None when a policy leaves the clip out.
    """
    onset, apex, offset = (_whole(value, row, errata) for value in (row.onset, row.apex, row.offset))
    if not cut and (onset is None or offset is None):
        if policies.end_missing == "drop":
            errata.add("end_missing", row.where, "left out", _shown(onset, apex, offset))
            return None
        if policies.end_missing == "apex" and apex is not None:
            errata.add("end_missing", row.where, f"put at the apex, {apex}", _shown(onset, apex, offset))
            onset, offset = onset or apex, offset or apex
        else:
            errata.add("end_missing", row.where, "that of the frames on disk", _shown(onset, apex, offset))
    onset, offset = scan.first if onset is None else onset, scan.last if offset is None else offset
    shift = _shift(row, onset, offset, scan, policies, errata)
    if shift is None:
        return None
    ends = _ends(row, onset + shift, offset + shift, scan, policies, errata)
    if ends is None:
        return None
    apex = _apex(row, ends, None if apex is None else apex + shift, policies, errata)
    before = scan.first - 1
    return Span(ends[0] - before, 0 if apex is None else apex - before, ends[1] - before)


def _whole(value: float | None, row: AnnotatedClip, errata: Errata) -> int | None:
    """Return a whole frame number, None for what stands for none."""
    if value is None or value <= 0:
        return None
    if not float(value).is_integer():
        errata.add("fractional_frame", row.where, "rounded half up", f"{value:.10g}")
    return round_half_up(value)


def _shift(
    row: AnnotatedClip, onset: int, offset: int, scan: FolderScan, policies: ClipPolicies, errata: Errata
) -> int | None:
    """Return what is added to the table's numbers to have those of the files; None leaves the clip out."""
    begin = onset if row.first is None else round_half_up(row.first)
    if row.first is not None and scan.first not in (0, 1, begin):
        errata.add("first_frame", row.where, "file numbers count", f"{begin} in the table, {scan.first} on disk")
    beyond = onset > scan.last and scan.span == offset - onset + 1
    if scan.first > 1 or begin <= scan.first or not (row.first is not None or beyond):
        return 0
    shifted = policies.renumbered == "shift"
    detail = f"{onset}-{offset} in the table, {scan.first}-{scan.last} on disk"
    errata.add("renumbered", row.where, f"frame {begin} is file {scan.first}" if shifted else "left out", detail)
    return scan.first - begin if shifted else None


def _ends(
    row: AnnotatedClip, onset: int, offset: int, scan: FolderScan, policies: ClipPolicies, errata: Errata
) -> tuple[int, int] | None:
    """Return onset and offset in file numbers that are on disk; None leaves the clip out."""
    if offset < onset:
        if policies.end_reversed == "drop" or onset > scan.last:
            errata.add("reversed", row.where, "left out", f"onset {onset} after offset {offset}")
            return None
        errata.add("reversed", row.where, f"ends with its frames, {scan.last}", f"onset {onset} after offset {offset}")
        offset = scan.last
    if scan.first <= onset and offset <= scan.last:
        return onset, offset
    apart = onset > scan.last or offset < scan.first
    dropped = apart or policies.outside_frames == "drop"
    nearest = max(onset, scan.first), min(offset, scan.last)
    policy = "left out" if dropped else f"cut to {nearest[0]}-{nearest[1]}"
    errata.add("outside_frames", row.where, policy, f"{onset}-{offset} of the files {scan.first}-{scan.last}")
    return None if dropped else nearest


def _apex(
    row: AnnotatedClip, ends: tuple[int, int], apex: int | None, policies: ClipPolicies, errata: Errata
) -> int | None:
    """Apply `apex_missing`, `apex_outside` and `apex_at_end`."""
    onset, offset = ends
    if apex is not None and not onset <= apex <= offset:
        clamped = min(max(apex, onset), offset) if policies.apex_outside == "clamp" else None
        policy = "no apex" if clamped is None else f"moved to {clamped}"
        errata.add("apex_outside", row.where, policy, f"apex {apex} of {onset}-{offset}")
        return clamped
    if apex is None:
        if policies.apex_missing == "none":
            errata.add("apex_missing", row.where, "no apex")
            return None
        middle = (onset + offset) // 2
        errata.add("apex_missing", row.where, "put halfway", f"apex {middle}")
        return middle
    if apex in ends and onset < offset:
        kept = policies.apex_at_end == "keep"
        errata.add("apex_at_end", row.where, "kept" if kept else "no apex", f"apex {apex} of {onset}-{offset}")
        return apex if kept else None
    return apex


def _shown(*frames: int | None) -> str:
    return "/".join("" if frame is None else str(frame) for frame in frames)


def _values(fields: Mapping[str, float | str | None]) -> str:
    return ", ".join(
        f"{name} {'empty' if value is None else f'{value:.10g}' if isinstance(value, float | int) else value}"
        for name, value in fields.items()
    )
