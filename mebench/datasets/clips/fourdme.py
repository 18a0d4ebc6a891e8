"""4DME: 267 micro-expressions at 60 fps, grey, each with one emotion or several.

X. Li et al., "4DME: A Spontaneous 4D Micro-Expression Dataset With Multimodalities", IEEE Transactions on Affective
Computing 14(4), 2023.

Layout
------
::

    ROOT/gray_micro/1/1_2_3/Frame_000001826.jpg ...              person and clip, named as in the workbook
    ROOT/4DME_Labelling_Micro_release v1.xlsx

A table from before the release has the same columns with a quote behind their names. The labels are positive, negative,
surprise, repression and others, of which a clip may have several, such as `Surprise+Positive`. An action unit with
`(k)` behind it is kept all through the clip. How the long videos are annotated is not public, and they are not read.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from mebench.datasets.base import CheckReport
from mebench.datasets.clips.base import ClipConfig, ClipDataset, ClipFolder
from mebench.datasets.clips.layouts import folders_within
from mebench.datasets.clips.policies import AnnotatedClip
from mebench.datasets.clips.tables import Row, number_in, read_rows
from mebench.datasets.clips.unconfirmed import with_unconfirmed
from mebench.datasets.folders import subfolders
from mebench.datasets.policies import Errata
from mebench.datasets.workbook import frame_number, text
from mebench.errors import UserError
from mebench.schema.action_units import action_unit_numbers
from mebench.settings import setting

_TREE = re.compile(r"gr[ae]y[_ ]?micro", re.IGNORECASE)
_DEEPEST = 3
_KEPT = re.compile(r"[^+]*\(k\)", re.IGNORECASE)
_LABELS = ("positive", "negative", "surprise", "repression", "others")
_NUMBERS = range(1, 47)
_SWAPPED = (144, 145)
"""Rows of the release, counted from 0, whose action units others have found swapped."""


def _spellings(*names: str) -> tuple[str, ...]:
    """Return the names of a column, and those that the table from before the release has."""
    return (*names, *(f"{name}'" for name in names))


_COLUMNS = {
    "subject": _spellings("sub_ID", "Subject"),
    "clip": _spellings("fold_name", "folder_name", "video_number"),
    "onset": _spellings("Onset"),
    "apex": _spellings("Apex"),
    "offset": _spellings("Offset"),
}
_OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "emotion": _spellings("Emotion"),
    "units": _spellings("AUs", "AU"),
    "blink": _spellings("eye blink"),
    **{label: _spellings(label) for label in _LABELS},
    **{f"au{number}": _spellings(f"AU{number}") for number in _NUMBERS},
}


@dataclasses.dataclass(frozen=True)
class FourDmeConfig(ClipConfig):
    """Settings of `fourdme`."""

    several_emotions: Literal["joined", "first", "drop"] = setting(
        "joined", "Clips with several emotions: a label such as `positive+surprise`, the one named first, or left out."
    )
    kept_units: Literal["keep", "drop"] = setting(
        "keep", "Action units with (k), which last all through the clip: kept, or taken out."
    )
    blinks: Literal["keep", "drop"] = setting("keep", "Clips with an eye blink: kept, or left out.")


class FourDme(ClipDataset):
    """The grey micro-expressions of 4DME, as released."""

    id = "fourdme"
    Config = FourDmeConfig
    usual_fps = 60.0
    promised = {"annotated rows": 267}
    told = {"subjects": 41}

    def check(self) -> CheckReport:
        """Compare the counts with those of the release; list every erratum."""
        report = super().check()
        return report if self.record is not None else with_unconfirmed(report, self.told)

    def folders(self, errata: Errata) -> list[ClipFolder]:
        """Find the folders of clips in `gray_micro`, in one for each person."""
        tree = next((f for f in folders_within(self.place, _DEEPEST) if _TREE.fullmatch(f.name)), None)
        if tree is None:
            raise UserError(
                f"No folder gray_micro was found in {self.place}: give --root the folder that holds 4DME's gray_micro."
            )
        return [
            ClipFolder(_subject(int(match[1])), _plain_clip(clip.name), clip)
            for person in subfolders(tree)
            if (match := re.search(r"([0-9]+)\D*$", person.name))
            for clip in subfolders(person)
        ]

    def rows(self, errata: Errata) -> list[AnnotatedClip]:
        """Read the workbook of micro-expressions; clips that a setting leaves out have no row."""
        example = "4DME_Labelling_Micro_release v1.xlsx"
        path = self.workbook(example, "4DME*Micro*release*.xls*", "4DME*Micro*.xls*", "4DME*.xls*", errata=errata)
        read = [row for row in read_rows(path, _COLUMNS, _OPTIONAL) if text(row.cells["clip"])]
        units = self._units(read, errata)
        found = [self._row(row, own, errata) for row, own in zip(read, units, strict=True)]
        return [row for row in found if row is not None]

    def _row(self, row: Row, units: str, errata: Errata) -> AnnotatedClip | None:
        """Turn a row into an annotated clip, None where a setting leaves it out."""
        cells, where = row.cells, _where(row)
        emotion = self._emotion(cells, where, errata)
        if emotion is None:
            return None
        if _flagged(cells.get("blink")):
            errata.add("eye_blink", where, "kept" if self.config.blinks == "keep" else "left out")
            if self.config.blinks == "drop":
                return None
        if _KEPT.search(units):
            plain = "+".join(unit for unit in units.split("+") if not _KEPT.fullmatch(unit))
            keep = self.config.kept_units == "keep"
            errata.add("kept_action_unit", where, "kept" if keep else "taken out", units)
            units = units if keep else plain
        onset, apex, offset = (frame_number(cells[field], row.where) for field in ("onset", "apex", "offset"))
        subject, clip = where.split("/", 1)
        return AnnotatedClip(subject, clip, where, onset, apex, offset, emotion, units)

    def _emotion(self, cells: Mapping[str, Any], where: str, errata: Errata) -> str | None:
        """Return the label of a clip by the text of its emotion, else by the columns of single ones."""
        named = [_label(part) for part in re.split(r"[+,/&]", text(cells.get("emotion"))) if part.strip()]
        flags = [label for label in _LABELS if _flagged(cells.get(label))]
        if named and flags and set(named) != set(flags):
            errata.add("emotion_columns", where, "the text counts", f"{'+'.join(named)}, columns {'+'.join(flags)}")
        labels = list(dict.fromkeys(named or flags))
        if len(labels) < 2:
            return labels[0] if labels else ""
        joined = "+".join(sorted(labels))
        became = {"joined": joined, "first": labels[0], "drop": None}[self.config.several_emotions]
        errata.add("several_emotions", where, "left out" if became is None else f"read as {became}", "+".join(labels))
        return became

    def _units(self, rows: list[Row], errata: Errata) -> list[str]:
        """Return the action units of each row; two that follow each other and have each other's change them.

        The columns of single units tell. Without these, the pair that is known from the release is named.
        """
        units = [text(row.cells.get("units")) for row in rows]
        flags = [{n for n in _NUMBERS if _flagged(row.cells.get(f"au{n}"))} for row in rows]
        for first in range(len(rows) - 1):
            second = first + 1
            own, other = (set(action_unit_numbers(units[i])) for i in (first, second))
            if own != other and own == flags[second] and other == flags[first]:
                apply = self.config.corrections == "apply"
                detail = f"{units[first]} and {units[second]}, by the columns of single units the other way round"
                policy = "changed with the next row" if apply else "taken as it stands"
                errata.add("swapped_action_units", _where(rows[first]), policy, detail)
                if apply:
                    units[first], units[second] = units[second], units[first]
        if len(rows) == self.promised["annotated rows"] and not any(flags):
            for number in _SWAPPED:
                detail = "others have found it swapped, and there are no columns of single units to tell by"
                errata.add("swapped_action_units", _where(rows[number]), "taken as it stands", detail)
        return units


def _where(row: Row) -> str:
    """Return what a row is called in errata, person and clip: `01/1_2_3`."""
    return f"{_subject(number_in(row.cells['subject'], row.where))}/{_plain_clip(text(row.cells['clip']))}"


def _subject(number: int) -> str:
    return f"{number:02d}"


def _plain_clip(name: str) -> str:
    """Return a clip's name as folder and table have it alike: spreadsheets drop the zeros before a number."""
    name = Path(name.replace("\\", "/")).name
    return name.lstrip("0") or name if name.isdecimal() else name


def _label(part: str) -> str:
    plain = part.strip().casefold()
    return "others" if plain == "other" else plain


def _flagged(cell: Any) -> bool:
    return text(cell).casefold() not in ("", "0", "no", "n", "none", "nan")
