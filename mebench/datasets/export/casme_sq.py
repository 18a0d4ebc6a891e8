"""The layout of CAS(ME)^2, with the quirks of its workbook.

The loader's default policies give back every event's interval exactly: an event whose offset is written as 0 has its
apex moved to its offset first. A few apexes change, and emotions become those four that the workbook has.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from mebench.datasets.export.ooxml import Cell, write_xlsx
from mebench.datasets.export.plan import Placed, Quirks, WrittenRow, by_subject
from mebench.schema.recordings import ExpressionType, Video

SUBJECTS = (15, 16, *range(19, 28), 29, *range(30, 39), 40)
"""Subjects of the release, without their `s`."""

STIMULI = {
    "0101": "disgust1", "0102": "disgust2", "0401": "anger1", "0402": "anger2", "0502": "happy1", "0503": "happy2",
    "0505": "happy3", "0507": "happy4", "0508": "happy5",
}  # fmt: skip
"""Stimulus of each code in the release."""

_TITLES = {"0101": "disgustingteeth", "0102": "eatingworms", "0401": "girlcrashing", "0505": "funnyinnovations"}
_CLASSES = {
    "happiness": "positive",
    "happy": "positive",
    "surprise": "surprise",
    "positive": "positive",
} | dict.fromkeys(
    ("anger", "angry", "contempt", "disgust", "fear", "sadness", "sad", "repression", "negative"), "negative"
)


class CasmeSqLayout:
    """Writes what `casme_sq` reads."""

    id = "casme_sq"
    grey = False

    def place(self, videos: Sequence[Video], quirks: Quirks) -> list[Placed]:
        """Name subjects after those of the release and videos by its codes in their order."""
        numbers = [*SUBJECTS, *range(41, 1000)]
        placed: list[Placed] = []
        for number, own in zip(numbers, by_subject(videos).values(), strict=False):
            codes = [*STIMULI, *(f"{n:04d}" for n in range(601, 10000))]
            for code, video in zip(codes, own, strict=False):
                name = f"{number}_{code}{_TITLES.get(code, stimulus(code))}"
                folder = PurePosixPath("CAS(ME)^2", "rawpic", f"s{number}", name)
                placed.append(Placed(video, f"s{number}", f"{number}_{code}", folder, "img{:03d}.jpg"))
        return placed

    def write_workbook(self, root: Path, placed: Sequence[Placed], quirks: Quirks) -> None:
        """Write `CAS(ME)^2code_final.xlsx`."""
        rows = [row for video in placed for row in _rows(video)]
        bend(rows, quirks)
        subjects = list(dict.fromkeys(video.subject for video in placed))
        participants = {subject: i for i, subject in enumerate(subjects, 1)}
        events = [_cells(row, participants[row.placed.subject]) for row in rows]
        naming: list[Sequence[Cell]] = []
        for row in rows:
            subject = row.placed.subject
            naming.append([int(subject.removeprefix("s")), subject, participants[subject]])
        codes = [*STIMULI, *sorted({_code(video) for video in placed} - set(STIMULI))]
        sheets: list[tuple[str, Sequence[Sequence[Cell]]]] = [
            ("CASFEcode_final", events),
            ("naming rule1", naming),
            ("naming rule2", [[code, stimulus(code)] for code in codes]),
        ]
        write_xlsx(root / "CAS(ME)^2" / "CAS(ME)^2code_final.xlsx", sheets)


def stimulus(code: str) -> str:
    """Return the stimulus of a code; codes that the release does not have are numbered."""
    return STIMULI.get(code, f"extra{int(code) - 600}")


def emotion_class(emotion: str) -> str:
    """Return the one of the workbook's four classes that an emotion falls in.

    >>> [emotion_class(e) for e in ('happiness', 'fear', 'surprise', '')]
    ['positive', 'negative', 'surprise', 'others']
    """
    return _CLASSES.get(emotion.lower(), "others")


def bend(rows: list[WrittenRow], quirks: Quirks) -> None:
    """Put the release's quirks into the rows, which are changed in place, and note each."""
    macros = [row for row in rows if row.type == ExpressionType.MACRO]
    for row in macros[3::7]:
        quirks.add("offset_zero", row.where, f"apex {row.apex} written as {row.offset}, offset {row.offset} as 0")
        row.apex, row.offset = row.offset, 0
    whole = [row for row in rows if row.offset and row.apex is not None]
    for row in whole[5:40:15]:
        quirks.add("apex_outside", row.where, f"apex {row.apex} written as {row.offset + 5}")
        row.apex = row.offset + 5
    for row in whole[8:9]:
        quirks.add("apex_zero", row.where, f"apex {row.apex} written as 0")
        row.apex = 0


def _code(placed: Placed) -> str:
    return placed.id.partition("_")[2]


def _rows(placed: Placed) -> list[WrittenRow]:
    prefix = stimulus(_code(placed))
    return [
        WrittenRow(placed, f"{prefix}_{k}", e.onset, e.apex, e.offset, e.type, emotion_class(e.emotion), e.action_units)
        for k, e in enumerate(placed.video.events, 1)
    ]


def _cells(row: WrittenRow, participant: int) -> list[Cell]:
    """The nine columns; action units that are one number are written as a number, as in the release."""
    units: Cell = int(row.action_units) if row.action_units.isdecimal() else row.action_units or None
    felt = {"positive": "happiness", "negative": "disgust", "surprise": "surprise"}.get(row.emotion, "confused")
    return [
        participant, row.name, row.onset, row.apex, row.offset, units, row.emotion, f"{row.type}-expression", felt
    ]  # fmt: skip
