"""How long a training is, and how far."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar


class Samples(Protocol):
    """What one epoch draws: anything that has a length and can be sliced, such as an array of row numbers."""

    def __len__(self) -> int:
        """Return the number of samples."""
        ...

    def __getitem__(self, part: slice, /) -> Any:
        """Return some of the samples, of the same kind."""
        ...


S = TypeVar("S", bound=Samples)


@dataclasses.dataclass(frozen=True)
class Loop:
    """The numbers of a training.

    Attributes
    ----------
    epochs : epochs after which training ends in any case.
    batch_size : samples a step.
    smallest_batch : a shorter last batch is left out; 2 for batch normalisation.
    patience : epochs without a better value of any tracker before training ends; None trains all epochs.
    save_seconds : how often the state is kept within an epoch; changes no result.
    epoch_seconds : the state is kept after an epoch when so long has passed since it was, and after the last; changes
        no result. For epochs that are over sooner than their state is written.
    """

    epochs: int
    batch_size: int
    smallest_batch: int = 1
    patience: int | None = None
    save_seconds: float = 60.0
    epoch_seconds: float = 0.0


@dataclasses.dataclass
class Position:
    """How far a training is.

    Attributes
    ----------
    epoch : the epoch under way, from 1.
    batch : batches of it that are done.
    counted, sums : samples of it that are done, and the sum over them of each loss.
    rows : what the training has logged, each line as JSON.
    ended : whether the training is over.
    """

    epoch: int = 1
    batch: int = 0
    counted: int = 0
    sums: dict[str, float] = dataclasses.field(default_factory=dict)
    rows: list[str] = dataclasses.field(default_factory=list)
    ended: bool = False

    def add(self, losses: Mapping[str, float], count: int) -> None:
        """Count a batch in."""
        self.batch += 1
        self.counted += count
        for name, value in losses.items():
            self.sums[name] = self.sums.get(name, 0.0) + value * count

    def means(self) -> dict[str, float]:
        """Return the mean of each loss over the epoch."""
        return {name: value / self.counted for name, value in self.sums.items()}

    def next_epoch(self) -> None:
        """Begin the next epoch."""
        self.epoch, self.batch, self.counted, self.sums = self.epoch + 1, 0, 0, {}

    def state(self) -> dict[str, Any]:
        """Return everything as a tree, see `tree`; the rows as one text, so that many cost little."""
        return {**vars(self), "rows": "\n".join(self.rows)}

    @classmethod
    def of_state(cls, state: Mapping[str, Any]) -> Position:
        """Make again what `state` returned."""
        return cls(**{**state, "rows": state["rows"].splitlines()})
