"""One video of a dataset, one of its events, and one of its faces, for a figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.runs.data import open_dataset
from mebench.runs.monitor import Monitor
from mebench.runs.reopen import recording_named
from mebench.schema.recordings import Event, Video


def video_of(dataset: str, video: str, root: Path | None = None, settings: Path | None = None) -> Video:
    """Return a video of a dataset; without a name its first one with an event.

    Parameters
    ----------
    dataset, root, settings : as in `open_dataset`.
    video : its id, or `subject/id`.

    Raises
    ------
    UserError : when the dataset cannot be opened, or has no such video.
    """
    videos = open_dataset(dataset, root, settings).videos()
    if video:
        found = recording_named(videos, video)
        assert isinstance(found, Video)
        return found
    if not videos:
        raise UserError(f"{dataset} has no videos: choose another dataset.")
    return next((one for one in videos if one.events), videos[0])


def event_of(video: Video, number: int) -> Event:
    """Return an event of a video by its number in the order of onsets, from 1.

    Raises
    ------
    UserError : when the video has no such event.
    """
    events: Sequence[Event] = video.events
    if not 1 <= number <= len(events):
        has = f"events 1 to {len(events)}" if events else "no events"
        raise UserError(f"{video.id} has {has}: choose another --event or --video.")
    return events[number - 1]


def apex_of(event: Event) -> int:
    """Return the frame number of the apex; the middle of an event whose apex is not annotated."""
    return event.apex or (event.onset + event.offset) // 2


def index_of(video: Video, number: int) -> int:
    """Return the index of a frame, from 0, by its number, as the files have it.

    Raises
    ------
    UserError : when the video has no such frame.
    """
    index = number - video.first
    if not 0 <= index < video.n_frames:
        last = video.first + video.n_frames - 1
        raise UserError(f"{video.id} has the frames {video.first} to {last}: give one of them with --frame.")
    return index


def aligned_face(video: Video, number: int, monitor: Monitor | None = None) -> NDArray[np.uint8]:
    """Return the aligned grey face of a frame, uint8 (112, 112).

    Parameters
    ----------
    number : frame number, as the files have it.
    monitor : is told how far the alignment of the video is.

    Raises
    ------
    UserError : when the video has no such frame, or no face is found in it.
    """
    monitor = monitor or Monitor()
    index = index_of(video, number)
    cache = FrameCache()
    frames = cache.aligned(video, progress=lambda done, total: monitor.progress(video.id, "align", done, total))
    if not cache.presence(video).fitted(video.n_frames).found[index]:
        raise UserError(f"No face was found in frame {number} of {video.id}: give another with --frame.")
    face: NDArray[np.uint8] = frames.read(index, index + 1)[0]
    return face
