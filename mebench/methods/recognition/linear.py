"""Linear support vector machines over the features of a clip, one for each pair of classes.

Conventions
-----------
Labels are places in `RunContext.classes`. Each pair of classes has a machine of its own (hinge loss, as in LIBSVM),
whose sign is a vote. The score of a class is its votes and, in between, how firm they are: the sum s of its margins
enters as s / (3 (|s| + 1)), which never outweighs a vote. Probabilities are the softmax of these scores: a declared
rule without a further fit, monotone in the scores; they are not calibrated. A class without training clips has none.

Training holds the features of its clips and their products in memory: 8 n (2 d + n) bytes for n clips of d features.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from itertools import combinations
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from mebench.settings import check_limits, setting

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEIGHT = "penalties of a class: the same for all, or in inverse proportion to its training clips"
SCALE = "features as they are, or with mean 0 and deviation 1 over the training clips"
"""What these settings do, for methods that have another default."""


@dataclasses.dataclass(frozen=True)
class SvmSettings:
    """Settings of the linear machines; a method's own settings derive from them."""

    c: float = setting(1.0, "penalty of clips on the wrong side of the margin, C")
    class_weight: Literal["none", "balanced"] = setting("balanced", WEIGHT)
    scale: Literal["none", "standard"] = setting("standard", SCALE)

    def __post_init__(self) -> None:
        """Refuse a penalty that is none."""
        check_limits(self, "c", above=0)


@dataclasses.dataclass(frozen=True)
class LinearMachines:
    """The machines of all pairs of classes that training clips had.

    Attributes
    ----------
    present : int64 (k,), the classes that had training clips, in order.
    weights : float64 (k (k - 1) / 2, features), for scaled features, in the order (0, 1), (0, 2), ..., (1, 2), ...;
        a positive margin is a vote for the first of the pair.
    biases : float64 (k (k - 1) / 2,).
    mean, deviation : float64 (features,), what features are scaled by: (x - mean) / deviation.
    """

    present: Ints
    weights: Floats
    biases: Floats
    mean: Floats
    deviation: Floats

    @classmethod
    def fit(cls, features: NDArray[np.floating[Any]], labels: Ints, settings: SvmSettings) -> Self:
        """Learn from the training clips alone.

        Parameters
        ----------
        features : (n, d).
        labels : int64 (n,), places of classes.
        settings : of the machines.

        Raises
        ------
        ValueError : when there is no clip, or features and labels do not belong together.
        """
        if features.ndim != 2 or labels.shape != (len(features),) or len(labels) == 0:
            raise ValueError(f"features of shape {features.shape} do not belong to labels of shape {labels.shape}")
        mean, deviation = _scaling(features, settings.scale)
        scaled = (features.astype(np.float64) - mean) / deviation
        present = np.unique(labels)
        products = scaled @ scaled.T
        pairs = [_machine(scaled, products, labels, pair, settings) for pair in combinations(present.tolist(), 2)]
        weights = np.stack([w for w, _ in pairs]) if pairs else np.zeros((0, features.shape[1]))
        return cls(present.astype(np.int64), weights, np.array([b for _, b in pairs], np.float64), mean, deviation)

    def margins(self, features: NDArray[np.floating[Any]]) -> Floats:
        """Return the margin of every pair, (n, d) -> (n, k (k - 1) / 2)."""
        scaled = (features.astype(np.float64) - self.mean) / self.deviation
        found: Floats = scaled @ self.weights.T + self.biases
        return found

    def scores(self, features: NDArray[np.floating[Any]]) -> Floats:
        """Return the score of every class that is present, (n, d) -> (n, k); see the module's conventions."""
        margins = self.margins(features)
        votes, firmness = (np.zeros((len(features), len(self.present))) for _ in range(2))
        for column, (first, second) in enumerate(combinations(range(len(self.present)), 2)):
            margin = margins[:, column]
            votes[:, first] += margin > 0
            votes[:, second] += margin <= 0
            firmness[:, first] += margin
            firmness[:, second] -= margin
        return votes + firmness / (3 * (np.abs(firmness) + 1))

    def probabilities(self, features: NDArray[np.floating[Any]], n_classes: int) -> Floats:
        """Return the softmax of the scores, (n, d) -> (n, n_classes); 0 for a class without training clips."""
        found = np.zeros((len(features), n_classes))
        scores = self.scores(features)
        exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
        found[:, self.present] = exponents / exponents.sum(axis=1, keepdims=True)
        return found

    def state(self) -> dict[str, NDArray[Any]]:
        """Return all fields as named arrays."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    @classmethod
    def of_state(cls, state: Mapping[str, NDArray[Any]]) -> Self:
        """Return the machines of what `state` returned."""
        return cls(**{field.name: np.asarray(state[field.name]) for field in dataclasses.fields(cls)})


def _scaling(features: NDArray[np.floating[Any]], scale: str) -> tuple[Floats, Floats]:
    """Return what is taken off and what is divided by; a feature that is the same in all clips is left at 0."""
    if scale == "none":
        return np.zeros(features.shape[1]), np.ones(features.shape[1])
    mean = features.mean(axis=0, dtype=np.float64)
    deviation = features.std(axis=0, dtype=np.float64)
    return mean, np.where(deviation > 1e-7 * np.maximum(np.abs(mean), 1.0), deviation, 1.0)


def _machine(
    scaled: Floats, products: Floats, labels: Ints, pair: tuple[int, int], settings: SvmSettings
) -> tuple[Floats, float]:
    """Return weights and bias of the machine for two classes.

    It is solved over the products of the clips, which are few, and not over the features, which are many.
    """
    from sklearn.svm import SVC  # here: it takes a second to import

    rows = np.flatnonzero(np.isin(labels, pair))
    weight = _weights(labels, pair) if settings.class_weight == "balanced" else None
    svc = SVC(C=settings.c, kernel="precomputed", class_weight=weight, tol=1e-5)
    # Of two classes the larger one is on the positive side, and True is larger than False.
    svc.fit(products[np.ix_(rows, rows)], labels[rows] == pair[0])
    weights: Floats = svc.dual_coef_[0] @ scaled[rows[svc.support_]]
    return weights, float(svc.intercept_[0])


def _weights(labels: Ints, pair: tuple[int, int]) -> dict[bool, float]:
    """Return n / (k n_c) of each class c of a pair, over all training clips, as scikit-learn's `balanced` has it."""
    share = len(labels) / len(np.unique(labels))
    return {c == pair[0]: share / float(np.sum(labels == c)) for c in pair}
