"""Twenty graders at once on one folder, killed at random: nothing is lost, nothing is double, quotas are exact."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mebench.challenge.desk.config import load_challenge
from mebench.challenge.desk.grader import Desk
from mebench.challenge.desk.receipt import Receipt

TEAMS = ("Alpha", "Beta", "Gamma", "Delta")
QUOTA = 3
DISTINCT = 4
"""Submissions of each team, one more than its quota; one of them is sent twice, so there are 20 graders."""

_MAIN = "from mebench.cli.main import main; main()"


def start(folder: Path, path: Path, team: str) -> subprocess.Popen:
    verb = ["challenge", "grade", str(folder), str(path), "--team", team, "--method", "m"]
    when = ["--received", "2026-05-01T12:00:00Z"]
    return subprocess.Popen(
        [sys.executable, "-c", _MAIN, *verb, *when],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )


def storm(folder: Path, work: list[tuple[Path, str]], rng: random.Random, kills: int) -> list[str]:
    """Start all graders, kill some at random moments, and return the receipts that the others announced."""
    graders = [start(folder, path, team) for path, team in work]
    victims = rng.sample(graders, kills)
    end = time.monotonic() + 12
    for victim in victims:
        time.sleep(rng.uniform(0, max(0.0, end - time.monotonic()) / 4))
        victim.send_signal(signal.SIGKILL)
    announced = []
    for grader in graders:
        out, err = grader.communicate(timeout=300)
        if grader not in victims:
            assert grader.returncode in (0, 1), err
            assert "Traceback" not in err
        announced += re.findall(r"receipt: (\w+)", out)
    return announced


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_storm_of_graders(make_challenge, submit, seed):
    challenge = make_challenge(("per_day = 5", f"per_day = {QUOTA}"))
    rng = random.Random(seed)
    work = [
        (submit(f"{team}{number}", rows=[f"s3,d,{number + 1},40,micro"]), team)
        for team in TEAMS
        for number in range(DISTINCT)
    ]
    work += [work[i] for i in range(0, len(work), DISTINCT)]
    rng.shuffle(work)
    announced = storm(challenge.folder, work, rng, kills=10)
    check_state(challenge.folder, announced, exact=False)
    # The killed ones are sent again; now every quota is used up, and not more than that.
    announced += storm(challenge.folder, work, rng, kills=0)
    check_state(challenge.folder, announced, exact=True)


def check_state(folder: Path, announced: list[str], *, exact: bool) -> None:
    with Desk(load_challenge(folder)) as desk:
        receipts = [Receipt.from_json(text) for text in desk.store.receipts()]
        used = [desk.store.accepted("test", team.casefold(), "2026-05-01")[0] for team in TEAMS]
    assert len({(r.team, r.submission) for r in receipts}) == len({r.id for r in receipts}) == len(receipts)
    assert set(announced) <= {r.id for r in receipts}, "a receipt that was handed out is lost"
    assert all(n == QUOTA if exact else n <= QUOTA for n in used)
    assert sum(used) == len(receipts)
    for receipt in receipts:
        kept = folder / "receipts" / receipt.id
        assert (kept / "receipt.json").read_text() == receipt.to_json()
        assert json.loads((kept / "report.json").read_text())["receipt"] == receipt.id
        assert (folder / "organiser" / receipt.id / "scorecard.json").exists()
    assert len(list((folder / "receipts").glob("*/receipt.json"))) == len(receipts)
    for line in (folder / "organiser" / "log.jsonl").read_text().splitlines():
        json.loads(line)
    with sqlite3.connect(folder / "state.sqlite") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if exact:
            assert db.execute("SELECT count(*) FROM claims").fetchone() == (0,)
            assert not list((folder / ".work").iterdir())
