"""The page of what was spotted in a user's own video: its timeline, notes, and pictures of the intervals."""

from __future__ import annotations

from pathlib import Path

from mebench.apply.pictures import face_pictures
from mebench.apply.record import SpotRecord
from mebench.apply.spot import Spotted
from mebench.faces.cache import FrameCache
from mebench.leaderboard.timeline import Strip, VideoInfo, write_timeline

MOST_STRIPS = 300
"""Intervals whose pictures go on the page: about 4 MB; more would not be looked at."""


def write_spotted(path: Path, spotted: Spotted, record: SpotRecord, *, cache: FrameCache, pictures: bool) -> None:
    """Write the page of one video.

    Parameters
    ----------
    path : the HTML file; it appears whole or not at all.
    spotted, record : what was spotted, and its record.
    cache : holds the place of the face in every frame.
    pictures : whether onset, apex and offset of each interval are shown.

    Raises
    ------
    UserError : when the file cannot be written, or a frame cannot be decoded.
    """
    video = spotted.video
    seen = spotted.presence.sentences(video.first) if spotted.presence else ()
    write_timeline(
        path,
        VideoInfo(video.id, video.n_frames, video.fps, video.timing, video.first),
        [interval for interval, _ in spotted.in_order()],
        spotted.spotting.scores,
        method=spotted.method,
        recogniser=spotted.recogniser,
        emotions=[emotions for _, emotions in spotted.in_order()],
        facts=_facts(spotted),
        strips=_strips(spotted, record, cache) if pictures else (),
        notes=[note for note in record.notes if note not in seen],
        presence=spotted.presence,
    )


def _facts(spotted: Spotted) -> dict[str, str]:
    """Return how many models were asked, where there were several."""
    counts = {"models": spotted.models, "models that recognise": spotted.recognisers}
    return {name: str(count) for name, count in counts.items() if count > 1}


def _strips(spotted: Spotted, record: SpotRecord, cache: FrameCache) -> list[Strip]:
    """Return the pictures of the first intervals of a record."""
    shown = [(i, (("onset", i.onset), ("apex", i.apex), ("offset", i.offset))) for i in record.intervals[:MOST_STRIPS]]
    before = spotted.video.first - 1
    wanted = {number - before for _, named in shown for _, number in named}
    pictures = face_pictures(spotted.video, wanted, cache, spotted.alignment)
    return [
        Strip(i.type, i.start, tuple((name, number, pictures[number - before]) for name, number in named), i.emotion)
        for i, named in shown
    ]
