"""What a method offers whose network can be explained: `mebench explain` asks for it and knows no method.

A method of a plug-in derives from `Explainable` beside `Spotter` and returns its own network and inputs.
"""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mebench.methods.base import RunContext

if TYPE_CHECKING:
    import torch
    from torch import nn

    from mebench.methods.nets.explain import AtPlaces
    from mebench.methods.nets.places import Grid


@dataclasses.dataclass(frozen=True)
class ExplainedLayer:
    """A layer whose Grad-CAM is drawn.

    Attributes
    ----------
    name : how it is called, such as `last convolution (body.2)`.
    module : the layer; where it has places itself, nothing else is needed.
    pooled : of a layer behind global pooling: the module whose maps are pooled.
    at_places : of such a layer: what it would give for every place alone, see `nets.explain.AtPlaces`.
    grid : where the places lie in the input; None shares the input out evenly.
    """

    name: str
    module: nn.Module
    pooled: nn.Module | None = None
    at_places: AtPlaces | None = None
    grid: Grid | None = None


@dataclasses.dataclass(frozen=True)
class Explained:
    """A network with its inputs for some frames of a recording.

    Attributes
    ----------
    net : gives logits (n, outputs) or (n,); what it gives for a sample depends on that sample alone.
    inputs : (n, ..., height, width), one sample for each frame, on the device of the network.
    outputs : what each logit stands for, such as `micro`, `macro`.
    scores : float (n, outputs), what the method makes of the logits.
    pictures : uint8 (n, height, width), the frames as the network's places lie over them.
    layers : whose Grad-CAM is drawn, at least one.
    """

    net: nn.Module
    inputs: torch.Tensor
    outputs: tuple[str, ...]
    scores: NDArray[np.floating[Any]]
    pictures: NDArray[np.uint8]
    layers: tuple[ExplainedLayer, ...]


class Explainable(abc.ABC):
    """A method with a network that has learnt."""

    def explained_outputs(self) -> tuple[str, ...]:
        """Return what the logits stand for, as `explained` will: a wrong --type is then refused before any work.

        Empty where that is not known before.
        """
        return ()

    @abc.abstractmethod
    def explained(self, recording: Any, indices: Sequence[int], context: RunContext) -> Explained:
        """Return the network with its inputs for some frames of a recording, whose truth may be withheld.

        Parameters
        ----------
        indices : frames, counted from 0, in each of which the method sees a face.

        Raises
        ------
        UserError : when the method has not been trained.
        """
