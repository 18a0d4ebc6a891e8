"""softnet: two networks that score the flow over k frames, one for each type of expression (Liong et al., ICIP 2021).

Liong, See and Wong, "Shallow Optical Flow Three-Stream CNN for Macro- and Micro-Expression Spotting from Long
Videos", ICIP 2021 (arXiv 2106.06489), and the program that they published with it.

Conventions
-----------
Scores that `spot` returns are the moving means that peaks are looked for in, 0 without a face. What is learnt are the
weights of the two networks, the lags where no setting names them, and p, the threshold.

What differs from the published program and is mebench's choice: p comes from the training videos of the fold, since the
published 0.55 gave the highest F1 on the videos that were scored (`legacy=true` takes it, and the card says so); all
videos are learnt from and scored, also those without an expression of the type; faces are the aligned ones of 112x112
px, enlarged to 128x128, and landmarks are those of `landmarks=`, with a stand-in where a detector has none (see
`faces.face_points`); pictures of flow are kept with 256 levels; TV-L1 is scikit-image's. A type without any event in
the training videos is not trained and never predicted.

A video is taken by stretches with a face: no flow, mean or interval reaches over a frame without a face, a cut or a
change of person, but for a face that is lost for at most 0.1 s of one shot.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.alignment import AlignmentConfig
from mebench.faces.face_points import kept_points
from mebench.frames.stored import StoredFrames
from mebench.methods.base import RunContext
from mebench.methods.nets.reproducible import reproducible, seed_of
from mebench.methods.nets.weights import arrays_of, restore, weights_in
from mebench.methods.spotting.base import MACRO, MICRO, SpottedInterval, Spotter, Spotting
from mebench.methods.spotting.kth_frame import Lags
from mebench.methods.spotting.softnet.config import LEGACY_P, PRESETS, SoftnetConfig
from mebench.methods.spotting.softnet.network import Softnet
from mebench.methods.spotting.softnet.peaks import Part, choose_p, moving_mean, peaks_of
from mebench.methods.spotting.softnet.pictures import Layout
from mebench.methods.spotting.softnet.samples import Labelled, SampleTable
from mebench.methods.spotting.softnet.training import PictureTrainer, scores_of
from mebench.methods.spotting.softnet.windows import Windows, flow_pictures
from mebench.schema.recordings import ExpressionType, Recording, Video
from mebench.settings import build_config

NEVER = math.inf
KINDS = {MICRO: ExpressionType.MICRO, MACRO: ExpressionType.MACRO}


class SoftNet(Spotter):
    """Shallow optical-flow three-stream networks."""

    id: ClassVar[str] = "softnet"
    paper: ClassVar[str] = "arXiv:2106.06489"
    validation: ClassVar[Literal["none", "pair", "held_out"]] = "none"
    Config: ClassVar[type] = SoftnetConfig
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = PRESETS

    def __init__(self, config: SoftnetConfig) -> None:
        super().__init__(config)
        self.config: SoftnetConfig = config
        self.nets: dict[int, Softnet] = {}
        self.lags: Lags | None = None
        self.p: tuple[float, float] = (NEVER, NEVER)

    @classmethod
    def _config_of(cls, options: Mapping[str, Any], dataset: str) -> Any:
        published = cls.presets.get(dataset, {})
        if options.get("k_from") == "training":
            published = {name: value for name, value in published.items() if name not in ("micro_k", "macro_k")}
        return build_config(cls.Config, options, owner=cls.id, defaults=published)

    def tuned_on_test(self) -> str:
        """Say what of the settings was chosen on tested videos."""
        return f"p = {LEGACY_P:g} of {self.id} was chosen on the scored videos" if self.config.legacy else ""

    def alignment(self, recording: Recording) -> AlignmentConfig:
        """Return the settings of the alignment, with or without tracking."""
        config: SoftnetConfig = self.config_for(recording)
        return AlignmentConfig.of(config, tracking=config.tracking)

    def prepare(self, video: Video, context: RunContext) -> None:
        """Align the face, and compute the flow at the lags that the settings name."""
        context.aligned(video, self.alignment(video))
        for k in self.config_for(video).lags:
            if k is not None:
                self._pictures(video, k, context)

    # -- training -------------------------------------------------------------------------------------------------

    def fit(self, train: Sequence[Video], validation: Sequence[Video], context: RunContext) -> None:
        """Train a network for each type and choose its p, all on the training videos.

        Raises
        ------
        UserError : when there is nothing to train on, or the loss stops being a number.
        """
        if not train:
            raise UserError(f"{self.id} has no training videos: give a dataset of at least two subjects.")
        self.lags = Lags.of_training(train, lambda video: self.config_for(video).lags)
        for id, (micro, macro, _) in self.lags.trained.items():
            context.log({"event": "lags", "dataset": id, "micro": micro, "macro": macro})
        self.nets, p = {}, [NEVER, NEVER]
        for column, kind in KINDS.items():
            if not any(event.type == kind for video in train for event in video.events):
                context.log({"event": "no_positives", "type": kind.value, "effect": "not trained and never predicted"})
                continue
            self.nets[column] = self._train(train, kind, column, context)
            p[column] = self._choose_p(train, column, context)
        self.p = (p[MICRO], p[MACRO])

    def _train(self, train: Sequence[Video], kind: ExpressionType, column: int, context: RunContext) -> Softnet:
        labelled = []
        for video in train:
            windows, pictures = self._pictures(video, self._k(video, column), context)
            if pictures is not None:
                labelled.append(Labelled(pictures, windows.labels(video, kind)))
        if not labelled:
            k = min(self._k(video, column) for video in train)
            raise UserError(
                f"{self.id} has no training video with a face for more than {k} frames in a row, the lag of "
                f"{kind.value}-expressions: give a smaller {kind.value}_k than {k}, or longer videos."
            )
        with reproducible(seed_of(context.rng(self.id, "torch"))):
            net = Softnet().to(context.device)
            PictureTrainer(net, SampleTable(labelled), self.config, context, self.id, kind.value).run()
        return net

    def _choose_p(self, train: Sequence[Video], column: int, context: RunContext) -> float:
        """Return the threshold of a type, and log where it comes from."""
        kind = KINDS[column]
        row: dict[str, Any] = {"event": "p", "type": kind.value}
        if self.config.legacy or self.config.p is not None:
            value = LEGACY_P if self.config.p is None else self.config.p
            context.log({**row, "source": "legacy" if self.config.legacy else "setting", "value": value})
            return value
        known = ((video, self._parts(video, column, context), self._k(video, column)) for video in train)
        value, f1 = choose_p(known, kind, self.config.ends, self.config.least_score)
        context.log({**row, "source": "training", "value": value, "f1": round(f1, 6)})
        return value

    # -- spotting -------------------------------------------------------------------------------------------------

    def spot(self, video: Video, context: RunContext) -> Spotting:
        """Score the flow at every frame with both networks, and return the intervals around the peaks.

        Raises
        ------
        UserError : when the method has not been trained.
        """
        if self.lags is None:
            raise UserError(f"{self.id} has not been trained: run it on a dataset first, or give --run DIR.")
        config: SoftnetConfig = self.config_for(video)
        scores = np.zeros((video.n_frames, 2), np.float32)
        intervals: list[SpottedInterval] = []
        for column in self.nets:
            parts = self._parts(video, column, context)
            for part in parts:
                scores[part.start : part.start + len(part.curve), column] = part.curve
            for found in peaks_of(parts, self._k(video, column), self.p[column], config.ends, config.least_score):
                intervals.append(SpottedInterval(found.first + 1, found.last + 1, KINDS[column], found.height))
        scores[~self.presence(video, context).found] = 0
        return Spotting(tuple(sorted(intervals, key=lambda i: (i.onset, i.offset, i.type))), scores)

    def notes(self, recording: Video) -> tuple[str, ...]:
        """Tell of what a video is too short for."""
        if self.lags is None:
            return ()
        ends = 1 if self.config_for(recording).ends == "full" else 3
        least = {KINDS[column]: ends * self._k(recording, column) + 1 for column in self.nets}
        return tuple(
            f"{self.id} looks for {kind}-expressions in videos of at least {count} frames, this one has "
            f"{recording.n_frames}"
            for kind, count in least.items()
            if recording.n_frames < count
        )

    def _k(self, video: Video, column: int) -> int:
        assert self.lags is not None
        return self.lags.of(video, self.config_for(video).lags)[column]

    def _parts(self, video: Video, column: int, context: RunContext) -> list[Part]:
        """Return the curves of the parts of a video."""
        k = self._k(video, column)
        windows, pictures = self._pictures(video, k, context)
        if pictures is None:
            return []
        with reproducible():
            scores = scores_of(self.nets[column].to(context.device), pictures)
        return [Part(start, moving_mean(series, k)) for start, series in windows.series(scores)]

    def _pictures(self, video: Video, k: int, context: RunContext) -> tuple[Windows, StoredFrames | None]:
        """Return the windows of a video and the pictures of their flow; none for a video that is too short."""
        config: SoftnetConfig = self.config_for(video)
        alignment, presence = self.alignment(video), self.presence(video, context)
        windows = Windows.of(video, presence, k, config.samples_per_k)
        if not len(windows):
            return windows, None

        def tell(done: int, total: int) -> None:
            context.progress(f"flow {video.id}", done, total)

        faces = context.aligned(video, alignment)
        layout = Layout.of_points(kept_points(video, alignment, presence, context.cache, faces.digest))
        return windows, flow_pictures(video, faces, windows, layout, config, context.cache, tell)

    # -- state ----------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, NDArray[Any]]:
        """Return weights (`micro.*`, `macro.*`), lags (see `Lags`) and p."""
        arrays = {} if self.lags is None else self.lags.state()
        for column, net in self.nets.items():
            arrays.update(arrays_of(net, f"{KINDS[column].value}."))
        return {**arrays, "p": np.array(self.p, np.float64)}

    def load_state(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Load weights, lags and p.

        Raises
        ------
        UserError : when the arrays are not those of this method.
        """
        try:
            nets = {}
            for column, kind in KINDS.items():
                if weights := weights_in(state, f"{kind.value}."):
                    nets[column] = restore(Softnet(), weights)
            lags = Lags.of_state(state)
            micro, macro = (float(p) for p in state["p"])
        except (KeyError, RuntimeError, ValueError) as error:
            raise UserError(
                f"The checkpoint does not fit {self.id}: use one that {self.id} has written, of this version."
            ) from error
        self.nets, self.lags, self.p = nets, lags, (micro, macro)
