"""The unseen test sets of the grand challenges: long videos whose expressions the organisers keep.

MEGC2022 tested on 5 videos of each set; MEGC2023 and later on 10 and 20. Nothing is annotated, so a run on them gives
predictions to submit, and no score.

Layout
------
::

    ROOT/MEGC2022_testSet/SAMM_Test_cropped/001_2/*.jpg          001_2 002_4 003_1 004_3 005_7
    ROOT/MEGC2022_testSet/CAS_Test_cropped/sub01/*.jpg           sub01 ... sub05
    .../001_3/*.jpg   .../dzw_a1/*.jpg                           the videos of 2023, by the names in submissions

Assumed, since only the names of the videos are public: frames bear the numbers that submissions have, from 1, as the
last digits of their names; the videos of 2023 lie in folders with the names that submissions have.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from mebench.datasets.base import CheckReport, Count
from mebench.datasets.folders import search_folders, subfolders
from mebench.datasets.long_videos import LongVideoDataset, VideoFolder
from mebench.datasets.policies import AnnotatedRow, Errata
from mebench.errors import UserError
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class UnseenConfig:
    """Settings of an unseen test set."""

    fps: float | None = setting(None, "Frame rate; left out, that of the set.", unit="frames per second")
    year: Literal["auto", "2022", "2023"] = setting(
        "auto", "Which set: that of MEGC2022, that of MEGC2023 to 2025, or the later one that is there."
    )
    openface: str | None = setting(
        None, "Folder with OpenFace results, `VIDEO.csv` and `VIDEO_aligned/` for each frame folder VIDEO."
    )

    def __post_init__(self) -> None:
        """Refuse a frame rate that is not positive."""
        if self.fps is not None and not self.fps > 0:
            raise ValueError(f"fps={self.fps} must be above 0")


class UnseenSet(LongVideoDataset):
    """Videos without annotations.

    Class attributes
    ----------------
    names : pattern of the folders of a set's videos, by year.
    sizes : number of videos, by year.
    example : a folder, for messages.
    """

    Config: ClassVar[type] = UnseenConfig
    promised: ClassVar[Mapping[str, int]] = {}
    names: ClassVar[Mapping[str, re.Pattern[str]]]
    sizes: ClassVar[Mapping[str, int]]
    example: ClassVar[str]

    def folders(self, errata: Errata) -> list[VideoFolder]:
        """Find the folders of one set's videos, in one place alone."""
        places = list(search_folders(self.place, self._holds_videos, depth=4))
        year = self._year(places)
        place = next((p for p in places if any(self._is_video(path, year) for path in subfolders(p))), None)
        if place is None:
            raise UserError(
                f"No folder of frames such as {self.example} was found in {self.place}: give --root the folder that "
                f"holds the test set of {self.id}, or name another year."
            )
        for other in places:
            if other != place:
                errata.add("several_releases", other.name, f"{place.name} is read")
        errata.add("test_set", place.name, f"the set of {year}", f"{self.sizes[year]} videos were released")
        found = [path for path in subfolders(place) if self._is_video(path, year)]
        for path in subfolders(place):
            if path not in found:
                errata.add("not_of_the_set", path.name, "left out", f"no video of {year} is named so")
        return [VideoFolder(path.name.lower().partition("_")[0], path.name.lower(), path) for path in found]

    def rows(self, errata: Errata) -> list[AnnotatedRow]:
        """Return nothing: the organisers keep the annotations."""
        errata.add("unlabelled", self.id, "videos have no events", "the annotations were never released")
        return []

    @staticmethod
    def published_length(row: AnnotatedRow) -> float | None:
        """Return None: nothing is published."""
        return None

    def check(self) -> CheckReport:
        """Compare the number of videos with that of the set; list every erratum."""
        report, videos = super().check(), self.videos()
        year = "2023" if any(not self.names["2022"].fullmatch(video.id) for video in videos) else "2022"
        if self.config.year != "auto":
            year = self.config.year
        counts = (
            Count("videos", len(videos), self.sizes[year] if self.record is None else len(self.record.videos)),
            Count("people", len({video.subject for video in videos})),
            Count("frames", sum(video.n_frames for video in videos)),
        )
        return dataclasses.replace(report, counts=counts)

    def _year(self, places: list[Path]) -> str:
        """Apply `year`: the later set where a folder is of it and not of the earlier one."""
        if self.config.year != "auto":
            return str(self.config.year)
        names = [path.name.lower() for place in places for path in subfolders(place)]
        later = [n for n in names if self.names["2023"].fullmatch(n) and not self.names["2022"].fullmatch(n)]
        return "2023" if later else "2022"

    def _is_video(self, path: Path, year: str) -> bool:
        return self.names[year].fullmatch(path.name.lower()) is not None

    def _holds_videos(self, children: list[Path]) -> bool:
        """Tell whether most of a folder's folders are videos, which those of people in other datasets are not."""
        known = [child for child in children if any(self._is_video(child, year) for year in self.names)]
        return len(known) > len(children) // 2


class SammChallenge(UnseenSet):
    """SAMM Challenge: 5 videos of MEGC2022, 10 of MEGC2023 to 2025, at 200 fps."""

    id = "samm_challenge"
    usual_fps = 200.0
    names = {
        "2022": re.compile("001_2|002_4|003_1|004_3|005_7"),
        "2023": re.compile("001_[23]|002_[14]|003_[17]|004_[36]|005_[27]"),
    }
    sizes = {"2022": 5, "2023": 10}
    example = "SAMM_Test_cropped/001_2"


class Casme3Challenge(UnseenSet):
    """Clips of CAS(ME)^3: 5 videos of MEGC2022, 20 of MEGC2023 to 2025, at 30 fps."""

    id = "casme3_challenge"
    usual_fps = 30.0
    names = {"2022": re.compile("sub0[1-5]"), "2023": re.compile("(dzw|gcf|smy|wy)_[a-z][0-9]")}
    sizes = {"2022": 5, "2023": 20}
    example = "CAS_Test_cropped/sub01"
