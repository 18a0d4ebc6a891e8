"""What a table of recognition shows: confusion matrices, people, and what became of each clip."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mebench.analysis.audit.findings import AuditReport, Finding
from mebench.analysis.audit.kept import keep_audit
from mebench.leaderboard.build import build_leaderboard
from mebench.leaderboard.cards import Card
from mebench.leaderboard.details.base import Details, details_of
from mebench.leaderboard.details.recognition import NOTHING, ClipCell, RecognitionDetails
from mebench.leaderboard.groups import group_cards
from mebench.leaderboard.inside import packed_details
from mebench.leaderboard.tables import Board, build_board
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2019_cde import Megc2019Cde
from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.recognition import Labels
from mebench.schema.scorecard import MethodRef

CLIPS = [
    ClipRow("samm", "1", "a", "negative"),
    ClipRow("samm", "1", "b", "positive"),
    ClipRow("samm", "2", "c", "negative"),
    ClipRow("smic", "1", "d", "surprise"),
    ClipRow("smic", "1", "e", "negative"),
]
GIVEN = ("negative", "negative", "surprise", "surprise", "")
"""Right; a positive taken for negative; a negative taken for surprise; right; nothing."""


def card(given: Sequence[str] = GIVEN, method: str = "m") -> Card:
    truth = ClipTable.from_rows(CLIPS, "small")
    kept = [(clip.key, label) for clip, label in zip(truth.clips, given, strict=True) if label]
    labels = Labels(tuple(key for key, _ in kept), tuple(label for _, label in kept))
    return Card(Path("x.json"), Megc2019Cde().score(Predicted(labels, method=MethodRef(method)), truth))


def board(*cards: Card) -> Board:
    (group,) = group_cards(list(cards))
    return build_board(group, 1)


def test_the_matrices_are_those_of_all_clips_and_of_each_database() -> None:
    found = RecognitionDetails().inside(card())
    assert found is not None
    counts = {m.scope: [[cell.count for cell in cells] for _, _, cells in m.rows] for m in found.matrices}
    assert counts == {
        "full": [[1, 0, 1, 1], [1, 0, 0, 0], [0, 0, 1, 0]],
        "samm": [[1, 0, 1], [1, 0, 0], [0, 0, 0]],
        "smic": [[0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 1, 0]],
    }
    assert found.matrices[0].columns == ("negative", "positive", "surprise", NOTHING)
    assert [total for _, total, _ in found.matrices[0].rows] == [3, 1, 1]
    assert sum(map(sum, counts["samm"])) + sum(map(sum, counts["smic"])) == len(CLIPS)


def test_every_clip_stands_in_the_strip_of_its_person() -> None:
    found = RecognitionDetails().inside(card())
    assert found is not None
    strips = {person.name: person.strip for person in found.people}
    assert strips["samm/1"] == (ClipCell("a", "negative", "negative"), ClipCell("b", "positive", "negative"))
    assert [c.state for c in strips["samm/1"]] == ["right", "wrong"]
    assert strips["smic/1"] == (ClipCell("e", "negative", NOTHING), ClipCell("d", "surprise", "surprise"))
    assert [c.state for c in strips["smic/1"]] == ["missing", "right"]
    one = next(person for person in found.people if person.name == "samm/1")
    assert [None if r is None else r.share for r in one.recalls] == ["1.000", ".000", None]
    assert (one.all.count, one.all.share, one.clips) == (1, ".500", 2)


def test_who_is_hard_for_all_comes_first() -> None:
    right = card([clip.emotion for clip in CLIPS], "perfect")
    overview = RecognitionDetails().overview([right, card()])
    assert overview is not None
    assert [name for name, _, _ in overview.rows] == ["samm/2", "samm/1", "smic/1"]
    assert [[cell.share for cell in cells if cell] for _, _, cells in overview.rows] == [
        ["1.000", ".000"],
        ["1.000", ".500"],
        ["1.000", ".500"],
    ]


def test_a_card_without_confusion_counts_shows_none() -> None:
    bare = card()
    rows = tuple(type(row)(row.subject, row.counts, {}) for row in bare.card.by_subject)
    without = Card(bare.path, bare.card.replace(by_subject=rows))
    assert RecognitionDetails().inside(without) is None
    assert RecognitionDetails().overview([without]) is None
    assert type(details_of(bare)) is RecognitionDetails
    assert type(details_of(Card(bare.path, bare.card.replace(task="vqa")))) is Details


def test_it_is_packed_below_the_method() -> None:
    found = board(card())
    packed = json.loads(packed_details(found, found.rows[0] if found.rows else found.every_row[0]))
    (html,) = (gzip.decompress(base64.b64decode(text)).decode() for text in packed.values())
    assert html.count('class="confusion"') == 3
    assert [html.count(f'class="clip {state}') for state in ("right", "wrong", "missing")] == [3, 3, 2]
    assert 'title="b: positive, taken for negative"' in html
    assert 'title="e: negative, no prediction"' in html


def test_the_badge_says_what_an_audit_found(tmp_path: Path, parse: Callable[[Path], Any]) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    card().card.write(folder / "scorecard.json")
    found = {}
    leak = AuditReport((Finding("two_ids", "a and b are one <b>person</b>"),), ("people",), {})
    for name, report, quick in (("quick", AuditReport((), ("x",), {}), True), ("leak", leak, False)):
        keep_audit(report, folder, quick=quick)
        page = parse(build_leaderboard([folder], tmp_path / name))
        found[name] = [
            (node.text, node.attributes["title"]) for node in page.find("table", "board").find_all("span", "badge")
        ]
    assert ("no leak in its lists", "nothing was found of: x") in found["quick"]
    assert ("leak: two ids", "two_ids: a and b are one <b>person</b>.") in found["leak"]
