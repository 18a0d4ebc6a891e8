"""Any spotter followed by any recogniser.

Conventions
-----------
Both learn from the training videos alone: the spotter from the videos, the recogniser from their annotated events, each
cut out as a clip with its onset, apex and offset. Emotions count under the class of the protocol that they belong to;
events of other emotions, and those of fewer than three frames, teach the recogniser nothing, and the log counts them.
Where one of the two chooses on validation people, those people are held out of the training of both.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Self

from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.frames.parts import cut_clip
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.recognition.base import Recogniser
from mebench.methods.spot_recognise.base import SpotRecogniser
from mebench.methods.spotting.base import Spotter, Spotting
from mebench.schema.emotions import COMPOSITE_CLASS_OF
from mebench.schema.presence import Presence
from mebench.schema.recordings import Clip, Video
from mebench.settings import digest_of, parse_spec, setting

_SPOTTER, _RECOGNISER = "spotter", "recogniser"
_FEWEST = 3
"""Frames of the shortest event that is learnt from: onset, apex and offset are three."""


@dataclasses.dataclass(frozen=True)
class TwoSteps:
    """Settings of `spot_then_recognise`."""

    spotter: str = setting("au_sum", "method that spots, see `mebench list methods`")
    recogniser: str = setting("bi_woof", "method that recognises, see `mebench list methods`")
    spotter_with: tuple[str, ...] = setting((), "settings of the spotter, key=value/key=value")
    recogniser_with: tuple[str, ...] = setting((), "settings of the recogniser, key=value/key=value")
    types: Literal["all", "micro", "macro"] = setting(
        "all", "which of what is spotted is kept; the recogniser learns from events of these types"
    )
    parts: str = setting(
        "",
        "digest of both methods with all their settings, which follows from the others; what is asked for is not read",
    )

    def make(self, datasets: Sequence[str]) -> tuple[Spotter, Recogniser]:
        """Make spotter and recogniser.

        Raises
        ------
        UserError : when there is no such method, it is of another task, or one of its settings is wrong.
        """
        spotter = _part(_SPOTTER, self.spotter, Spotter, self.spotter_with, datasets)
        return spotter, _part(_RECOGNISER, self.recogniser, Recogniser, self.recogniser_with, datasets)


class SpotThenRecognise(SpotRecogniser):
    """Spots with one method, then recognises each interval with another; both learn from the training videos."""

    id = "spot_then_recognise"
    Config = TwoSteps

    def __init__(self, config: TwoSteps) -> None:
        super().__init__(config)
        self._take_parts(())

    @classmethod
    def configure(cls, options: Mapping[str, Any] | None = None, dataset: str = "") -> Self:
        """Make the method; both parts have the defaults published for `dataset`. See `Method.configure`."""
        model = super().configure(options, dataset)
        model._take_parts([dataset] if dataset else [])
        return model

    @classmethod
    def for_datasets(cls, options: Mapping[str, Any], datasets: Sequence[str]) -> Self:
        """Make the method for recordings of several datasets; see `Method.for_datasets`."""
        model = super().for_datasets(options, datasets)
        model._take_parts(datasets)
        return model

    @classmethod
    def _config_of(cls, options: Mapping[str, Any], dataset: str) -> TwoSteps:
        """Return the settings, with the digest of what they come to on a dataset."""
        config: TwoSteps = super()._config_of(options, dataset)
        parts = config.make([dataset] if dataset else [])
        return dataclasses.replace(config, parts=digest_of([part.digest() for part in parts])[:16])

    def _take_parts(self, datasets: Sequence[str]) -> None:
        """Make spotter and recogniser; what a class says of itself follows from both of them here."""
        config: TwoSteps = self.config
        self.spotter, self.recogniser = config.make(datasets)
        if self.recogniser.needs_truth:
            raise UserError(
                f"{self.recogniser.id} is the truth itself, which an interval has not: give another recogniser."
            )
        self.learns_to_spot = self.spotter.trains
        facts = {name: getattr(self.spotter, name) for name in ("looks_at_faces", "needs_truth")}
        for name in ("trains", "is_bound", "reads_frames"):
            facts[name] = getattr(self.spotter, name) or getattr(self.recogniser, name)
        chooses = [part.validation for part in (self.spotter, self.recogniser) if part.trains]
        facts["validation"] = next((how for how in chooses if how != "none"), "none")
        for name, fact in facts.items():
            setattr(self, name, fact)

    def require_parts(self) -> None:
        """See that everything is there that either part needs; see `Method.require_parts`."""
        self.spotter.require_parts()
        self.recogniser.require_parts()

    def needs_tables(self) -> str:
        """Return the setting of either part with which OpenFace tables are read."""
        return self.spotter.needs_tables() or self.recogniser.needs_tables()

    def supports(self, dataset: str, tasks: Sequence[str]) -> str | None:
        """Return why the spotter cannot run on a dataset; its videos are all that is needed."""
        return None if self.task in tasks else self.spotter.supports(dataset, tasks)

    def tuned_on_test(self) -> str:
        """Return what a paper of either part has chosen on what it scored; see `Method.tuned_on_test`."""
        return " and ".join(filter(None, (self.spotter.tuned_on_test(), self.recogniser.tuned_on_test())))

    def alignment(self, recording: Any) -> Any:
        """Return how the spotter aligns faces."""
        return self.spotter.alignment(recording)

    def notes(self, recording: Video) -> tuple[str, ...]:
        """Return what the spotter says of a video, and the recogniser of a clip whose apex is not annotated."""
        clip = cut_clip(recording, 1, recording.n_frames)
        return (*self.spotter.notes(recording), *self.recogniser.notes(clip))

    def presence(self, video: Video, context: RunContext) -> Presence:
        """Return where the spotter sees the face."""
        return self.spotter.presence(video, context)

    def prepare(self, recording: Video, context: RunContext) -> None:
        """Fill the cache for the spotter; clips are known only when events or intervals are."""
        self.spotter.prepare(recording, context)

    def fit(self, train: Sequence[Video], validation: Sequence[Video], context: RunContext) -> None:
        """Let both parts learn."""
        if self.spotter.trains:
            self.spotter.fit(train, validation, _of(context, _SPOTTER))
        if self.recogniser.trains:
            self.recogniser.fit(*self._clips(train, validation, context), _of(context, _RECOGNISER))

    def _clips(
        self, train: Sequence[Video], validation: Sequence[Video], context: RunContext
    ) -> tuple[list[Clip], list[Clip]]:
        """Return the clips to learn from and to choose on.

        Raises
        ------
        UserError : when there is no event of the protocol's classes to learn from.
        """
        found = [list(self._events(videos, context.classes)) for videos in (train, validation)]
        clips = [[clip for clip in each if clip is not None] for each in found]
        left = sum(clip is None for each in found for clip in each)
        context.log({"clips": len(clips[0]), "validation_clips": len(clips[1]), "left_out": left})
        if not clips[0]:
            raise UserError(
                f"No event of the training videos has one of the classes {', '.join(context.classes)} for "
                f"{self.recogniser.id} to learn: give --train a dataset that annotates emotions."
            )
        return clips[0], clips[1]

    def _events(self, videos: Sequence[Video], classes: Sequence[str]) -> Iterator[Clip | None]:
        """Yield each event of the kept types as a clip with its class; None for one without, or too short a one."""
        for video in videos:
            for event in filter(self._keeps, video.events):
                label = event.emotion if event.emotion in classes else COMPOSITE_CLASS_OF.get(event.emotion, "")
                within = min(event.offset, video.n_frames) - max(event.onset, 1) + 1
                if label not in classes or within < _FEWEST:
                    yield None
                else:
                    yield cut_clip(video, event.onset, event.offset, apex=event.apex, emotion=label,
                                   action_units=event.action_units)  # fmt: skip

    def _keeps(self, event: Any) -> bool:
        """Tell whether an event, or an interval, is of a type that is kept."""
        config: TwoSteps = self.config
        return config.types == "all" or event.type == config.types

    def spot(self, video: Video, context: RunContext) -> Spotting:
        """Return what the spotter says, of the kept types."""
        found = self.spotter.spot(video, context)
        return dataclasses.replace(found, intervals=tuple(filter(self._keeps, found.intervals)))

    def recognise(self, clip: Clip, context: RunContext) -> Mapping[str, float] | Sequence[float]:
        """Return what the recogniser says."""
        return self.recogniser.recognise(clip, context)

    def state(self) -> dict[str, NDArray[Any]]:
        """Return what both have learnt."""
        parts = {_SPOTTER: self.spotter.state(), _RECOGNISER: self.recogniser.state()}
        return {f"{part}/{name}": array for part, state in parts.items() for name, array in state.items()}

    def load_state(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Load what `state` returned."""
        for name, part in ((_SPOTTER, self.spotter), (_RECOGNISER, self.recogniser)):
            part.load_state({k.removeprefix(f"{name}/"): a for k, a in state.items() if k.startswith(f"{name}/")})


def _of(context: RunContext, part: str) -> RunContext:
    """Return the context of one part, with states of its own; its lines in the log say whose they are."""

    def log(line: Mapping[str, Any]) -> None:
        context.log({"part": part, **line})

    return dataclasses.replace(context, resume=context.resume.within(part), log=log)


def _part(role: str, id: str, kind: type[Any], options: Sequence[str], datasets: Sequence[str]) -> Any:
    """Return one of the two methods.

    Raises
    ------
    UserError : when there is no such method, it is of another task, or one of its settings is wrong.
    """
    cls = METHODS.get(id)
    if not issubclass(cls, kind) or issubclass(cls, SpotRecogniser):
        raise UserError(f"{id} is for {cls.task}: give {role}= a method for {kind.task}, see `mebench list methods`.")
    return cls.for_datasets(parse_spec(f"{id}:{','.join(options)}").options, datasets)
