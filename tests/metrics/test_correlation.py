from __future__ import annotations

import numpy as np

from mebench.metrics.correlation import pearson


def test_it_equals_numpy_and_a_constant_counts_as_none() -> None:
    rng = np.random.default_rng(0)
    p, t = rng.normal(size=(20, 3)), rng.normal(size=(20, 3))
    t[:, 2] = 1.0
    r = pearson(p, t)
    assert np.allclose(r[:2], [np.corrcoef(p[:, i], t[:, i])[0, 1] for i in (0, 1)])
    assert r[2] == 0
