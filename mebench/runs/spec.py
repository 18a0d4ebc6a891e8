"""What is to be run, small enough to be sent to another process, and the same thing opened."""

from __future__ import annotations

import contextlib
import dataclasses
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mebench.datasets.base import Dataset
from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.methods.base import Method, RunContext
from mebench.methods.catalogue import METHODS
from mebench.protocols.base import Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.runs.copies import Copies, read_copies
from mebench.runs.plan import Fold
from mebench.runs.plugins import load_plugin
from mebench.schema.people import Person
from mebench.schema.recordings import Recording
from mebench.settings import digest_of
from mebench.tasks.base import Task
from mebench.tasks.catalogue import task_of


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
    datasets : the tested datasets; ids are unique over these and `training`.
    seed, device : see `RunContext`; the device is resolved.
    cache : folder of the frame cache, None for the user's own.
    plugins : files to load before anything is looked up.
    training : datasets that are for training alone.
    also : folders of made copies of people, for training alone.
    protocol : id of the protocol, empty where nothing is graded.
    task : id of the method's task, empty as long as it is not known.
    opened : file with the opened run, see `handing_over`; of no consequence for what the run is.
    """

    method: str
    options: Mapping[str, Any]
    datasets: tuple[DatasetChoice, ...]
    seed: int = 0
    device: str = "cpu"
    cache: Path | None = None
    plugins: tuple[Path, ...] = ()
    training: tuple[DatasetChoice, ...] = ()
    also: tuple[Path, ...] = ()
    protocol: str = ""
    task: str = ""
    opened: Path | None = None

    def open(self) -> Workspace:
        """Return the opened run; opened once, and handed to the processes that work for this one."""
        key = digest_of(dataclasses.asdict(dataclasses.replace(self, opened=None)))
        if key not in _OPENED:
            _OPENED.clear()
            _OPENED[key] = _taken_over(self) or Workspace(self)
        return _OPENED[key]


class Workspace:
    """A run's method and datasets, ready for use in one process.

    Attributes
    ----------
    datasets, training : opened datasets by id: the tested ones, and those for training alone.
    copies : made copies of people, for training alone.
    left_out : recordings that have no place under the protocol, by dataset id.

    Raises
    ------
    UserError : for unknown names and settings, and for a root that is missing or has the wrong layout.
    """

    def __init__(self, spec: RunSpec) -> None:
        self.spec = spec
        for path in spec.plugins:
            load_plugin(path)
        named = [choice.id for choice in (*spec.datasets, *spec.training)]
        for id in named:
            if named.count(id) > 1:
                raise UserError(f"The dataset {id!r} is given twice: give each --dataset and --train once.")
        self.datasets = {choice.id: _open(choice) for choice in spec.datasets}
        self.training = {choice.id: _open(choice) for choice in spec.training}
        self.copies: tuple[Copies, ...] = tuple(read_copies(path) for path in spec.also)
        self.left_out: dict[str, int] = {}
        self._by_person: dict[Person, list[Recording]] = {}
        self._index: dict[tuple[str, ...], Recording] = {}
        for id, dataset in self.every_dataset().items():
            self._take(id, dataset.recordings(self._kind(dataset)), tested=id in self.datasets)
        for copies in self.copies:
            self._take(copies.name, copies.recordings(self.task.recordings), tested=False)

    def _take(self, id: str, recordings: Iterable[Recording], *, tested: bool) -> None:
        rules = self.protocol
        for recording in recordings:
            if not isinstance(recording, Recording):
                raise UserError(
                    f"{id} lists {type(recording).__name__} among its recordings: let it return Videos or Clips; "
                    "`mebench test --plugin FILE` says more."
                )
            admit = None if rules is None else rules.admit if tested else rules.admit_training
            admitted = recording if admit is None else admit(recording)
            if admitted is None:
                self.left_out[id] = self.left_out.get(id, 0) + 1
                continue
            self._by_person.setdefault(admitted.person, []).append(admitted)
            self._index[key_of(admitted)] = admitted

    def _kind(self, dataset: Dataset) -> str:
        return self.task.recordings if self.spec.task else task_of(dataset.tasks[0]).recordings

    def every_dataset(self) -> dict[str, Dataset]:
        """Return the datasets for training, then the tested ones, by id."""
        return {**self.training, **self.datasets}

    @property
    def task(self) -> Task[Any, Any]:
        """The task of the method; of the first dataset where no method takes part."""
        return task_of(self.spec.task or next(iter(self.datasets.values())).tasks[0])

    @property
    def protocol(self) -> Protocol | None:
        """The rules, None where nothing is graded."""
        return PROTOCOLS.get(self.spec.protocol)() if self.spec.protocol else None

    @property
    def method_class(self) -> type[Method[Any]]:
        """The class of the method; imported on first use, which the process that plans the run does without."""
        return METHODS.get(self.spec.method)

    def method(self, datasets: Sequence[str]) -> Method[Any]:
        """Return a fresh method with the settings published for datasets under those that the user gave."""
        return self.method_class.for_datasets(self.spec.options, datasets)

    def people(self, datasets: Iterable[str]) -> list[Person]:
        """Return everybody of some datasets."""
        wanted, copies = set(datasets), self.originals()
        return [
            person
            for person, found in self._by_person.items()
            if person not in copies and any(recording.dataset in wanted for recording in found)
        ]

    def originals(self) -> dict[Person, tuple[Person, ...]]:
        """Return whom each made copy was made of, by the copy."""
        return {copy: of for copies in self.copies for copy, of in copies.of.items()}

    def recordings(self, people: Iterable[Person] | None = None) -> tuple[Any, ...]:
        """Return the recordings of some people, or all of the tested datasets, in the order of datasets and files."""
        if people is None:
            return self.tested(self.people(self.datasets))
        wanted = set(people)
        return tuple(r for person, found in self._by_person.items() if person in wanted for r in found)

    def tested(self, people: Iterable[Person]) -> tuple[Any, ...]:
        """Return the recordings of some people in the tested datasets: they may be of one for training as well."""
        return tuple(recording for recording in self.recordings(people) if recording.dataset in self.datasets)

    def source_of(self, recording: Recording) -> str:
        """Return the dataset for training or the folder of copies of a recording; empty for a tested dataset's."""
        for copies in self.copies:
            if recording.person in copies.of:
                return copies.name
        return recording.dataset if recording.dataset in self.training else ""

    def recording(self, key: Sequence[str]) -> Recording:
        """Return one recording by what `key_of` gives."""
        return self._index[tuple(key)]

    def datasets_of(self, fold: Fold) -> list[str]:
        """Return the datasets of a fold's recordings, those that are learnt from first, then in the order given.

        Where the protocol has a first stage of learning, the tested datasets stand before those of that stage.
        """
        rules = self.protocol
        pretrains = rules is not None and rules.pretrains
        order = [*self.datasets, *self.training] if pretrains else list(self.every_dataset())
        sides = (fold.train, sorted(fold.held_out))
        found = [{r.dataset for r in self.recordings(people)} for people in sides]
        return [*(id for id in order if id in found[0]), *(id for id in order if id in found[1] - found[0])]

    def named(self, recording: Any) -> Any:
        """Return a recording with the name that it has in a truth and in predictions of this run."""
        return self.task.named(recording, several=len(self.datasets) > 1)

    def context(self, dataset: str, **more: Any) -> RunContext:
        """Return what a method is handed."""
        from mebench.faces.cache import FrameCache

        rules = self.protocol
        if rules is not None and rules.pretrains:
            more["first_sources"] = (*self.training, *(copies.name for copies in self.copies))
            more["source_of"] = self.source_of
        classes = rules.classes if rules is not None else ()
        more["only_learnt_from"] = lambda recording: recording.dataset not in self.datasets
        return RunContext(
            self.spec.seed, self.spec.device, FrameCache(self.spec.cache), dataset, classes=classes, **more
        )


def key_of(recording: Recording) -> tuple[str, ...]:
    """Return what names a recording among all datasets of a run."""
    return (recording.dataset, *recording.key)


def _open(choice: DatasetChoice) -> Dataset:
    return DATASETS.get(choice.id).open(choice.root, choice.options)


@contextlib.contextmanager
def handing_over(spec: RunSpec) -> Iterator[RunSpec]:
    """Yield a spec with which other processes of this machine need not open the datasets again.

    Opening lists folders, reads workbooks and asks video files for their lengths. A dataset of a plug-in that cannot be
    handed over is opened by every process.
    """
    with tempfile.TemporaryDirectory(prefix="mebench-") as folder:
        path = Path(folder) / "opened"
        try:
            content = pickle.dumps(spec.open(), protocol=pickle.HIGHEST_PROTOCOL)
            path.write_bytes(content)
        except Exception:  # whatever a plug-in's objects raise, or a full disk
            yield spec
        else:
            yield dataclasses.replace(spec, opened=path)


def _taken_over(spec: RunSpec) -> Workspace | None:
    """Return what another process has opened; None where it has handed nothing over, or not to this machine."""
    if spec.opened is None:
        return None
    for path in spec.plugins:
        load_plugin(path)
    try:
        # Written by the process that sent this job, into a folder of its own.
        found: Workspace = pickle.loads(spec.opened.read_bytes())
    except Exception:  # whatever a plug-in's objects raise
        return None
    return found


_OPENED: dict[str, Workspace] = {}


def forget_opened() -> None:
    """Open datasets anew the next time: their files may have changed."""
    _OPENED.clear()
