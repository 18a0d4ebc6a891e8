"""The rules of several labels a clip change one thing each, and what they change."""

from __future__ import annotations

from mebench.metrics.conventions.label_sets import PRESETS, LabelSetConvention


def test_the_presets_change_one_rule_each():
    assert [preset.differing() for preset in PRESETS.values()] == [
        {},
        {"pooling": "databases"},
        {"absent_class": "drop"},
    ]
    assert len({preset.fingerprint for preset in PRESETS.values()}) == 3
    assert LabelSetConvention.presets is PRESETS
