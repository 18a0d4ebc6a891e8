"""spot3dcnn: a score for micro- and one for macro-expression for every frame, from two pairs of frames (thesis ch. 5).

Conventions
-----------
Trained with two subjects left out (Algorithm 1): each validates the model that is tested on the other. The threshold
of each type comes from the ROC curve of the validation subject's smoothed scores; a validation subject that has no
frame, or nothing but frames, of a type leaves it to at most four training videos that have both. A type without any
frame in the training videos is not trained and never predicted, and the log says so. Scores that `spot` returns are
those that the threshold is applied to, smoothed and, if so set, normalised.

Raw scores are the sigmoids of every frame. They have thresholds of their own, chosen in the same way from the raw
scores of the validation subject (`raw_normalise`); metrics of raw scores use them, and nothing else does.

A video is taken by stretches (see `Presence`): no stack, filter or interval reaches over a frame without a face, a cut
or a change of person; thresholds and the level of rest are those of the frames with a face.

Frame skips and post-processing are those of a recording's own dataset; the network and its training follow the settings
of the method. One network and one threshold of each type serve all datasets.
"""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.methods.additions import SPOT3DCNN
from mebench.methods.base import RunContext
from mebench.methods.explainable import Explainable, Explained
from mebench.methods.nets.reproducible import reproducible, seed_of
from mebench.methods.nets.weights import Weights, arrays_of, restore, under, weights_in, weights_of
from mebench.methods.spotting.base import MACRO, MICRO, SpottedInterval, Spotter, Spotting
from mebench.methods.spotting.postprocess.pipeline import condition, movement_intervals, typed_intervals
from mebench.methods.spotting.postprocess.raw_thresholds import levelled, threshold_of_video
from mebench.methods.spotting.spot3dcnn.config import PRESETS, Spot3DConfig
from mebench.methods.spotting.spot3dcnn.dataset_skips import DatasetSkips
from mebench.methods.spotting.spot3dcnn.explained import explained
from mebench.methods.spotting.spot3dcnn.loss import build_loss
from mebench.methods.spotting.spot3dcnn.network import (
    TwoStreamNet,
    build_network,
    parameter_count,
    regular_parameter_count,
)
from mebench.methods.spotting.spot3dcnn.preprocess import Preprocessor
from mebench.methods.spotting.spot3dcnn.sampling import FrameReader, SampleTable, stack_offsets
from mebench.methods.spotting.spot3dcnn.scoring import DenseScorer
from mebench.methods.spotting.spot3dcnn.skips import Skips
from mebench.methods.spotting.spot3dcnn.stretches import scored_by_stretch
from mebench.methods.spotting.spot3dcnn.training import StackTrainer, ValidationStacks
from mebench.metrics.frames import roc_threshold
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType, Video, frame_labels
from mebench.schema.timing import Timing

THRESHOLD_VIDEOS = 4
NEVER = math.inf
WEIGHTS = "net."
"""Beginning of the names of weights in the state."""


class Scored(NamedTuple):
    """A video with its scores: `raw` and smoothed (`curves`), float32 of shape (n_frames, 2)."""

    video: Video
    presence: Presence
    raw: NDArray[np.float32]
    curves: NDArray[np.float32]


class Spot3DCNN(Spotter, Explainable):
    """Two-stream 3D-CNN with temporal oriented frame skips."""

    id: ClassVar[str] = "spot3dcnn"
    paper: ClassVar[str] = "arXiv:2105.06340"
    validation: ClassVar[Literal["none", "pair", "held_out"]] = "pair"
    Config: ClassVar[type] = Spot3DConfig
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = PRESETS
    profiles: ClassVar[Mapping[str, Mapping[str, Any]]] = SPOT3DCNN.profiles()
    frame_size: ClassVar[int] = 112

    def __init__(self, config: Spot3DConfig) -> None:
        super().__init__(config)
        self.config: Spot3DConfig = config
        self.net: TwoStreamNet | None = None
        self.skips = DatasetSkips(Skips.fixed(1, 1))
        self.thresholds: tuple[float, float] = (NEVER, NEVER)
        self.raw_levels: tuple[float, float] | None = None

    @classmethod
    def _defaults(cls, options: Mapping[str, Any], dataset: str) -> dict[str, Any]:
        found = super()._defaults(options, dataset)
        if options.get("k_from") == "training":
            found = {name: value for name, value in found.items() if name not in ("short_skip", "long_skip")}
        return found

    @classmethod
    def facts(cls) -> tuple[str, ...]:
        """Return the size of the network, and what its separable convolutions save (5.4.3)."""
        model = cls.configure()
        net = model.build()
        count, regular = parameter_count(net), model.regular_size(net)
        if regular is None:
            return (f"parameters: {count:,}",)
        return (
            f"parameters: {count:,}; with regular convolutions {regular:,}, so that depthwise separable ones save "
            f"{1 - count / regular:.0%} (the thesis says about 10%, and gives neither filters nor kernels)",
        )

    # -- what the variant for whole frames replaces ---------------------------------------------------------------

    def reader(self, video: Video, context: RunContext) -> FrameReader:
        """Return the grey frames of a video as the network wants them."""
        return context.aligned(video, self.alignment(video))

    def build(self) -> TwoStreamNet:
        """Build the network with fresh weights."""
        return build_network(self.config, self.outputs)

    def regular_size(self, net: TwoStreamNet) -> int | None:
        """Return the number of parameters with regular convolutions, None where a network has them anyway."""
        return regular_parameter_count(net, self.config)

    # -- training -------------------------------------------------------------------------------------------------

    @property
    def outputs(self) -> int:
        """Number of sigmoids: 2, or 1 for movement."""
        return 1 if self.config.target == "movement" else 2

    def prepare(self, video: Video, context: RunContext) -> None:
        """Fill the frame cache for one video."""
        self.reader(video, context)
        self.presence(video, context)

    def fit(self, train: Sequence[Video], validation: Sequence[Video], context: RunContext) -> None:
        """Train once; early stopping and thresholds on the validation videos.

        Without validation videos all epochs are trained and thresholds come from training videos.

        Raises
        ------
        UserError : when there is nothing to train on, or the loss stops being a number.
        """
        (trained,) = self._train(train, [validation] if validation else [()], context)
        self.__dict__.update(trained.__dict__)

    def fit_pair(
        self, train: Sequence[Video], first: Sequence[Video], second: Sequence[Video], context: RunContext
    ) -> tuple[Self, Self]:
        """Train once and keep, for each validation subject, the epoch that suits it best (Algorithm 1)."""
        one, other = self._train(train, [first, second], context)
        return one, other

    def _train(self, train: Sequence[Video], held_out: Sequence[Sequence[Video]], context: RunContext) -> list[Self]:
        """Return one trained copy of this method for each set of validation videos."""
        if not train:
            raise UserError(f"{self.id} has no training videos: give a dataset of at least three subjects.")
        with reproducible(seed_of(context.rng(self.id, "torch"))):
            skips = DatasetSkips.of_training(train, self.config_for)
            table = self._table(train, skips, context)
            if len(table) == 0:
                raise UserError(f"{self.id} has training videos without a face: look at them with `mebench spot`.")
            known = self._known(table, context)
            self._log_skips(skips, known, context)
            net = self.build().to(context.device)
            random = context.rng(self.id, "validation")
            tables = [self._table(videos, skips, context) for videos in held_out]
            drawn = [ValidationStacks(t, self.config.validation_samples, random) if len(t) else None for t in tables]
            if any(known):
                loss = build_loss(self.config, known if self.outputs == 2 else (True,)).to(context.device)
                preprocess = self._preprocessor(context)
                validation = [stacks for stacks in drawn if stacks is not None]
                StackTrainer(net, loss, table, preprocess, self.config, context, self.id, validation).run()
            models = []
            for videos, stacks in zip(held_out, drawn, strict=True):
                models.append(self._finished(net, stacks.tracker.best_weights if stacks else {}, skips))
                models[-1]._choose_thresholds(videos, train, known, context)
            return models

    def _table(self, videos: Sequence[Video], skips: DatasetSkips, context: RunContext) -> SampleTable:
        own = [skips.of(video, self.configs.get(video.dataset)) for video in videos]
        readers = [self.reader(video, context) for video in videos]
        return SampleTable(videos, readers, own, self.config, [self.presence(video, context) for video in videos])

    def _log_skips(self, skips: DatasetSkips, known: tuple[bool, bool], context: RunContext) -> None:
        """Log the skips of the training; several datasets have a line each, which names the dataset."""
        for id, own in skips.trained.items():
            row: dict[str, Any] = {"event": "skips", "short": own.short, "long": own.long, "known": list(known)}
            context.log(row if len(skips.trained) == 1 else {**row, "dataset": id})

    def _known(self, table: SampleTable, context: RunContext) -> tuple[bool, bool]:
        """Return which types the training videos have, and log those that they lack."""
        known = (table.has(MICRO), table.has(MACRO))
        for name, there in zip(("micro", "macro"), known, strict=True):
            if not there:
                context.log({"event": "no_positives", "type": name, "effect": "not trained and never predicted"})
        return known

    def _preprocessor(self, context: RunContext) -> Preprocessor:
        return Preprocessor(self.config, context.device, self.frame_size)

    def _finished(self, net: TwoStreamNet, best: Weights, skips: DatasetSkips) -> Self:
        """Return a copy of this method with the best weights, or the last where none were tracked."""
        model = copy.copy(self)
        model.net = restore(copy.deepcopy(net), under(best, WEIGHTS) or weights_of(net))
        model.skips = skips
        model.thresholds = (NEVER, NEVER)
        model.raw_levels = None
        return model

    # -- thresholds -----------------------------------------------------------------------------------------------

    def _choose_thresholds(
        self, validation: Sequence[Video], train: Sequence[Video], known: tuple[bool, bool], context: RunContext
    ) -> None:
        scored = [self._seen(video, context) for video in validation]
        smooth, raw = [NEVER, NEVER], [NEVER, NEVER]
        for column, kind in enumerate((ExpressionType.MICRO, ExpressionType.MACRO)):
            if not (any(known) if self.outputs == 1 else known[column]):
                continue
            source = "validation"
            found = self._threshold(scored, column)
            if found is None:
                source = "training"
                fallback = [v for v in train if self._labels(v, column).any()][:THRESHOLD_VIDEOS]
                found = self._threshold([self._seen(v, context) for v in fallback], column)
            smooth[column], raw[column] = (NEVER, NEVER) if found is None else found
            value, level = (None, None) if found is None else found
            context.log({"event": "threshold", "type": kind.value, "source": source, "value": value, "raw": level})
        self.thresholds, self.raw_levels = (smooth[MICRO], smooth[MACRO]), (raw[MICRO], raw[MACRO])

    def _labels(self, video: Video, column: int) -> NDArray[np.bool_]:
        micro, macro = (frame_labels(video, kind) for kind in (ExpressionType.MICRO, ExpressionType.MACRO))
        return micro | macro if self.outputs == 1 else (micro, macro)[column]

    def _seen(self, video: Video, context: RunContext) -> Scored:
        presence, raw = self.presence(video, context), self.raw_scores(video, context)
        return Scored(video, presence, raw, self._curves(video, presence, raw))

    def _threshold(self, scored: Sequence[Scored], column: int) -> tuple[float, float] | None:
        """Return the thresholds of a type over the frames with a face, of smoothed and of levelled raw scores.

        None where the frames do not tell them: for lack of one class, which both of them need.
        """
        if not scored:
            return None
        labels = np.concatenate([self._labels(one.video, column)[one.presence.found] for one in scored])
        smooth = np.concatenate([one.curves[one.presence.found, column] for one in scored])
        how = self.config.raw_normalise
        raw = np.concatenate([levelled(one.raw[one.presence.found, column], how) for one in scored])
        found = [roc_threshold(labels, scores, self.config.threshold) for scores in (smooth, raw)]
        return None if found[0] is None or found[1] is None else (found[0], found[1])

    # -- spotting -------------------------------------------------------------------------------------------------

    def skips_of(self, video: Video) -> tuple[int, int]:
        """Return the short and the long frame skip that a video is scored with."""
        return self.skips.of(video, self.configs.get(video.dataset)).pair

    def _curves(self, video: Video, presence: Presence, raw: NDArray[np.float32]) -> NDArray[np.float32]:
        return condition(raw, self.skips_of(video), self.config_for(video), presence)

    def _raw_thresholds(self, raw: NDArray[np.float32], found: NDArray[np.bool_]) -> tuple[float, ...] | None:
        """Return the thresholds of a video's raw scores, None for models that were kept before there were any."""
        if self.raw_levels is None:
            return None
        how = self.config.raw_normalise
        levels = self.raw_levels[: raw.shape[1]]
        return tuple(threshold_of_video(raw[found, i], level, how) for i, level in enumerate(levels))

    def raw_scores(self, video: Video, context: RunContext) -> NDArray[np.float32]:
        """Return the sigmoids of every frame, (n_frames, 2), 0 without a face; a movement score stands in both columns.

        Raises
        ------
        UserError : when the method has not been trained.
        """
        with reproducible():
            net = self._trained().to(context.device)
            preprocess = self._preprocessor(context)
            skips = self.skips_of(video)
            scorer = DenseScorer(net, preprocess, skips, self.config.reference, bf16=self.config.bf16)
            frames, presence = self.reader(video, context), self.presence(video, context)
            scores = scored_by_stretch(scorer, frames, presence, self.outputs)
        return np.broadcast_to(scores, (len(scores), 2)).copy()

    def _trained(self) -> TwoStreamNet:
        if self.net is None:
            raise UserError(f"{self.id} has not been trained: run it on a dataset first, or give --run DIR.")
        return self.net

    def explained_outputs(self) -> tuple[str, ...]:
        """Return what the logits stand for; see `Explainable`."""
        return ("movement",) if self.outputs == 1 else (ExpressionType.MICRO.value, ExpressionType.MACRO.value)

    def explained(self, video: Video, indices: Sequence[int], context: RunContext) -> Explained:
        """Return the network with the stacks of some frames; see `Explainable`."""
        with reproducible():
            net, offsets = (
                self._trained().to(context.device),
                stack_offsets(*self.skips_of(video), self.config.reference),
            )
            frames, presence = self.reader(video, context), self.presence(video, context)
            outputs = self.explained_outputs()
            return explained(net, self._preprocessor(context), frames, presence, offsets, indices, outputs)

    def spot(self, video: Video, context: RunContext) -> Spotting:
        """Score every frame, smooth, and return the runs above the threshold.

        The skips of a video whose dataset was not trained on are logged.
        """
        skips, config = self.skips_of(video), self.config_for(video)
        presence, raw = self.presence(video, context), self.raw_scores(video, context)
        curves = self._curves(video, presence, raw)
        for column in (MICRO, MACRO):
            if self.thresholds[column] == NEVER:
                curves[:, column] = 0
        if self.skips.converts(video):
            where = {"dataset": video.dataset, "subject": video.subject, "video": video.id}
            context.log({"event": "skips", "short": skips[0], "long": skips[1], **where})
        intervals = [
            dataclasses.replace(found, onset=start + found.onset, offset=start + found.offset)
            for start, stop in presence.stretches()
            for found in self._intervals(curves[start:stop], video.timing.part(start, stop), skips, config)
        ]
        raw = raw[:, : self.outputs]
        return Spotting(tuple(intervals), curves, raw, self._raw_thresholds(raw, presence.found))

    def _intervals(
        self, curves: NDArray[np.float32], timing: Timing, skips: tuple[int, int], config: Spot3DConfig
    ) -> tuple[SpottedInterval, ...]:
        """Return the intervals of one stretch, whose first frame has the number 1."""
        if self.outputs == 1:
            curve, threshold = curves[:, MICRO], self.thresholds[MICRO]
            return movement_intervals(curve, threshold, timing.fps, skips[0], config, timing)
        return typed_intervals(curves, self.thresholds, timing.fps, skips, config, timing)

    # -- state ----------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, NDArray[Any]]:
        """Return weights (`net.*`), frame skips (see `DatasetSkips`) and thresholds, smoothed and raw."""
        arrays = {} if self.net is None else arrays_of(self.net, WEIGHTS)
        arrays.update(self.skips.state())
        arrays["thresholds"] = np.array(self.thresholds, dtype=np.float64)
        if self.raw_levels is not None:
            arrays["raw_levels"] = np.array(self.raw_levels, dtype=np.float64)
        return arrays

    def load_state(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Load weights, skips and thresholds; of models from before there were any, those of raw scores are None.

        Raises
        ------
        UserError : when the arrays are not those of a network with these settings.
        """
        weights = weights_in(state, WEIGHTS)
        try:
            self.net = restore(self.build(), weights) if weights else None
            skips = DatasetSkips.of_state(state)
            micro, macro = (float(threshold) for threshold in state["thresholds"])
            levels = tuple(float(level) for level in state.get("raw_levels", ()))
            if len(levels) not in (0, 2):
                raise ValueError(f"{len(levels)} thresholds of raw scores, where there are two or none")
        except (KeyError, RuntimeError, ValueError) as error:
            raise UserError(
                f"The checkpoint does not fit {self.id} with these settings: use the settings it was trained with."
            ) from error
        self.skips, self.thresholds = skips, (micro, macro)
        self.raw_levels = (levels[MICRO], levels[MACRO]) if levels else None
