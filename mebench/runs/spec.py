"""What is to be run, small enough to be sent to another process, and the same thing opened."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mebench.datasets.base import Dataset
from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.spotting.base import Spotter
from mebench.runs.plugins import load_plugin
from mebench.schema.recordings import Video
from mebench.settings import digest_of


@dataclasses.dataclass(frozen=True)
class DatasetChoice:
    """A dataset, its options as the user gave them, and its folder."""

    id: str
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    root: Path | None = None


@dataclasses.dataclass(frozen=True)
class RunSpec:
    """A method on one dataset or several.

    Attributes
    ----------
    method, options : the method's id, empty where none takes part, and its options as the user gave them.
    datasets : the datasets; their ids are unique.
    seed, device : see `RunContext`; the device is resolved.
    cache : folder of the frame cache, None for the user's own.
    plugins : files to load before anything is looked up.
    """

    method: str
    options: Mapping[str, Any]
    datasets: tuple[DatasetChoice, ...]
    seed: int = 0
    device: str = "cpu"
    cache: Path | None = None
    plugins: tuple[Path, ...] = ()

    def open(self) -> Workspace:
        """Return the opened run; opened once in each process."""
        key = digest_of(dataclasses.asdict(self))
        if key not in _OPENED:
            _OPENED.clear()
            _OPENED[key] = Workspace(self)
        return _OPENED[key]


class Workspace:
    """A run's method and datasets, ready for use in one process.

    Raises
    ------
    UserError : for unknown names and settings, and for a root that is missing or has the wrong layout.
    """

    def __init__(self, spec: RunSpec) -> None:
        self.spec = spec
        for path in spec.plugins:
            load_plugin(path)
        self.datasets: dict[str, Dataset] = {}
        for choice in spec.datasets:
            if choice.id in self.datasets:
                raise UserError(f"The dataset {choice.id!r} is given twice: give each --dataset once.")
            self.datasets[choice.id] = DATASETS.get(choice.id).open(choice.root, choice.options)
        self._videos = {id: tuple(dataset.videos()) for id, dataset in self.datasets.items()}
        self._index = {(id, *v.key): v for id, videos in self._videos.items() for v in videos}

    @property
    def method_class(self) -> type[Spotter]:
        """The class of the method; imported on first use, which the process that plans the run does without."""
        return spotter_class(self.spec.method)

    def method(self, dataset: str) -> Spotter:
        """Return a fresh method with the settings published for a dataset under those that the user gave."""
        return self.method_class.configure(self.spec.options, dataset)

    def videos(self, dataset: str, subjects: Sequence[str] | None = None) -> tuple[Video, ...]:
        """Return the videos of some subjects, or all of a dataset's, in the dataset's order."""
        wanted = None if subjects is None else set(subjects)
        return tuple(v for v in self._videos[dataset] if wanted is None or v.subject in wanted)

    def video(self, dataset: str, subject: str, id: str) -> Video:
        """Return one video."""
        return self._index[dataset, subject, id]

    def named(self, dataset: str, video: Video) -> Video:
        """Return a video with its subject written `dataset/subject` where several datasets are run, as in a truth."""
        if len(self.datasets) == 1:
            return video
        return dataclasses.replace(video, subject=f"{dataset}/{video.subject}")

    def context(self, dataset: str, **more: Any) -> RunContext:
        """Return what a method is handed."""
        from mebench.faces.cache import FrameCache

        return RunContext(self.spec.seed, self.spec.device, FrameCache(self.spec.cache), dataset, **more)


_OPENED: dict[str, Workspace] = {}


def forget_opened() -> None:
    """Open datasets anew the next time: their files may have changed."""
    _OPENED.clear()


def spotter_class(id: str) -> type[Spotter]:
    """Return the class of a spotting method.

    Raises
    ------
    UserError : when there is no such method, or it is one of another task.
    """
    found = METHODS.get(id)
    if not (isinstance(found, type) and issubclass(found, Spotter)):
        raise UserError(f"{id} is no spotting method: choose one from `mebench list methods`.")
    return found
