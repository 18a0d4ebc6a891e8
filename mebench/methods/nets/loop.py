"""The training loop: epochs of seeded batches, a log, early stopping, and going on after an interruption.

Conventions
-----------
An epoch is one draw of samples, cut into batches. Everything random in it comes from a stream of its own, which depends
on the seed, the owner and the number of the epoch, and from torch's global stream. The state of a training is kept
after every epoch (short ones: every `epoch_seconds`), and within a long one every `save_seconds`; what goes on from
there ends in the same weights and the same log, byte for byte.
"""

from __future__ import annotations

import abc
import dataclasses
import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic

import numpy as np

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.nets.early_stopping import HeldOut
from mebench.methods.nets.learner import Learner
from mebench.methods.nets.position import Loop, Position, S
from mebench.methods.nets.random_states import random_states, set_random_states
from mebench.methods.nets.tree import flatten, rebuild
from mebench.methods.nets.weights import digest_of_weights, weights_of

STATE = "state"
PROGRESS_SECONDS = 5.0
"""How often a long epoch says how far it is."""


class Trainer(abc.ABC, Generic[S]):
    """One training; a subclass says what is drawn and what a step is.

    Parameters
    ----------
    learner : the networks with fresh weights, and their optimisers.
    loop : how long.
    context : random streams, log, progress, and where the state is kept.
    owner : who trains; names the random streams and is used in messages.
    held_out : what is measured after every epoch; empty trains all epochs and keeps the last.
    name : unique among the trainings of one `fit`; a file name.
    data : what else identifies the training, such as digests of its frames: a kept state of other data is not used.
    """

    held_out_name = "validation_loss"
    """Name of the measured values in the log."""

    def __init__(
        self,
        learner: Learner,
        loop: Loop,
        context: RunContext,
        owner: str,
        held_out: Sequence[HeldOut] = (),
        *,
        name: str = "training",
        data: Sequence[Any] = (),
    ) -> None:
        self.learner, self.loop, self.context, self.owner = learner, loop, context, owner
        self.held_out, self.name, self.data = tuple(held_out), name, tuple(data)
        self.at = Position()
        self.store = context.resume
        self._streams: dict[str, Any] = {}
        self._saved = self._told = 0.0

    # -- what a training defines ----------------------------------------------------------------------------------

    @abc.abstractmethod
    def draw(self, epoch: int, random: np.random.Generator) -> S:
        """Draw the samples of an epoch in the order in which they are learnt; the same for the same stream."""

    @abc.abstractmethod
    def step(self, batch: S, random: np.random.Generator) -> Mapping[str, float]:
        """Learn from one batch and return its mean losses by name.

        Parameters
        ----------
        random : the epoch's stream, for augmentation.
        """

    def after_epoch(self, epoch: int) -> Mapping[str, Any]:
        """Return what else belongs into the epoch's line of the log, of plain JSON types."""
        return {}

    # -- the loop -------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Train to the end, from the beginning or from the state that an interrupted training has left.

        Raises
        ------
        UserError : when a loss stops being a number, or there is nothing to learn from.
        """
        self._open()
        while not self.at.ended:
            self._train()
            self._end_epoch()
            if self.at.ended or time.monotonic() - self._saved >= self.loop.epoch_seconds:
                self._save()

    def log(self, row: Mapping[str, Any]) -> None:
        """Log a line that a resumed training repeats; a subclass logs through this."""
        self.at.rows.append(json.dumps(dict(row), default=lambda value: value.tolist()))  # of numpy
        self.context.log(row)

    def _train(self) -> None:
        """Learn from the rest of one epoch."""
        at, random = self.at, self.context.rng(self.owner, "epoch", self.at.epoch)
        drawn = self.draw(at.epoch, random)
        if at.batch:
            set_random_states(self._streams, {"epoch": random})
        total = math.ceil(len(drawn) / self.loop.batch_size)
        self.learner.train()
        for batch in self._batches(drawn):
            losses = self.step(batch, random)
            for name, value in losses.items():
                self._check(value, "training" if name == "loss" else f"training {name}")
            at.add(losses, len(batch))
            self._tell(total)
            if self.store and at.batch < total and time.monotonic() - self._saved >= self.loop.save_seconds:
                self._save(random)
        if not at.counted:
            raise UserError(
                f"{self.owner} has no batch of {self.loop.smallest_batch} samples to learn from: give it more videos "
                "or clips, or a larger batch_size."
            )

    def _batches(self, drawn: S) -> Iterator[S]:
        size = self.loop.batch_size
        for start in range(self.at.batch * size, len(drawn), size):
            batch = drawn[start : start + size]
            if len(batch) >= self.loop.smallest_batch:
                yield batch

    def _end_epoch(self) -> None:
        """Step the schedules, measure, log, and decide whether that was the last epoch."""
        at, epoch = self.at, self.at.epoch
        row: dict[str, Any] = {"event": "epoch", "epoch": epoch, "learning_rate": self.learner.rates(), **at.means()}
        self.learner.end_epoch()
        values = []
        for held in self.held_out:
            values.append(self._check(held.measure(), "validation"))
            held.tracker.update(values[-1], epoch, self.learner.snapshot)
        self.log({**row, self.held_out_name: values, **self.after_epoch(epoch)})
        self.context.progress("train", epoch, self.loop.epochs)
        patience = self.loop.patience
        waited = [held.tracker.waited for held in self.held_out]
        at.ended = epoch >= self.loop.epochs or (patience is not None and bool(waited) and min(waited) >= patience)
        at.next_epoch()

    def _check(self, value: float, what: str) -> float:
        if math.isfinite(value):
            return value
        raise UserError(
            f"The {what} loss of {self.owner} became {value} in epoch {self.at.epoch}, because its weights grew "
            f"without bound: lower learning_rate (now {self.learner.first_rates()})."
        )

    def _tell(self, total: int) -> None:
        """Say how far a long epoch is."""
        if time.monotonic() - self._told >= PROGRESS_SECONDS:
            self._told = time.monotonic()
            self.context.progress(f"train, epoch {self.at.epoch} of {self.loop.epochs}", self.at.batch, total)

    # -- the state ------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        """Find the place where the state is kept, and load what lies there."""
        self._saved = self._told = time.monotonic()
        loop = dataclasses.replace(self.loop, save_seconds=0.0, epoch_seconds=0.0)
        fresh = [[name, digest_of_weights(weights_of(module))] for name, module in self.learner.modules.items()]
        identity = [self.owner, dataclasses.astuple(loop), len(self.held_out), list(self.data), fresh]
        self.store = self.context.resume.within(self.name, *identity)
        if (kept := self.store.load(STATE)) is None:
            return
        arrays, values = kept
        state = rebuild(arrays, values["frame"])
        self.at = Position.of_state(state["at"])
        self.learner.load(state["learner"])
        for held, tracked in zip(self.held_out, state["trackers"], strict=True):
            held.tracker.load(tracked)
        self._streams = state["streams"]
        set_random_states(self._streams, {})
        for row in self.at.rows:
            self.context.log(json.loads(row))

    def _save(self, random: np.random.Generator | None = None) -> None:
        """Keep the state; within an epoch with its stream."""
        if not self.store:
            return
        state = {
            "at": self.at.state(),
            "learner": self.learner.state(),
            "trackers": [held.tracker.state() for held in self.held_out],
            "streams": random_states({} if random is None else {"epoch": random}),
        }
        arrays, frame = flatten(state)
        self.store.save(STATE, arrays, {"frame": frame})
        self._saved = time.monotonic()
