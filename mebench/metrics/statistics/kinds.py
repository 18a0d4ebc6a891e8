"""The functions from summed parts to values, by name: what a card writes down so that its parts can be used again.

Conventions
-----------
Each function takes sums of shape (n, n_parts) and returns values of shape (n, n_values); 0/0 is 0. A kind of the form
`metric:ID` is the function of a registered metric, such as one of a plug-in.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]

KINDS: Mapping[str, str] = {
    "ratios": "mebench.metrics.statistics.kinds:ratios_of_counts",
    "mean": "mebench.metrics.statistics.kinds:mean",
    "mean_and_deviation": "mebench.metrics.statistics.kinds:mean_and_deviation",
    "recognition": "mebench.metrics.classification:recognition_statistic",
    "recognition_folds": "mebench.metrics.classification:recognition_folds_statistic",
    "one_class": "mebench.metrics.classification:class_statistic",
    "uf1": "mebench.metrics.classification:uf1_statistic",
    "label_sets": "mebench.metrics.label_sets:label_set_statistic",
    "spot_recognise": "mebench.metrics.spot_recognise:spot_recognise_statistic",
    "text": "mebench.metrics.text:text_statistic",
    "rating": "mebench.metrics.agreement:rating_statistic",
    "icc": "mebench.metrics.agreement:icc_statistic",
    "krippendorff_alpha": "mebench.metrics.agreement:alpha_statistic",
}
"""Kinds and where their functions are made."""

OF_METRIC = "metric:"
"""What the kind of a registered metric begins with."""


def statistic_of(kind: str, options: Mapping[str, Any]) -> Statistic:
    """Return the function of a kind.

    Parameters
    ----------
    kind : name in `KINDS`, or `metric:ID`.
    options : what the kind needs to know, such as the number of classes.

    Raises
    ------
    UserError : for a kind that is not known here, such as that of a plug-in that is not loaded.
    """
    if kind.startswith(OF_METRIC):
        from mebench.metrics.catalogue import METRICS

        found: Statistic = METRICS.get(kind.removeprefix(OF_METRIC)).values
        return found
    if kind not in KINDS:
        raise UserError(f"The statistic {kind!r} is not known here: install a newer mebench, or grade again.")
    module, _, name = KINDS[kind].partition(":")
    try:
        made: Statistic = getattr(importlib.import_module(module), name)(**options)
    except TypeError as error:
        raise UserError(f"The statistic {kind!r} cannot have the options {dict(options)}: grade again.") from error
    return made


def ratios_of_counts(only: str = "") -> Statistic:
    """Return precision, recall and F1 of counts tp, fp, fn, or the one of them that is named `only`."""
    from mebench.metrics.intervals import RATIOS, ratios

    column = slice(None) if not only else slice(RATIOS.index(only), RATIOS.index(only) + 1)
    return lambda sums: ratios(sums)[..., column]


def mean() -> Statistic:
    """Return means: the sums of all columns but the last, divided by the last, which counts."""
    return lambda sums: sums[..., :-1] / np.maximum(sums[..., -1:], 1)


def mean_and_deviation() -> Statistic:
    """Return means and deviations of a sample of k values: of their sums, the sums of their squares, and a count.

    Parts have shape (..., 2k + 1), values (..., 2k); 0 for the mean of nothing and the deviation of one.
    """

    def values(sums: Floats) -> Floats:
        k = sums.shape[-1] // 2
        count = sums[..., -1:]
        means = sums[..., :k] / np.maximum(count, 1)
        variance = (sums[..., k : 2 * k] - count * means**2) / np.maximum(count - 1, 1)
        # Equal values leave a rest of rounding, of which no root may be taken.
        spread = np.where((count > 1) & (variance > _REST), variance, 0.0)
        return np.concatenate((means, np.sqrt(spread)), axis=-1)

    return values


_REST = 1e-15
