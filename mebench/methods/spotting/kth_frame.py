"""How many frames an expression lasts, and half of it: the lag at which spotters compare frames (Moilanen et al. 2014).

Conventions
-----------
Lengths and lags are in frames. `Lags` are a lag for micro- and one for macro-expressions of each dataset; they are
durations, so that a video of a dataset which was not trained on has them at its own frame rate. As named arrays they
are `lags.<place>.<dataset>`, float64 (3,): micro, macro, frames per second.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.schema.recordings import ExpressionType, Video

USUAL_SECONDS = {ExpressionType.MICRO: 0.37, ExpressionType.MACRO: 2.17}
"""Mean durations of SAMM-LV (thesis Table 5.3): used where the training videos have no event of a type."""
_KEY = "lags."

Named = tuple[int | None, int | None]
"""The lags (micro, macro) that settings name, None where they leave one to the training events."""


def mean_length(videos: Sequence[Video], kind: ExpressionType) -> float:
    """Return the mean length of the events of a type in frames; without any, that of SAMM-LV at these videos' rate."""
    found = [event.length for video in videos for event in video.events if event.type == kind]
    if found:
        return float(np.mean(found))
    rates = [video.fps for video in videos] or [30.0]
    return USUAL_SECONDS[kind] * float(np.median(rates))


def kth_frame(length: float) -> int:
    """Return the lag of the k-th frame rule, (N + 1) // 2 and at least 1.

    >>> kth_frame(0.37 * 200), kth_frame(2.17 * 200), kth_frame(0.42 * 30), kth_frame(1.25 * 30)
    (37, 217, 6, 19)
    """
    return max(int((length + 1 + 1e-9) // 2), 1)


@dataclasses.dataclass(frozen=True)
class Lags:
    """The lags that a training has found.

    Attributes
    ----------
    trained : of each training dataset by id, the first one first: micro, macro, and its frames per second.
    """

    trained: Mapping[str, tuple[int, int, float]]

    @classmethod
    def of_training(cls, videos: Sequence[Video], named: Callable[[Video], Named]) -> Lags:
        """Return the lags that each dataset's settings name, or else half the mean length of its training events.

        Lengths are counted as offset - onset, which those who publish lags do.

        Parameters
        ----------
        videos : training videos, at least one; the first is of the first training dataset.
        named : gives the lags that the settings of a video's dataset name.
        """
        own: dict[str, list[Video]] = {}
        for video in videos:
            own.setdefault(video.dataset, []).append(video)
        trained = {}
        for id, group in own.items():
            micro, macro = named(group[0])
            found = [kth_frame(mean_length(group, kind) - 1) for kind in (ExpressionType.MICRO, ExpressionType.MACRO)]
            trained[id] = (micro or found[0], macro or found[1], float(np.median([video.fps for video in group])))
        return cls(trained)

    def of(self, video: Video, named: Named) -> tuple[int, int]:
        """Return the lags (micro, macro) of a video.

        Parameters
        ----------
        named : the lags that the settings of the video's own dataset name; they win over converted ones.
        """
        if video.dataset in self.trained:
            micro, macro, _ = self.trained[video.dataset]
            return micro, macro
        first = next(iter(self.trained.values()))
        factor = video.fps / first[2]
        converted = [max(round(lag * factor), 1) for lag in first[:2]]
        return named[0] or converted[0], named[1] or converted[1]

    def state(self) -> dict[str, NDArray[Any]]:
        """Return everything as named arrays."""
        rows = enumerate(self.trained.items())
        return {f"{_KEY}{place}.{id}": np.array(lags, np.float64) for place, (id, lags) in rows}

    @classmethod
    def of_state(cls, arrays: Mapping[str, NDArray[Any]]) -> Lags:
        """Make again what `state` returned.

        Raises
        ------
        ValueError : when there are none, or they are no lags.
        """
        rows: dict[int, tuple[str, tuple[int, int, float]]] = {}
        for name, array in arrays.items():
            if name.startswith(_KEY):
                place, _, id = name.removeprefix(_KEY).partition(".")
                micro, macro, rate = np.asarray(array, np.float64).reshape(3).tolist()
                if not (micro >= 1 and macro >= 1 and 0 < rate < np.inf):
                    raise ValueError(f"lags of {micro} and {macro} frames at {rate} frames per second")
                rows[int(place)] = (id, (int(micro), int(macro), rate))
        if not rows:
            raise ValueError("no lags")
        return cls(dict(rows[place] for place in sorted(rows)))
