"""Any set of clips, read from a table: a line for each clip says who, where its frames lie, and what is annotated.

    subject,clip,frames,emotion[,onset,apex,offset,action_units,fps,database]            clips.csv

For what no loader knows, such as DFME, MEVIEW or a collection of one's own. `docs/files.md` has the columns with an
example. Everything that is wrong with the table or with the frames that it names is told at once, by line.

Conventions
-----------
Frame numbers are those of the files, as annotators write them; `numbers=clip` takes them as counted from 1 within the
clip. Empty means that there is none, and so does 0 unless a file has that number.
"""

from __future__ import annotations

import codecs
import collections
import dataclasses
import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from mebench.datasets.base import CheckReport, Count, Dataset
from mebench.datasets.folders import CountedFrames, scan_frames
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.frames.no_frames import instead_of_frames
from mebench.frames.no_video import IMAGE_SUFFIXES
from mebench.frames.stills import STILL_FPS, StillFrames
from mebench.frames.videos import VideoFrames
from mebench.plain import ranges
from mebench.schema.clips import emotion
from mebench.schema.problems import InvalidTable, Problem, refuse
from mebench.schema.recordings import HIGHEST_FPS, Clip, FrameSource
from mebench.schema.tables import REQUIRED, Column, Table, Unreadable, frame, name, positive, read_table, repeated, text
from mebench.settings import setting

_MARKS = ("onset", "apex", "offset")


@dataclasses.dataclass(frozen=True)
class ClipTableConfig:
    """Settings of `clip_table`."""

    table: str = setting("clips.csv", "File name of the table, or its path from the root.")
    encoding: str = setting("utf-8", "How the table's text is written, such as gb18030, cp1252 or utf-16.")
    fps: float | None = setting(
        None,
        "Frame rate of clips whose line has none; left out, that of the video file, and folders need one.",
        unit="frames per second",
    )
    numbers: Literal["files", "clip"] = setting(
        "files", "What onset, apex and offset count: the numbers of the files, or frames from 1 within the clip."
    )
    absent: Literal["refuse", "leave_out"] = setting(
        "refuse", "Clips whose frames are not on disk: the table is refused, or they are left out and listed."
    )

    def __post_init__(self) -> None:
        """Refuse a frame rate that cannot be, and an encoding that is not known."""
        if self.fps is not None and not 0 < self.fps <= HIGHEST_FPS:
            raise ValueError(f"fps={self.fps} must be above 0 and at most {HIGHEST_FPS:g}")
        try:
            codecs.lookup(self.encoding)
        except LookupError as error:
            raise ValueError(f"encoding={self.encoding} is not known: utf-8, gb18030 and cp1252 are some") from error


@dataclasses.dataclass(frozen=True)
class _Found:
    """The frames of a line: their source, the number of the first file, and which numbers have one."""

    source: FrameSource
    first: int
    last: int
    fps: float | None
    lacking: tuple[int, ...] = ()


class ClipTableDataset(Dataset):
    """Clips that a table lists."""

    id = "clip_table"
    tasks = ("recognition", "generation")
    Config = ClipTableConfig

    def clips(self) -> Sequence[Clip]:
        """Return every clip of the table, sorted; pictures are counted, and video files decoded once to count them.

        Raises
        ------
        InvalidTable : with everything that is wrong, by line.
        UserError : when there is no table.
        """
        return self._loaded[0]

    def check(self) -> CheckReport:
        """Count clips, people, databases and emotions, and list what was irregular; nothing is promised."""
        clips, errata = self._loaded
        counts = [
            Count("clips", len(clips)),
            Count("subjects", len({clip.person for clip in clips})),
            Count("clips with an apex", sum(clip.apex > 0 for clip in clips)),
            Count("clips with action units", sum(bool(clip.action_units) for clip in clips)),
        ]
        for kind, values in (("emotion", [c.emotion for c in clips]), ("database", [c.database for c in clips])):
            found = sorted(collections.Counter(filter(None, values)).items())
            counts += [Count(f"{kind} {value}", number) for value, number in found]
        return CheckReport(self.id, tuple(counts), tuple(errata))

    @functools.cached_property
    def _loaded(self) -> tuple[tuple[Clip, ...], Errata]:
        path, errata = self._path(), Errata()
        table, problems = self._read(path)
        problems += repeated(table, ("database", "subject", "clip"))
        reader = _Lines(table, path.parent, self.config, errata)
        clips = [clip for row in range(len(table)) if (clip := reader.clip(row, problems, self.id)) is not None]
        refuse(problems)
        if not clips:
            raise UserError(f"{path} lists no clip that is on disk: write a line for each clip.")
        _report_shared(reader.used, errata)
        return tuple(sorted(clips, key=lambda clip: clip.key)), errata

    def _path(self) -> Path:
        assert self.root is not None, "Dataset.open has refused a missing root"
        path = self.root / self.config.table
        if not path.is_file():
            raise UserError(
                f"{self.root} holds no {self.config.table}: write a line for each clip there, as docs/files.md shows, "
                "or name the table with the setting table=NAME."
            )
        return path

    def _read(self, path: Path) -> tuple[Table, list[Problem]]:
        try:
            return read_table(path, _COLUMNS, encoding=self.config.encoding)
        except InvalidTable as error:
            refuse([_with_hint(problem) for problem in error.problems])
            raise


class _Lines:
    """Turns the lines of a table into clips.

    Attributes
    ----------
    used : where the frames of each line lie, with the name of its clip.
    """

    def __init__(self, table: Table, folder: Path, config: ClipTableConfig, errata: Errata) -> None:
        self.table, self.folder, self.config, self.errata = table, folder, config, errata
        self.used: list[tuple[Path, str]] = []

    def clip(self, row: int, problems: list[Problem], dataset: str) -> Clip | None:
        """Return the clip of a line; None where something is wrong, which is added, or where it is left out."""
        values = {column: cells[row] for column, cells in self.table.columns.items()}
        if values["frames"] is None:
            return None
        place, where = self._place(values["frames"]), "/".join(filter(None, map(values.get, ("subject", "clip"))))
        if not place.exists() and self.config.absent == "leave_out":
            self.errata.add("absent", where, "left out", f"{values['frames']} is not there")
            return None
        try:
            found = _frames_at(place)
        except UserError as error:
            found_here = f"this: {str(error).rstrip('.')}"
            problems.append(self._problem(row, "frames", "a folder of pictures, a video file or a picture", found_here))
            return None
        fps, wrong = self._rate(row, values["fps"] or self.config.fps or found.fps, problems)
        marks = self._marks(row, values, found, where, wrong)
        problems += wrong
        if wrong or not fps or None in (values["subject"], values["clip"], values["emotion"], values["database"]):
            return None
        if found.lacking:
            detail = f"{ranges(found.lacking)} of {found.first}-{found.last} have no file"
            self.errata.add("missing_frames", where, "the nearest earlier frame stands in", detail)
        self.used.append((place, where))
        return Clip(
            dataset,
            values["subject"],
            values["clip"],
            fps,
            found.source,
            values["emotion"],
            *marks,
            values["action_units"] or "",
            database=values["database"],
        )

    def _place(self, cell: str) -> Path:
        """Return the path that a cell means; a table from Windows may have backslashes in it."""
        path = self.folder / cell
        return self.folder / cell.replace("\\", "/") if "\\" in cell and not path.exists() else path

    def _rate(self, row: int, fps: float | None, problems: list[Problem]) -> tuple[float, list[Problem]]:
        """Return the frame rate of a line, and the problem that it has none unless its cell is one already."""
        line = self.table.lines[row]
        if fps or any((problem.line, problem.column) == (line, "fps") for problem in problems):
            return fps or 0.0, []
        return 0.0, [self._problem(row, "fps", "a frame rate, here or as the setting fps=", "none")]

    def _marks(
        self, row: int, values: dict[str, Any], found: _Found, where: str, wrong: list[Problem]
    ) -> tuple[int, int, int]:
        """Return onset, apex and offset as frames of the clip, 0 for none; adds what is out of range or order."""
        first, last = (found.first, found.last) if self.config.numbers == "files" else (1, len(found.source))
        marks: dict[str, int] = dict.fromkeys(_MARKS, 0)
        for mark in _MARKS:
            value = values[mark]
            if value is None or (value == 0 and first > 0):
                continue
            if not first <= value <= last:
                wrong.append(self._problem(row, mark, f"a frame from {first} to {last}, which are there", str(value)))
                continue
            marks[mark] = value - first + 1
            if value == 0:
                self.errata.add("frame_zero", where, "taken as the file of that number", f"{mark} 0")
        given = [frame for frame in marks.values() if frame]
        if given != sorted(given):
            found_here = "/".join(str(values[mark] or "-") for mark in _MARKS)
            wrong.append(self._problem(row, "apex", "onset, apex and offset in this order", found_here))
        return marks["onset"], marks["apex"], marks["offset"]

    def _problem(self, row: int, column: str, expected: str, found: str) -> Problem:
        return Problem(self.table.file, self.table.lines[row], column, expected, found, column)


def _frames_at(place: Path) -> _Found:
    """Return the frames of a folder of pictures, a video file or one picture.

    Raises
    ------
    UserError : when there is neither.
    """
    if place.suffix.lower() in IMAGE_SUFFIXES and place.is_file():
        return _Found(StillFrames(place), 1, 1, STILL_FPS)
    if not place.is_dir():
        source = VideoFrames(place)
        source.look()
        return _Found(source, 1, len(source), source.fps)
    scan = scan_frames(place)
    if not scan.numbers:
        raise UserError(f"{place} holds no numbered pictures: {instead_of_frames(place)}")
    frames = CountedFrames(place, scan.span, scan.first)
    if scan.numbers == scan.span and not scan.twins:
        return _Found(frames, scan.first, scan.last, None)
    lacking = tuple(number + scan.first - 1 for number in frames.missing)  # which refuses numbers that no clip has
    return _Found(frames, scan.first, scan.last, None, lacking)


def _with_hint(problem: Problem) -> Problem:
    """Say beside a wrong encoding how another one is named."""
    if problem.kind != "encoding":
        return problem
    return dataclasses.replace(problem, expected=f"{problem.expected}, or the setting encoding=NAME")


def _report_shared(used: list[tuple[Path, str]], errata: Errata) -> None:
    """Report clips that show the same frames: in different folds they would be trained on and tested."""
    by_place: dict[Path, list[str]] = collections.defaultdict(list)
    for place, where in used:
        by_place[place.resolve()].append(where)
    for place, names in by_place.items():
        if len(names) > 1:
            errata.add("shared_frames", names[0], "all are kept", f"{place.name} is also {', '.join(names[1:])}")


def _optional(read: Any) -> Any:
    """Return a reader that takes an empty cell for None."""
    return lambda cell: read(cell) if cell else None


def _rate(cell: str) -> float:
    rate = positive(cell)
    if rate > HIGHEST_FPS:
        raise Unreadable(f"a frame rate of at most {HIGHEST_FPS:g}")
    return rate


_COLUMNS = (
    Column("subject", name, REQUIRED),
    Column("clip", name, REQUIRED),
    Column("frames", name, REQUIRED),
    Column("emotion", emotion, REQUIRED),
    *(Column(mark, _optional(frame), None) for mark in _MARKS),
    Column("action_units", text, ""),
    Column("fps", _optional(_rate), None),
    Column("database", text, ""),
)
