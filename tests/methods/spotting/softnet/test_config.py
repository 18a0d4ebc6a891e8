from __future__ import annotations

from typing import Any

import pytest

from mebench.errors import UserError
from mebench.methods.spotting.softnet.config import SoftnetConfig
from mebench.settings import build_config


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"micro_k": 0}, "micro_k=0 must be at least 1"),
        ({"micro_k": 3, "k_from": "training"}, "leave micro_k out"),
        ({"epochs": 0}, "softnet: epochs=0 must be at least 1"),
        ({"learning_rate": 0}, "softnet: learning_rate=0 must be above 0"),
        ({"keep_negatives": 2}, "keep_negatives=2 must be above 0 and at most 1"),
        ({"noise": -1}, "noise=-1 must be at least 0"),
        ({"p": 1}, "p=1 must be at least 0 and below 1"),
        ({"p": 0.5, "legacy": True}, "leave p out"),
        ({"flow": "farneback", "warps": 2}, "warps=2 is of flow=tvl1: set flow=tvl1, or leave warps out"),
    ],
)
def test_what_cannot_be_is_told_with_its_value(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        build_config(SoftnetConfig, options, owner="softnet")


def test_what_belongs_together_is_taken() -> None:
    assert build_config(SoftnetConfig, {"warps": "2"}, owner="softnet").warps == 2
    assert build_config(SoftnetConfig, {"micro_k": "3", "macro_k": "9"}, owner="softnet").lags == (3, 9)
