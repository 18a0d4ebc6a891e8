"""In which frames the face of a recording was found, by the one source that speaks for what a method looks at.

Conventions
-----------
Whoever looks at a picture of a face trusts the program that found it there; whoever reads a table trusts the table:

    a method that reads the OpenFace table      the table: its rows with success and numbers
    aligned faces that OpenFace left            the pictures that are there; and its table, where it lies beside them
    aligned faces that mebench makes            the aligner, in the same entry of the cache as the faces

A table of OpenFace thus says nothing about faces that mebench has aligned: another program looked at them.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from mebench.errors import UserError
from mebench.faces.alignment import AlignmentConfig
from mebench.faces.cache import FrameCache, Progress
from mebench.faces.openface_fit import LEAST_SHARE, fitted_table
from mebench.schema.presence import Presence
from mebench.schema.recordings import Recording


def presence_in_faces(
    recording: Recording, cache: FrameCache, config: AlignmentConfig | None = None, progress: Progress | None = None
) -> Presence:
    """Return where the face is in the aligned frames of a recording, one value for each of its own frames.

    Raises
    ------
    UserError : as in `FrameCache.aligned`; and where next to no frame has a ready-made face, or the table beside such
        faces cannot be used.
    """
    presence = cache.presence(recording, config, progress).fitted(recording.n_frames)
    if recording.aligned is None:
        return presence
    if recording.action_units_csv is not None:
        table = presence_in_table(recording)
        found = np.logical_and(presence.found, table.found)
        presence = dataclasses.replace(presence, found=found, notes=(*presence.notes, *table.notes))
    if presence.share < LEAST_SHARE:
        raise UserError(
            f"{recording.subject}/{recording.id} has a ready-made face in {int(presence.found.sum())} of "
            f"{len(presence)} frames alone: check the video, or run OpenFace on it again."
        )
    return presence


def presence_in_table(recording: Recording) -> Presence:
    """Return where the OpenFace table of a recording has a face.

    Raises
    ------
    UserError : when there is no table, or it cannot be used.
    """
    if recording.action_units_csv is None:
        raise UserError(
            f"{recording.subject}/{recording.id} has no OpenFace table: run FeatureExtraction, or use hog_ridge."
        )
    table = fitted_table(recording.action_units_csv, recording.n_frames, recording.fps)
    found = table.per_frame(recording.n_frames)[1]
    presence = Presence(found, np.zeros(len(found), np.bool_), tuple(map(str, table.notes)))
    return presence.parted(recording.holes)
