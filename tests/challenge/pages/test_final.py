from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
import stat
import subprocess

import pytest
from platforms import contents
from small_challenge import NOON, ROWS

from mebench.challenge.desk.baselines import add_baseline
from mebench.challenge.desk.grader import Desk
from mebench.challenge.export.kit import write_kit
from mebench.challenge.export.targets import TARGETS, export_challenge
from mebench.challenge.pages import whole_folder
from mebench.challenge.pages.board import build_board
from mebench.challenge.pages.final import write_final
from mebench.errors import UserError
from mebench.schema.scorecard import Scorecard

pytestmark = pytest.mark.usefixtures("here")

BAIT = "<script>alert(1)</script>"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PROBE = """<pre id="probe"></pre><script>
window.addEventListener("load", () => {
const seen = document.querySelector(".scroll"), board = seen.querySelector("table");
const found = [seen.scrollWidth - seen.clientWidth, board.tBodies[0].rows.length];
document.querySelector("#probe").textContent = found.join("|");
});
</script>"""
OPEN, CLOSED = NOON, dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
HIDDEN = "s2,c,1030,1042,micro"


@pytest.fixture
def graded(make_challenge, submit):
    """A challenge in which each of three teams and a baseline finds something else of the hidden video."""
    challenge = make_challenge(("hidden = []", 'hidden = ["s2/c"]'))
    with Desk(challenge) as desk:
        desk.grade(submit("one", team=BAIT, method="=1+1", rows=ROWS[:1]), received=NOON)
        desk.grade(submit("two", team="Beta", rows=[HIDDEN, "s2,c,300,340,macro"]), received=NOON)
        desk.grade(submit("three", team="Gamma", rows=[ROWS[0], HIDDEN]), received=NOON)
    add_baseline(
        challenge, submit("base", rows=[HIDDEN, *(f"s2,c,{n},{n + 9},micro" for n in (1, 11, 21, 31))]), "Base"
    )
    return challenge


def test_the_hidden_part_ranks_and_the_public_one_is_shown_beside_it(graded):
    written = write_final(graded, now=CLOSED)
    assert written.folder == graded.folder / "organiser" / "final"
    read = json.loads((written.folder / "final.json").read_text())
    assert [(t["rank"], t["team"], t["public"], t["public_rank"]) for t in read["teams"]] == [
        (1, "Gamma", 0.5, 1),
        (2, "Beta", 0.0, 3),
        (3, BAIT, 0.5, 1),
    ]
    assert [t["final"]["f1:overall"]["value"] for t in read["teams"]] == pytest.approx([2 / 3, 0.5, 0.0])
    assert (read["part"], read["counts"], read["provisional"]) == ("hidden", "best", False)
    assert [b["name"] for b in read["baselines"]] == ["Base"]
    rows = list(csv.reader(io.StringIO((written.folder / "final.csv").read_text())))
    assert [row[:3] for row in rows[1:]] == [
        ["1", "Gamma", "m1"],
        ["2", "Beta", "m1"],
        ["3", BAIT, "'=1+1"],
        ["", "Base", "baseline"],
    ]
    assert {len(row) for row in rows} == {len(rows[0])}
    page = (written.folder / "index.html").read_text()
    assert BAIT not in page
    assert page.count("<script") == 1
    assert "for the organisers only" in page


def test_a_column_has_one_form_of_numbers_and_ties_stand_on_the_left(graded):
    for publish, digits in ((False, 6), (True, 4)):
        page = (write_final(graded, now=CLOSED, publish=publish).folder / "index.html").read_text()
        table = page[page.index("<tbody>") : page.index("</tbody>")]
        rows = [re.findall(r"<td([^>]*)>(.*?)</td>", row, re.S) for row in table.split("</tr>")[:-1]]
        assert len(rows) == 4
        scores = [re.sub(r"<.*", "", text.removeprefix("<b>")) for row in rows for _, text in row[3:6]]
        assert {len(score.partition(".")[2]) for score in scores} == {digits}
        assert [row[7][1] for row in rows] == ["0.5000", "0.0000", "0.5000", "0.0000"]
        assert all('class="text' in row[6][0] for row in rows), "tied with"


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed")
def test_every_column_is_seen_in_a_window_of_1280_pixels(make_challenge, submit, tmp_path):
    challenge = make_challenge(("hidden = []", 'hidden = ["s2/c"]'))
    with Desk(challenge) as desk:
        for name in ("Alpha of the Institute of Facial Motion", "Beta Lab, University of Somewhere", "Gamma"):
            outcome = desk.grade(submit(name, team=name, method="a method with a long name v2"), received=NOON)
            assert outcome.status == "accepted"
    final = write_final(challenge, now=CLOSED).folder / "index.html"
    for page in (final, build_board(challenge, tmp_path / "out", organiser=True)):
        text = page.read_text()
        policy = text[text.index("script-src") :].split(";")[0]
        probe = tmp_path / "probe.html"
        probe.write_text(text.replace(policy, "script-src 'unsafe-inline'").replace("</body>", PROBE + "</body>"))
        command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--window-size=1280,900"]
        command += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000", "--dump-dom"]
        dom = subprocess.run([*command, probe.as_uri()], capture_output=True, text=True, timeout=120, check=True).stdout
        hidden, rows = dom.split('id="probe">')[1].split("</pre>")[0].split("|")
        assert (int(hidden) <= 0, int(rows)) == (True, 3)


def test_the_same_state_gives_the_same_bytes_and_the_log_tells_once(graded):
    first = write_final(graded, now=CLOSED)
    before = {p.name: p.read_bytes() for p in first.folder.iterdir()}
    again = write_final(graded, now=CLOSED + dt.timedelta(days=9))
    assert (first.is_new, again.is_new) == (True, False)
    assert {p.name: p.read_bytes() for p in again.folder.iterdir()} == before
    assert (graded.folder / "organiser" / "log.jsonl").read_text().count('"status": "final ranking"') == 1


def test_what_is_published_is_rounded_and_for_everybody(graded):
    private, public = write_final(graded, now=CLOSED).folder, write_final(graded, publish=True, now=CLOSED).folder
    assert public == graded.folder / "final"
    for folder, modes in ((private, (0o700, 0o600)), (public, (0o755, 0o644))):
        found = [folder.stat().st_mode, *(p.stat().st_mode for p in folder.iterdir())]
        assert {stat.S_IMODE(mode) for mode in found} == set(modes)
    values = [
        [t["final"]["f1:overall"]["value"] for t in json.loads((folder / "final.json").read_text())["teams"]]
        for folder in (private, public)
    ]
    assert values == [[2 / 3, 0.5, 0.0], [0.6667, 0.5, 0.0]]
    assert "for the organisers only" not in (public / "index.html").read_text()


def test_an_open_phase_is_only_looked_at_by_the_organisers(graded):
    with pytest.raises(UserError, match="takes submissions until 2026-06-26T00:00:00Z: wait, or .* --provisional"):
        write_final(graded, now=OPEN)
    with pytest.raises(UserError, match="leave out --publish or --provisional"):
        write_final(graded, publish=True, provisional=True, now=OPEN)
    written = write_final(graded, provisional=True, now=OPEN)
    assert "provisional" in (written.folder / "index.html").read_text()
    assert json.loads((written.folder / "final.json").read_text())["provisional"]
    assert not json.loads((write_final(graded, now=CLOSED).folder / "final.json").read_text())["provisional"]


def test_it_appears_whole_or_not_at_all(graded, monkeypatch):
    folder = write_final(graded, provisional=True, now=OPEN).folder
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    write, calls = whole_folder.write_atomic, []

    def fall(*arguments):
        calls.append(arguments)
        if len(calls) == 3:
            raise KeyboardInterrupt
        write(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(whole_folder, "write_atomic", fall)
        with pytest.raises(KeyboardInterrupt):
            write_final(graded, now=CLOSED)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in folder.parent.glob(".final*")] == []


def test_the_organisers_ranking_never_lies_in_the_folder_for_the_teams(graded):
    with pytest.raises(UserError, match="folder for the teams"):
        write_final(graded, out=graded.folder / "receipts" / "final", now=CLOSED)


def test_nothing_that_participants_can_see_holds_a_hidden_score(graded, submit, tmp_path):
    with Desk(graded) as desk:
        for number in (4, 5, 6):
            rows = [HIDDEN, *(f"s2,c,{n},{n + 7 + number},micro" for n in range(1, 60 * number, 50))]
            desk.grade(submit(str(number), team=f"Team {number}", rows=rows), received=NOON)
    write_final(graded, now=CLOSED)
    build_board(graded, graded.folder)
    write_kit(graded, tmp_path / "kit")
    for target in set(TARGETS) - {"participants"}:
        export_challenge(graded, target, tmp_path / target)
    places = [graded.folder / "receipts", graded.folder / "board.html", tmp_path]
    texts = [p.read_bytes() for place in places for p in ([place] if place.is_file() else place.rglob("*.txt"))]
    texts += [p.read_bytes() for p in (graded.folder / "receipts").rglob("*.json")]
    texts += [content for name in ("kit", *TARGETS) for content in contents(tmp_path / name)]
    cards = {part: [] for part in ("public", "hidden")}
    for part, found in cards.items():
        for path in (graded.folder / "organiser").glob(f"*/{part}.json"):
            card = Scorecard.read(path)
            found += [s.value for s in card.scores] + [end for s in card.scores for end in s.ci95 or ()]
    secret = {f"{value:.4f}"[1:] for value in cards["hidden"]} - {f"{value:.4f}"[1:] for value in cards["public"]}
    assert len(secret) > 3
    assert len(texts) > 20
    for text in texts:
        assert not secret & {match.decode() for match in re.findall(rb"\.\d{4}", text)}, text[:200]
    private = (graded.folder / "organiser" / "final" / "index.html").read_bytes()
    assert secret & {match.decode() for match in re.findall(rb"\.\d{4}", private)}, (
        "the organisers' page does hold them"
    )


def test_the_published_ranking_is_not_written_among_what_the_challenge_keeps(graded):
    with pytest.raises(UserError, match="lies in .*organiser, where the challenge keeps its own files"):
        write_final(graded, publish=True, out=graded.folder / "organiser" / "public", now=CLOSED)
    with pytest.raises(UserError, match="in the folder for the teams: write the organisers' ranking elsewhere"):
        write_final(graded, out=graded.folder / "receipts" / "final", now=CLOSED)
