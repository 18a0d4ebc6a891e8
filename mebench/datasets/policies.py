"""Named policies for what annotation tables leave open, each application of which becomes an erratum.

Conventions
-----------
Frame numbers are 1-based file numbers, inclusive at both ends: an event from 10 to 12 lasts 3 frames. An annotation
says 0 for an onset, apex or offset that could not be coded, and -1 for an apex that was not annotated.

`resolve` applies the policies in this order: fractions, offset 0, onset 0, type, end of the video, apex.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from typing import Literal

from mebench.datasets.base import Erratum
from mebench.schema.recordings import Event, ExpressionType
from mebench.settings import setting

MICRO_SECONDS = 0.5
"""Longest micro-expression under `type=by_duration`, in seconds."""

APEX_PLUS_FRAMES = 20
"""Frames that `offset_zero=apex_plus_20` puts after the apex."""


@dataclasses.dataclass(frozen=True)
class EventPolicies:
    """What is done about each irregularity of an annotated event; the defaults are those of the datasets' own users."""

    fractional: Literal["round_half_up", "truncate"] = setting(
        "round_half_up",
        "Frame numbers with a fraction: rounded half up as by the MEGC2020 baseline, or cut as by some later code.",
        source="MEGC2020 baseline",
    )
    onset_zero: Literal["keep_as_one", "apex", "drop"] = setting(
        "keep_as_one",
        "Onset 0: the event starts at frame 1, starts at its apex, or is left out (333 of 343 macros stay in SAMM-LV).",
    )
    offset_zero: Literal["apex", "apex_plus_20", "mirror", "keep", "drop"] = setting(
        "apex",
        "Offset 0: the event ends at its apex, 20 frames later, as long after its apex as its onset lies before (the "
        "likely reading of thesis Table 5.3), is kept as one frame at its onset so that it counts as a truth which "
        "nothing matches, or is left out.",
        source="MEGC2020 baseline",
    )
    apex_zero: Literal["midpoint", "missing"] = setting(
        "midpoint", "Apex 0: halfway between onset and offset, or none.", source="MEGC2020 baseline"
    )
    apex_outside: Literal["missing", "clamp"] = setting(
        "missing", "Apex before the onset or after the offset: none, or moved to the nearer end of the event."
    )
    beyond_end: Literal["clip", "drop"] = setting(
        "clip", "Events that end after the last frame on disk: cut there, or left out; those that start after it are."
    )
    type: Literal["annotated", "by_duration"] = setting(
        "annotated",
        "Micro or macro as annotated, or micro up to 0.5 s counted as (offset - onset + 1) / fps.",
        source="MEGC rules",
    )


@dataclasses.dataclass(frozen=True, slots=True)
class AnnotatedRow:
    """One row of an annotation table before any policy; `where` names it in errata, None is an empty cell."""

    subject: str
    video: str
    where: str
    onset: float | None
    apex: float | None
    offset: float | None
    type: ExpressionType
    emotion: str = ""
    action_units: str = ""


def inclusive_length(row: AnnotatedRow) -> float | None:
    """Return the frames of a row with both ends, an onset of 0 counted as it is; None where an end is missing."""
    return None if row.onset is None or not row.offset else row.offset - row.onset + 1


def mirrored_difference(row: AnnotatedRow) -> float | None:
    """Return offset - onset of a row, with an offset of 0 mirrored about the apex; None where an end is missing."""
    offset = row.offset or (None if row.apex is None or row.onset is None else 2 * row.apex - row.onset)
    return None if row.onset is None or offset is None else offset - row.onset


class Errata:
    """Collects errata while a dataset is read."""

    def __init__(self) -> None:
        self._items: list[Erratum] = []

    def add(self, kind: str, where: str, policy: str, detail: str = "") -> None:
        """Note one irregularity and what was done about it."""
        self._items.append(Erratum(kind, where, policy, detail))

    def __iter__(self) -> Iterator[Erratum]:
        """Yield the errata in the order in which they were met."""
        return iter(self._items)

    def __len__(self) -> int:
        """Return how many were met."""
        return len(self._items)


def round_half_up(value: float) -> int:
    """Return the nearest whole number; a half goes up, also below zero.

    >>> [round_half_up(v) for v in (566.4, 566.5, 566.6, -1.0, 2.5)]
    [566, 567, 567, -1, 3]
    """
    return math.floor(value + 0.5)


def resolve(row: AnnotatedRow, n_frames: int, fps: float, policies: EventPolicies, errata: Errata) -> Event | None:
    """Turn one annotated row into an event of a video with `n_frames` frames.

    Parameters
    ----------
    row : the row as annotated.
    n_frames : frames on disk.
    fps : frames per second, for `type=by_duration`.
    policies : what to do about irregularities.
    errata : gets one entry for each policy applied.

    Returns
    -------
    The event, or None when a policy leaves it out.
    """
    first, apex, last = _whole(row, policies, errata)
    offset = _offset(row, first, apex, last, policies, errata)
    onset = None if offset is None else _onset(row, first, apex, policies, errata)
    if offset is None or onset is None:
        return None
    if offset < onset:
        errata.add("reversed", row.where, "left out", f"onset {onset} after offset {offset}")
        return None
    kind = _type(row, (offset - onset + 1) / fps, policies, errata)
    if offset > n_frames:
        cut = policies.beyond_end == "clip" and onset <= n_frames
        policy = f"cut at frame {n_frames}" if cut else "left out"
        errata.add("beyond_end", row.where, policy, f"{onset}-{offset} of {n_frames} frames")
        if not cut:
            return None
        offset = n_frames
    return Event(onset, offset, kind, _apex(row, onset, apex, offset, policies, errata), row.emotion, row.action_units)


def _whole(row: AnnotatedRow, policies: EventPolicies, errata: Errata) -> tuple[int, int | None, int]:
    """Make whole numbers of the frame cells; an empty onset or offset counts as 0, an empty apex as None."""
    raw = (row.onset or 0.0, row.apex, row.offset or 0.0)
    turn = round_half_up if policies.fractional == "round_half_up" else math.trunc
    onset, offset = turn(raw[0] or 0.0), turn(raw[2] or 0.0)
    apex = None if row.apex is None else turn(row.apex)
    if any(value is not None and not float(value).is_integer() for value in raw):
        how = "rounded half up" if policies.fractional == "round_half_up" else "truncated"
        found = "/".join("" if value is None else f"{value:.10g}" for value in raw)
        errata.add(
            "fractional_frame", row.where, how, f"{found} became {onset}/{'' if apex is None else apex}/{offset}"
        )
    return onset, apex, offset


def _offset(
    row: AnnotatedRow, onset: int, apex: int | None, offset: int, policies: EventPolicies, errata: Errata
) -> int | None:
    """Apply `offset_zero`; None leaves the event out."""
    if offset > 0:
        return offset
    policy = policies.offset_zero
    if policy == "drop":
        errata.add("offset_zero", row.where, "left out")
        return None
    if policy == "keep":
        errata.add("offset_zero", row.where, "kept as one frame at the onset", f"offset {max(onset, 1)}")
        return max(onset, 1)
    if apex is None or apex < max(onset, 1):
        errata.add("offset_zero", row.where, "left out", "there is no apex to end at")
        return None
    end, how = _end_after(policy, max(onset, 1), apex)
    errata.add("offset_zero", row.where, how, f"offset {end}")
    return end


def _end_after(policy: str, onset: int, apex: int) -> tuple[int, str]:
    """Return where an event without an offset ends that has an apex, and what was done in words."""
    if policy == "apex_plus_20":
        return apex + APEX_PLUS_FRAMES, "ends at the apex plus 20"
    if policy == "mirror":
        return 2 * apex - onset, "ends as long after the apex as it begins before"
    return apex, "ends at the apex"


def _onset(row: AnnotatedRow, onset: int, apex: int | None, policies: EventPolicies, errata: Errata) -> int | None:
    """Apply `onset_zero`; None leaves the event out."""
    if onset > 0:
        return onset
    if policies.onset_zero == "drop":
        errata.add("onset_zero", row.where, "left out")
        return None
    start = apex if policies.onset_zero == "apex" and apex is not None and apex > 0 else 1
    errata.add("onset_zero", row.where, f"starts at the apex, {start}" if start > 1 else "starts at frame 1")
    return start


def _type(row: AnnotatedRow, seconds: float, policies: EventPolicies, errata: Errata) -> ExpressionType:
    """Apply `type`, and report where the annotated type and the 0.5 s rule disagree."""
    by_duration = ExpressionType.MICRO if seconds <= MICRO_SECONDS + 1e-9 else ExpressionType.MACRO
    kind = row.type if policies.type == "annotated" else by_duration
    if by_duration != row.type:
        errata.add("type_against_duration", row.where, f"taken as {kind}", f"{row.type} of {seconds:.3f} s")
    return kind


def _apex(
    row: AnnotatedRow, onset: int, apex: int | None, offset: int, policies: EventPolicies, errata: Errata
) -> int | None:
    """Apply `apex_zero` and `apex_outside`; -1 and an empty cell mean that there is none."""
    if apex == 0 and policies.apex_zero == "midpoint":
        middle = (onset + offset) // 2
        errata.add("apex_zero", row.where, "put halfway", f"apex {middle}")
        return middle
    if apex is None or apex in (-1, 0):
        found = "empty" if apex is None else str(apex)
        errata.add("apex_zero" if apex == 0 else "apex_missing", row.where, "no apex", f"found {found}")
        return None
    if onset <= apex <= offset:
        return apex
    if policies.apex_outside == "clamp":
        clamped = min(max(apex, onset), offset)
        errata.add("apex_outside", row.where, f"moved to {clamped}", f"apex {apex} of {onset}-{offset}")
        return clamped
    errata.add("apex_outside", row.where, "no apex", f"apex {apex} of {onset}-{offset}")
    return None
