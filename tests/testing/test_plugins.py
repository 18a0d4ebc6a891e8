from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from mebench import Metric, setting
from mebench.plugin import Plugin
from mebench.testing.findings import find
from mebench.testing.plugins import common_checks


def reasons(cls: Any) -> dict[str, str]:
    """Return why what is checked of every plug-in does not hold."""
    found = [find("plug-in", name, check) for name, check in common_checks(cls).items()]
    return {finding.check: finding.reason for finding in found if not finding.ok}


@dataclasses.dataclass(frozen=True)
class Settings:
    threshold: float = setting(2.0, "what counts", unit="grey levels")


class Right(Plugin):
    id, summary, Config = "right", "a plug-in", Settings


def test_a_plugin_that_says_all_of_itself_passes() -> None:
    assert reasons(Right) == {}
    assert set(common_checks(Right)) == {"is named and described", "documents its settings"}
    assert set(common_checks(Metric)) == {"is named and described"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": "My Method"}, "The id 'My Method' cannot be typed"),
        ({"id": "a:b"}, "cannot be typed"),
        ({"version": 2}, "The version is 2: give text"),
        ({"summary": ""}, "neither a summary nor a docstring"),
    ],
)
def test_names(changes: dict[str, Any], reason: str) -> None:
    assert reason in reasons(type("Own", (Right,), changes))["is named and described"]


def test_a_preset_of_no_setting_is_told() -> None:
    found = reasons(type("Own", (Right,), {"presets": {"samm_lv": {"treshold": 1.0}}}))
    assert found["documents its settings"] == "The preset of samm_lv sets treshold, which is no setting: take it out."


@pytest.mark.parametrize(
    ("frozen", "field", "reason"),
    [
        (True, 2.0, "threshold says nothing of itself"),
        (True, setting(2.0, ""), "threshold has no doc"),
        (True, setting(2.0, "what", source=""), "threshold has no source"),
        (False, setting(2.0, "what"), "no frozen dataclass"),
    ],
)
def test_settings_are_documented(frozen: bool, field: Any, reason: str) -> None:
    config = dataclasses.make_dataclass("Own", [("threshold", float, field)], frozen=frozen)
    assert reason in reasons(type("Own", (Right,), {"Config": config}))["documents its settings"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("negative", "is 'negative': give a tuple of names, as (NAME,) for a single one"),
        (3, "give a tuple of names"),
        ((), "is empty: say in it which"),
        (("a", ""), "every name is text that is not empty"),
        (("a", "b", "a"), "has 'a' twice: give each name once"),
        (("a", "b"), ""),
    ],
)
def test_lists_of_names_are_lists_of_distinct_names(names: object, words: str) -> None:
    from mebench.testing.plugins import problem_of_names

    problem = problem_of_names("classes", names, "which")
    assert words in problem
    assert bool(words) == bool(problem)


def test_a_profile_of_no_setting_is_told() -> None:
    found = reasons(type("Own", (Right,), {"profiles": {"paper": {"treshold": 1.0}}}))
    assert found["documents its settings"] == "The profile paper sets treshold, which is no setting: take it out."
    unset = reasons(type("Own", (Right,), {"profiles": {"paper": {"threshold": 1.0}}}))
    assert "right has no setting 'profile'" in unset["documents its settings"]
