"""Learning in two stages: from other people's recordings first, then from those of the dataset that is tested.

Conventions
-----------
Under a protocol that pre-trains (`mie-x`), `--train ID` and `--also DIR` name what is learnt from *first*; the people
of the tested dataset who are not tested in a fold are learnt from *last*. No recording of somebody who is tested is in
either stage, whatever dataset it is of, and no made copy of them. A method that knows no stages learns from all at
once, as under any other protocol.

    stages          first                          last
    default         --train, --also                the tested dataset's own
    together=ck     --train, --also, without ck    the tested dataset's own, and ck       (MiE-X: CompMiE + CK+)
    fine_tune=no    --train, --also                nobody                                 (MiE-X: direct deployment)
    nothing given   nobody                         the tested dataset's own

The first stage may have other labels than the protocol: a network then gets a new last layer for the last stage.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from mebench.errors import UserError, did_you_mean
from mebench.methods.base import RunContext
from mebench.schema.recordings import Clip
from mebench.settings import setting

R = TypeVar("R", bound=Clip)

_PAPER = "MiE-X (ECCV 2022) section 5.1, Table 1"


@dataclasses.dataclass(frozen=True)
class StageSettings:
    """Settings of a method that learns in two stages; a `Config` derives from it."""

    together: tuple[str, ...] = setting(
        (),
        "datasets of --train, or folders of --also, that are learnt from last, with the tested dataset's own",
        source=_PAPER,
    )
    fine_tune: bool = setting(
        True,
        "whether the tested dataset's own clips are learnt from last; no leaves the model as the first stage made it",
        source=_PAPER,
    )


@dataclasses.dataclass(frozen=True)
class Stage(Generic[R]):
    """What one stage learns from.

    Attributes
    ----------
    recordings : in the order of the training recordings.
    classes : the labels that it tells apart, in order: those of the protocol, or of its recordings where they differ.
    """

    recordings: tuple[R, ...]
    classes: tuple[str, ...]


def stages(train: Sequence[R], context: RunContext, settings: StageSettings) -> tuple[Stage[R], ...]:
    """Return the stages of a fold's learning, one or two, without empty ones.

    Parameters
    ----------
    train : the training clips that `fit` was given.
    context : says which of them are of a first stage.
    settings : the method's own, or its config.

    Raises
    ------
    UserError : when the settings name what is not given, leave nothing to learn from, or when the last stage would
        learn labels that the protocol does not have.
    """
    _check(settings, context)
    sources = [context.source_of(recording) for recording in train]
    early = [bool(source) and source not in settings.together for source in sources]
    first = tuple(recording for recording, is_early in zip(train, early, strict=True) if is_early)
    last = tuple(recording for recording, is_early in zip(train, early, strict=True) if not is_early)
    found = [Stage(first, _classes(first, context.classes))]
    if settings.fine_tune:
        found.append(Stage(last, context.classes))
    _check_labels(found, context, settings)
    return tuple(stage for stage in found if stage.recordings)


def _check(settings: StageSettings, context: RunContext) -> None:
    for name in settings.together:
        if name not in context.first_sources:
            raise UserError(
                f"together={name} names nothing that is learnt from: give it as --train or --also under a protocol "
                f"that pre-trains, or leave it out.{did_you_mean(name, context.first_sources)}"
            )
    if not settings.fine_tune and not set(context.first_sources) - set(settings.together):
        raise UserError(
            "fine_tune=no leaves nothing to learn from: add --train ID or --also DIR under a protocol that pre-trains, "
            "or leave fine_tune out."
        )


def _classes(recordings: Sequence[Any], classes: tuple[str, ...]) -> tuple[str, ...]:
    labels = {recording.emotion for recording in recordings}
    return classes if labels <= set(classes) else tuple(sorted(labels))


def _check_labels(found: Sequence[Stage[R]], context: RunContext, settings: StageSettings) -> None:
    """Refuse a last stage, and a model without one, that would have to tell apart what the protocol does not know."""
    stage = found[-1]
    if unknown := sorted({recording.emotion for recording in stage.recordings} - set(context.classes)):
        what = f"together={'/'.join(settings.together)}" if settings.fine_tune else "fine_tune=no"
        raise UserError(
            f"{what} cannot be: its clips are {', '.join(unknown)}, and the classes are {', '.join(context.classes)}; "
            "let them be learnt from first, and fine-tuned."
        )
