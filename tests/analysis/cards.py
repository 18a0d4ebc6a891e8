"""Cards of every protocol of ours as plain JSON, and what a hand may do to them."""

from __future__ import annotations

import json
from pathlib import Path

from mebench.protocols.base import Predicted
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import MethodRef, Scorecard
from mebench.schema.truth import Truth, VideoTable
from tests.every_task import TASKS

HISTORIC = sorted((Path(__file__).parents[1] / "historic").glob("v*/*.json"))
BASELINES = sorted((Path(__file__).parents[2] / "baselines").glob("*/*/scorecard.json"))

SPOTTING = [entry.id for entry in PROTOCOLS.entries() if entry.task == "spotting" and entry.origin == "mebench"]
EVERY = [*SPOTTING, *TASKS]


def spotted(quality, datasets=("d",)):
    """Return predictions of some quality, 0 to 1, and the truth of four subjects with two videos in each dataset."""
    people = [f"{d}/s{i}" if len(datasets) > 1 else f"s{i}" for d in datasets for i in range(4)]
    rows = [
        (who, video, 100 * k + 10, 100 * k + (50 if k % 2 else 20), "macro" if k % 2 else "micro", 0.5)
        for who in people
        for video in ("a", "b")
        for k in range(3)
    ]
    events = [row[:5] for row in rows]
    found = [row for i, row in enumerate(rows) if i % 5 < 5 * quality]
    found += [(who, "a", 700, 720, "macro", 0.2) for who in people[::2]]
    videos = VideoTable.from_rows([(who, video, 30.0, 900) for who in people for video in ("a", "b")])
    return Intervals.from_rows(found), Truth(Intervals.from_rows(events).sorted(), videos, "+".join(datasets))


def card_of(protocol, quality=0.6, convention=None, *, method="some", data=None):
    """Return the card of a method of some quality under a protocol."""
    if protocol in TASKS:
        kind, make, _ = TASKS[protocol]
        predictions, truth = data or make(quality)
    else:
        kind = PROTOCOLS.get(protocol)
        predictions, truth = data or spotted(quality)
    card = kind().score(Predicted(predictions, method=MethodRef(method, {}, "d")), truth, convention=convention)
    return Scorecard.from_json(card.to_json())


def altered(card, change):
    """Return a card after a change of its plain JSON, read again as from a file."""
    plain = json.loads(card.to_json())
    change(plain)
    return Scorecard.from_json(json.dumps(plain))


def score_in(plain, metric, scope):
    """Return one score of a plain card."""
    return next(s for s in plain["scores"] if (s["metric"], s["scope"]) == (metric, scope))
