"""What the profiles of spot3dcnn set, and what they leave alone."""

from __future__ import annotations

from typing import Any

import pytest

from mebench.errors import UserError
from mebench.methods.additions import SPOT3DCNN
from mebench.methods.spotting.spot3dcnn.config import PRESETS
from mebench.methods.spotting.spot3dcnn.end_to_end import Spot3DCNNEndToEnd
from mebench.methods.spotting.spot3dcnn.method import Spot3DCNN

METHODS = (Spot3DCNN, Spot3DCNNEndToEnd)


def changed(method: type[Spot3DCNN], options: dict[str, Any], dataset: str = "") -> dict[str, Any]:
    """Return the settings that differ from those without any option."""
    usual, found = method.configure({}, dataset).settings(), method.configure(options, dataset).settings()
    return {name: value for name, value in found.items() if name not in usual or usual[name] != value}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dataset", ["", *PRESETS])
def test_the_thesis_bounds_no_duration_and_draws_frames_as_they_are(method: type[Spot3DCNN], dataset: str) -> None:
    assert changed(method, {"profile": "thesis"}, dataset) == {
        "profile": "thesis",
        "normalise": "range",
        "micro_minimum": 0,
        "micro_maximum": None,
        "macro_minimum": 0,
        "micro_overlap": 1,
        "sampling": "natural",
    }
    assert changed(method, {"profile": "mebench"}, dataset) == {}


def test_what_is_given_beside_a_profile_wins_whatever_the_order() -> None:
    own = {"normalise": "none", "micro_maximum": "0.7", "sampling": "balanced", "micro_share": "0.1"}
    for options in ({"profile": "thesis", **own}, {**own, "profile": "thesis"}):
        config = Spot3DCNN.configure(options, "samm_lv").config
        found = (config.normalise, config.micro_maximum, config.sampling, config.micro_share)
        assert found == ("none", 0.7, "balanced", 0.1)
        assert (config.micro_minimum, config.short_skip, config.weight_positive) == (0, 37, 3)


def test_a_profile_leaves_the_skips_of_training_to_training() -> None:
    config = Spot3DCNN.configure({"profile": "thesis", "k_from": "training"}, "casme_sq").config
    assert (config.short_skip, config.long_skip, config.normalise) == (None, None, "range")


def test_a_profile_sets_nothing_that_was_published_for_a_dataset() -> None:
    assert all(not set(published) & set(SPOT3DCNN.settings) for published in PRESETS.values())


def test_a_profile_that_nobody_has() -> None:
    with pytest.raises(UserError, match="spot3dcnn:profile='paper' is not one of 'mebench', 'thesis'"):
        Spot3DCNN.configure({"profile": "paper"})


@pytest.mark.parametrize("options", [{"sampling": "natural"}, {"profile": "thesis"}])
def test_shares_of_types_are_refused_where_none_are_drawn(options: dict[str, str]) -> None:
    with pytest.raises(UserError, match="micro_share and macro_share are those of sampling=balanced"):
        Spot3DCNN.configure({**options, "macro_share": "0.4"})
