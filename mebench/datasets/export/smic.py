"""The layout of SMIC's high-speed camera: no table, clips cut at onset and offset, three classes.

The loader gives back every class; frames before the onset and after the offset are not written, and apexes are lost.
Frames are JPEG files, as in some copies, where the release has bitmaps ten times their size.
"""

from __future__ import annotations

import collections
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from mebench.datasets.export.clip_plan import PlacedClip, WrittenClip, by_person, class_of
from mebench.datasets.export.plan import Quirks
from mebench.schema.recordings import Clip

_CODES = {"negative": "ne", "positive": "po", "surprise": "sur"}


class SmicLayout:
    """Writes what `smic` reads."""

    id = "smic"
    grey = False

    def place(self, clips: Sequence[Clip], quirks: Quirks) -> list[PlacedClip]:
        """Name people `s1` and clips `s1_ne_01`; files bear the numbers of a recording, or begin at 0."""
        placed: list[PlacedClip] = []
        for person, own in enumerate(by_person(clips), 1):
            seen: collections.Counter[str] = collections.Counter()
            for clip in sorted(own, key=class_of):
                emotion = class_of(clip)
                seen[emotion] += 1
                subject, tail = f"s{person}", f"{_CODES[emotion]}_{seen[emotion]:02d}"
                folder = PurePosixPath("SMIC_all_raw", "HS", subject, "micro", emotion, f"{subject}_{tail}")
                first = 0 if len(placed) % 5 == 0 else 559740 + 401 * len(placed)
                start, stop = max(clip.onset, 1) - 1, clip.offset or clip.n_frames
                name = f"s{person:02d}"
                placed.append(PlacedClip(clip, name, f"{name}_{tail}", folder, "image{:06d}.jpg", first, start, stop))
        return placed

    def write_table(self, root: Path, placed: Sequence[PlacedClip], quirks: Quirks) -> list[WrittenClip]:
        """Write nothing: what a clip shows stands in its path."""
        rows = [WrittenClip.of(one, class_of(one.clip)) for one in placed]
        for row in rows:
            quirks.add("apex_missing", row.placed.id, f"apex {'none' if row.apex is None else row.apex} left out")
            row.apex, row.action_units = None, ""
        return rows
