"""Runs on disk, as a runner leaves them, and pages as trees."""

from __future__ import annotations

import base64
import gzip
import importlib.util
import json
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mebench.metrics.conventions.spotting import SpottingConvention
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.schema.intervals import Intervals
from mebench.schema.predictions import write_predictions
from mebench.schema.scorecard import MethodRef
from mebench.schema.truth import Truth, VideoTable

VIDEOS = [("s1", "a", 30.0, 900), ("s1", "b", 30.0, 900), ("s2", "a", 30.0, 600)]
EVENTS = [
    ("s1", "a", 100, 160, "macro", float("nan"), "happiness", 130, "6+12"),
    ("s1", "a", 400, 410, "micro"),
    ("s2", "a", 50, 110, "macro"),
]
HALF = [
    ("s1", "a", 102, 165, "macro", 0.9),
    ("s1", "a", 700, 720, "micro", 0.4),
    ("s2", "a", 300, 360, "macro", 0.2),
]
"""One true positive, two false positives, two false negatives."""


def make_truth(videos: list[tuple] = VIDEOS, events: list[tuple] = EVENTS) -> Truth:
    return Truth(Intervals.from_rows(events).sorted(), VideoTable.from_rows(videos), "fake")


@pytest.fixture
def truth() -> Callable[..., Truth]:
    return make_truth


@pytest.fixture(scope="session")
def draw_figure() -> Callable[..., Path]:
    """Load what draws the README's picture, which lies beside the documentation and not in the package."""
    path = Path(__file__).parents[2] / "docs/leaderboard_figure.py"
    spec = importlib.util.spec_from_file_location("leaderboard_figure", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.draw_figure


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., Path]:
    """Make a run's folder, as a runner leaves it, and return it."""
    made = iter(range(1000))

    def make(
        method: str = "au_sum",
        config: Mapping[str, Any] | None = None,
        *,
        rows: list[tuple] = HALF,
        truth: Truth | None = None,
        convention: SpottingConvention | None = None,
        keep: bool = True,
        **changes: Any,
    ) -> Path:
        folder = tmp_path / f"run{next(made)}"
        truth = truth or make_truth()
        rng = np.random.default_rng(0)
        videos = zip(truth.videos.keys(), truth.videos.n_frames.tolist(), strict=True)
        scores = {key: rng.random((n, 2), np.float32) for key, n in videos}
        predictions = Intervals.from_rows(rows)
        submission = Predicted(
            predictions,
            scores,
            MethodRef(method, config or {}, "d1", method in ("oracle", "random_intervals")),
            environment={"python": "3.11"},
        )
        card = Megc2020Spotting().score(submission, truth, convention=convention)
        card.replace(**changes).write(folder / "scorecard.json")
        if keep:
            truth.write(folder / "truth")
            write_predictions(predictions, folder / "predictions.csv")
            (folder / "folds/f1").mkdir(parents=True)
            np.savez(folder / "folds/f1/scores.npz", **{"/".join(key): array for key, array in scores.items()})
        return folder

    return make


VOID = {"meta", "link", "br", "img", "hr", "input"}
SVG_LEAVES = {"rect", "line", "path", "circle"}


class Node:
    """One element of a page."""

    def __init__(self, tag: str, attributes: dict[str, str | None], parent: Node | None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Node] = []
        self.own_text: list[str] = []

    @property
    def text(self) -> str:
        return " ".join(" ".join([*self.own_text, *(child.text for child in self.children)]).split())

    @property
    def everything(self) -> Iterator[Node]:
        for child in self.children:
            yield child
            yield from child.everything

    def find_all(self, tag: str = "", cls: str = "", id: str = "") -> list[Node]:
        def fits(node: Node) -> bool:
            classes = (node.attributes.get("class") or "").split()
            return (
                (not tag or node.tag == tag)
                and (not cls or cls in classes)
                and (not id or node.attributes.get("id") == id)
            )

        return [node for node in self.everything if fits(node)]

    def find(self, tag: str = "", cls: str = "", id: str = "") -> Node:
        return self.find_all(tag, cls, id)[0]


class Page(HTMLParser):
    """A strict reader: an element that is not closed, or closed twice, fails the test."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.current = Node("", {}, None)
        self.feed(text)
        self.close()
        assert self.current is self.root, f"<{self.current.tag}> is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs), self.current)
        self.current.children.append(node)
        if tag not in VOID:
            self.current = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SVG_LEAVES, f"<{tag}/> is only closed in SVG"
        self.current.children.append(Node(tag, dict(attrs), self.current))

    def handle_endtag(self, tag: str) -> None:
        assert self.current.tag == tag, f"</{tag}> closes <{self.current.tag}>"
        assert self.current.parent is not None
        self.current = self.current.parent

    def handle_data(self, data: str) -> None:
        self.current.own_text.append(data)


def unfold(root: Node) -> Node:
    """Put what lies packed in a page where its script would put it."""
    stores = {node.attributes["id"]: json.loads("".join(node.own_text)) for node in packed_stores(root)}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for child in node.children:
            store = child.attributes.get("data-packed")
            if store is not None:
                html = gzip.decompress(base64.b64decode(stores[store].pop(node.attributes["id"]))).decode()
                child.children = Page(html).root.children
        waiting += node.children
    assert not any(stores.values()), "something is packed that nothing opens"
    return root


def packed_stores(root: Node) -> list[Node]:
    return [node for node in root.find_all("script") if node.attributes.get("type") == "application/json"]


@pytest.fixture
def parse() -> Callable[[Path], Node]:
    """Read a page as a tree, with everything opened."""
    return lambda path: unfold(Page(path.read_text(encoding="utf-8")).root)
