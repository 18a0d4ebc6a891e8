"""The weighted loss of the thesis (eq. 5.1 and eq. 5.3).

Equation 5.3 is printed with a minus between its two terms, which would reward confident errors on negatives. The sign
is put right here, as in eq. 5.1:

    loss = - sum_i M_i [ W t_i log s_i + (1 - t_i) log(1 - s_i) ]           (5.3, two outputs)
    loss = - [ W t log s + (1 - W) (1 - t) log(1 - s) ]                     (5.1, movement)
"""

from __future__ import annotations

import torch
from torch.nn import functional

from mebench.methods.spotting.spot3dcnn.config import TrainingConfig


class WeightedLoss(torch.nn.Module):
    """Weighted binary cross-entropy on logits.

    Parameters
    ----------
    positive, negative : weight of positive and of negative labels for each output (W, and 1 or 1 - W), shape
        (outputs,).
    output : weight of each output (M), shape (outputs,); 0 leaves an output untrained.
    """

    positive: torch.Tensor
    negative: torch.Tensor
    output: torch.Tensor

    def __init__(self, positive: torch.Tensor, negative: torch.Tensor, output: torch.Tensor) -> None:
        super().__init__()
        for name, weights in (("positive", positive), ("negative", negative), ("output", output)):
            self.register_buffer(name, weights.float(), persistent=False)

    def forward(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Return the loss of each sample, shape (n,), for logits and targets of shape (n, outputs)."""
        terms = self.positive * targets * functional.logsigmoid(logits)
        terms = terms + self.negative * (1 - targets) * functional.logsigmoid(-logits)
        return -(self.output * terms).sum(dim=1)


def build_loss(config: TrainingConfig, trained: tuple[bool, ...]) -> WeightedLoss:
    """Return the loss of eq. 5.3, or of eq. 5.1 for movement.

    Parameters
    ----------
    trained : for each output, whether the training videos have positives of it; the others get no weight.
    """
    if config.target == "movement":
        w = config.weight_movement
        positive, negative, output = [w], [1 - w], [1.0]
    else:
        positive, negative = [config.weight_positive] * 2, [1.0] * 2
        output = [config.weight_micro, config.weight_macro]
    weights = [m * known for m, known in zip(output, trained, strict=True)]
    return WeightedLoss(torch.tensor(positive), torch.tensor(negative), torch.tensor(weights))
