"""Frame skips by dataset: each recording has those of its own; where it was not trained on, they are converted.

Conventions
-----------
A skip is a duration, and events last about as long at any frame rate: k frames at rate r are round(k / r * fps) frames,
at least 1, of a video with fps frames per second. The state keeps, beside `skips` (short, long) of the first training
dataset, its `rate` and `skips.<place>.<dataset>` of each, shape (2, 3): short and long; skip, lowest, highest.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.methods.nets.weights import under
from mebench.methods.spotting.spot3dcnn.config import TrainingConfig
from mebench.methods.spotting.spot3dcnn.skips import Skips, choose_skips, named_skips
from mebench.schema.recordings import Video

_BY_DATASET = "skips."


@dataclasses.dataclass(frozen=True)
class DatasetSkips:
    """The skips that a training has found.

    Attributes
    ----------
    first : of the first training dataset, from which those of other datasets are converted.
    rate : its frame rate in frames per second, the median over its training videos; None where it was not kept (by
        mebench 0.1.0): every video then has the first skips as they are.
    trained : of each training dataset, by id.
    """

    first: Skips
    rate: float | None = None
    trained: Mapping[str, Skips] = dataclasses.field(default_factory=dict)

    @classmethod
    def of_training(cls, videos: Sequence[Video], config_for: Callable[[Video], TrainingConfig]) -> DatasetSkips:
        """Return the skips that each dataset's settings name or its training events give.

        Parameters
        ----------
        videos : training videos, at least one; the first is of the first training dataset.
        config_for : gives the settings of a video's own dataset.
        """
        own: dict[str, list[Video]] = {}
        for video in videos:
            own.setdefault(video.dataset, []).append(video)
        trained = {id: choose_skips(group, config_for(group[0])) for id, group in own.items()}
        first = videos[0].dataset
        return cls(trained[first], float(np.median([video.fps for video in own[first]])), trained)

    def of(self, video: Video, config: TrainingConfig | None) -> Skips:
        """Return the skips of a video.

        Parameters
        ----------
        config : settings of the video's own dataset, None where it has none; the skips that they name win over
            converted ones.
        """
        if video.dataset in self.trained:
            return self.trained[video.dataset]
        if self.rate is None:
            return self.first
        converted = self.first.scaled(video.fps / self.rate)
        return converted if config is None else named_skips(config, converted)

    def converts(self, video: Video) -> bool:
        """Tell whether a video is of a dataset that was not trained on, so that its skips are none of the training."""
        return self.rate is not None and video.dataset not in self.trained

    def state(self) -> dict[str, NDArray[Any]]:
        """Return everything as named arrays."""
        arrays: dict[str, NDArray[Any]] = {"skips": np.array(self.first.pair, dtype=np.int64)}
        if self.rate is not None:
            arrays["rate"] = np.array([self.rate], dtype=np.float64)
        for place, (id, skips) in enumerate(self.trained.items()):
            rows = [[skips.short, *skips.short_range], [skips.long, *skips.long_range]]
            arrays[f"{_BY_DATASET}{place}.{id}"] = np.array(rows, dtype=np.int64)
        return arrays

    @classmethod
    def of_state(cls, arrays: Mapping[str, NDArray[Any]]) -> DatasetSkips:
        """Make again what `state` returned, now or in mebench 0.1.0.

        Raises
        ------
        KeyError, ValueError : when arrays are missing, have other shapes, or hold a rate that is none.
        """
        short, long = np.asarray(arrays["skips"]).reshape(2).tolist()
        rows: dict[int, tuple[str, Skips]] = {}
        for name, array in under(arrays, _BY_DATASET).items():
            place, _, id = name.partition(".")
            (s, s_low, s_high), (k, k_low, k_high) = np.asarray(array).reshape(2, 3).tolist()
            rows[int(place)] = (id, Skips(s, k, (s_low, s_high), (k_low, k_high)))
        if not rows:
            return cls(Skips.fixed(short, long))
        trained = dict(rows[place] for place in sorted(rows))
        rate = float(np.asarray(arrays["rate"]).reshape(1)[0])
        if not 0 < rate < np.inf:
            raise ValueError(f"a rate of {rate} frames per second")
        return cls(next(iter(trained.values())), rate, trained)
