"""What every method offers, and what a run hands to it; what a method of one task offers stands in the task's folder.

Conventions
-----------
A method sees the truth of training and validation recordings only: what it is tested on has its truth withheld, unless
the class says `needs_truth` (bounds such as an oracle).
"""

from __future__ import annotations

import abc
import copy
import dataclasses
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from mebench.faces.alignment_settings import AlignmentSettings, FindingSettings
from mebench.methods.resume import Resume
from mebench.plugin import Plugin
from mebench.schema.recordings import Recording
from mebench.settings import build_config

if TYPE_CHECKING:
    from mebench.faces.alignment import AlignmentConfig
    from mebench.faces.cache import FrameCache
    from mebench.frames.stored import StoredFrames
    from mebench.schema.presence import Presence

R = TypeVar("R", bound=Recording)


def _ignore(*_: object) -> None:
    """Take any arguments and do nothing: the default progress and log."""


def _of_no_source(recording: Recording) -> str:
    """Say that a recording is of a tested dataset: the default where there is one stage of learning."""
    return ""


def _of_no_training_set(recording: Recording) -> bool:
    """Say that a recording is of a tested dataset: the default where nothing else is learnt from."""
    return False


@dataclasses.dataclass
class RunContext:
    """What a run hands to a method.

    Attributes
    ----------
    seed : the run's seed; use `rng` to derive independent streams.
    device : `cpu` or `cuda`.
    cache : frame cache shared by every process of the run.
    out : folder of the fold for logs and checkpoints, or None outside a run.
    progress : called as progress(what, done, total).
    log : called with one JSON-able mapping per epoch or decision; becomes a line of `log.jsonl`.
    dataset : id of the dataset whose settings the method has; a recording names its own.
    classes : labels that the protocol tells apart, where it does.
    resume : keeps the state of a long training, so that an interrupted one goes on; see `Resume`.
    first_sources : datasets for training alone and folders of made copies, by name, where the protocol lets a method
        learn from them first and then from the tested people's own; see `stages`.
    source_of : tells from which of them a recording is, empty for one of a tested dataset.
    only_learnt_from : tells whether a recording is of a dataset for training alone, and tested by nobody.
    scored : the tested recordings with their truth, for a method whose `tuned_on_test` says that it chooses on them;
        empty for any other.
    """

    seed: int
    device: str
    cache: FrameCache
    dataset: str = ""
    out: Path | None = None
    progress: Callable[[str, int, int], None] = _ignore
    log: Callable[[Mapping[str, Any]], None] = _ignore
    classes: tuple[str, ...] = ()
    resume: Resume = dataclasses.field(default_factory=Resume.nowhere)
    first_sources: tuple[str, ...] = ()
    source_of: Callable[[Recording], str] = _of_no_source
    scored: Sequence[Any] = ()
    only_learnt_from: Callable[[Recording], bool] = _of_no_training_set

    def rng(self, *names: object) -> np.random.Generator:
        """Return a random stream that depends on the seed and the names alone, never on what ran before."""
        keys = [zlib.crc32(str(name).encode()) for name in names]
        return np.random.default_rng([self.seed, *keys])

    def aligned(self, recording: Recording, config: AlignmentConfig | None = None) -> StoredFrames:
        """Return the aligned 112x112 grey frames of a recording, prepared once and then read from the cache."""
        return self.cache.aligned(recording, config, progress=self._tell_alignment(recording))

    def presence(self, recording: Recording, config: AlignmentConfig | None = None, *, table: bool = False) -> Presence:
        """Return in which frames of a recording its face was found, and how far one view of one face goes.

        It lies in the same entry of the cache as the frames of `aligned`; see `faces.presence` for which source says
        it.

        Parameters
        ----------
        config : as given to `aligned`, so that it is told of the frames that the method looks at.
        table : for a method that reads the recording's OpenFace table: what the table says.

        Raises
        ------
        UserError : when there is no face, no table, or what is there cannot be used.
        """
        from mebench.faces.presence import presence_in_faces, presence_in_table

        if table:
            return presence_in_table(recording)
        return presence_in_faces(recording, self.cache, config, self._tell_alignment(recording))

    def _tell_alignment(self, recording: Recording) -> Callable[[int, int], None]:
        return lambda done, total: self.progress(f"align {recording.id}", done, total)


class Method(Plugin, abc.ABC, Generic[R]):
    """A method under test; `R` is what it is tested on, such as `Video`.

    Class attributes
    ----------------
    task : id of the task that it is for; the rest of what is listed stands in `Plugin`.
    trains : whether `fit` learns; methods that do not have one fold for each tested subject.
    validation : what `fit` chooses epochs and thresholds on: nothing, two subjects that test each other's model, or a
        share of the training subjects that is held out.
    is_bound : whether it bounds a table, from below or above, and competes with nobody.
    needs_truth : whether what it is tested on keeps its truth (bounds only).
    reads_frames : whether the result depends on the frames; a run then keeps their digests.
    presets : published settings per dataset id, laid over the defaults before the user's own.
    profiles : what each value of the setting `profile` sets, laid over the presets before the user's own: the recipe
        of a text without what mebench adds, named after that text, `thesis` or `paper`. A method that has profiles has
        that setting, whose default `mebench` sets nothing.
    """

    task: ClassVar[str]
    trains: ClassVar[bool] = True
    validation: ClassVar[Literal["none", "pair", "held_out"]] = "none"
    is_bound: ClassVar[bool] = False
    needs_truth: ClassVar[bool] = False
    reads_frames: ClassVar[bool] = True
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    profiles: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.configs: dict[str, Any] = {}

    @classmethod
    def configure(cls, options: Mapping[str, Any] | None = None, dataset: str = "") -> Self:
        """Make the method with the defaults published for `dataset`, overlaid by its profile and the user's options.

        Raises
        ------
        UserError : for an unknown setting or a value out of range.
        """
        return cls(cls._config_of(options or {}, dataset))

    @classmethod
    def for_datasets(cls, options: Mapping[str, Any], datasets: Sequence[str]) -> Self:
        """Make the method for recordings of several datasets.

        Its settings are those published for the first; what belongs to a recording, such as frame skips, follows the
        settings of the recording's own dataset, see `config_for`.

        Raises
        ------
        UserError : for an unknown setting or a value out of range.
        """
        model = cls.configure(options, datasets[0] if datasets else "")
        model.configs = {id: cls._config_of(options, id) for id in datasets}
        return model

    @classmethod
    def _config_of(cls, options: Mapping[str, Any], dataset: str) -> Any:
        return build_config(cls.Config, options, owner=cls.id, defaults=cls._defaults(options, dataset))

    @classmethod
    def _defaults(cls, options: Mapping[str, Any], dataset: str) -> dict[str, Any]:
        """Return what replaces the defaults of the settings: what was published for a dataset, then the profile."""
        profile = cls.profiles.get(str(options.get("profile")), {})
        return {**cls.presets.get(dataset, {}), **profile}

    @classmethod
    def facts(cls) -> tuple[str, ...]:
        """Return what `mebench describe` says of the method that is computed, a line each; nothing by default."""
        return ()

    def config_for(self, recording: Recording) -> Any:
        """Return the settings of a recording's own dataset."""
        return self.configs.get(recording.dataset, self.config)

    def alignment(self, recording: Recording) -> AlignmentConfig | None:
        """Return how the faces of a recording are aligned for this method; None, the default, where it has no say."""
        config = self.config_for(recording)
        if not isinstance(config, AlignmentSettings):
            return None
        from mebench.faces.alignment import AlignmentConfig as Config

        return Config.of(config)

    def require_parts(self) -> None:
        """See that all is there which the settings name beside the code, such as a detector and its model file.

        Raises
        ------
        UserError : when something is missing.
        """
        if isinstance(self.config, FindingSettings):
            self.config.make_detector().require_parts()

    def needs_tables(self) -> str:
        """Return the setting with which OpenFace tables are read and nothing else will do; empty where none is."""
        reads = isinstance(self.config, FindingSettings) and self.config.landmarks == "openface"
        return "landmarks=openface" if reads else ""

    def supports(self, dataset: str, tasks: Sequence[str]) -> str | None:
        """Return why this method cannot run on a dataset, or None when it can.

        Parameters
        ----------
        dataset, tasks : id of the dataset, and the tasks that it is for.
        """
        if self.task in tasks:
            return None
        return f"{self.id} is for {self.task}, {dataset} is for {' and '.join(tasks)}"

    def tuned_on_test(self) -> str:
        """Return what of the settings a paper has chosen on the data that it scored, a clause; empty where nothing was.

        A run's card is then not official and says so.
        """
        return ""

    def notes(self, recording: R) -> tuple[str, ...]:
        """Return sentences that whoever reads the results on a recording should know; none by default."""
        return ()

    def prepare(self, recording: R, context: RunContext) -> None:
        """Fill the cache for one recording; a run calls this for many in parallel before the folds."""

    def fit(self, train: Sequence[R], validation: Sequence[R], context: RunContext) -> None:
        """Learn from the training recordings; choose epochs and thresholds on the validation recordings only."""

    def fit_pair(
        self, train: Sequence[R], first: Sequence[R], second: Sequence[R], context: RunContext
    ) -> tuple[Self, Self]:
        """Leave two subjects out (thesis Algorithm 1): each validates while the other tests.

        Returns
        -------
        (model validated on `first`, to be tested on `second`; model validated on `second`, to be tested on `first`).
        The default trains twice; a method with an expensive `fit` overrides it to train once.
        """
        models = (copy.deepcopy(self), copy.deepcopy(self))
        for model, validation, name in zip(models, (first, second), ("first", "second"), strict=True):
            model.fit(train, validation, dataclasses.replace(context, resume=context.resume.within(name)))
        return models

    def state(self) -> dict[str, NDArray[Any]]:
        """Return what was learnt as named arrays; goes into `checkpoint.safetensors`."""
        return {}

    def load_state(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Load what `state` returned."""
