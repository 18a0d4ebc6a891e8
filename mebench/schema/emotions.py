"""The classes of emotion that protocols tell apart, and how finer labels map to them."""

from __future__ import annotations

COMPOSITE_CLASSES = ("negative", "positive", "surprise")
"""The three classes of the MEGC2019 composite, by their numbers 0, 1, 2."""

COMPOSITE_CLASS_OF = {
    **{label: label for label in COMPOSITE_CLASSES},
    **dict.fromkeys(("repression", "anger", "contempt", "disgust", "fear", "sadness"), "negative"),
    "happiness": "positive",
}
"""Class of every emotion that has one (MEGC2019 recognition guideline)."""
