"""Whatever happens to the state of a challenge is one sentence with the fix, and never a fresh quota."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_challenge import NOON, ROWS, grade_here, make_truth, write_submission
from stores import as_of_0_1_0, rename_convention

from mebench.challenge.desk import audit, database
from mebench.challenge.desk.config import load_challenge
from mebench.challenge.desk.database import StoreFault
from mebench.challenge.desk.grader import Desk, Status
from mebench.challenge.desk.ledger import list_receipts, withdraw
from mebench.challenge.desk.rebuild import rebuild
from mebench.challenge.desk.regrade import regrade
from mebench.challenge.desk.store import Store
from mebench.challenge.desk.truths import read_truth, rules_of
from mebench.challenge.pages.board import build_board
from mebench.challenge.pages.template import init_challenge
from mebench.errors import UserError

ONE_A_DAY = ("per_day = 5", "per_day = 1")


@pytest.fixture(autouse=True)
def quick(monkeypatch, here):
    monkeypatch.setattr(audit, "_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.3)


@pytest.fixture(scope="module")
def season(tmp_path_factory) -> Path:
    """The folder of a challenge in which Alpha and Beta have used the quota of the day, and what they sent."""
    place = tmp_path_factory.mktemp("season")
    rules = init_challenge(place / "challenge", today=NOON.date())
    text = rules.read_text().replace('teams = "named"', 'teams = "manifest"')
    rules.write_text(text.replace("per_day = 5", "per_day = 1").replace("hidden = []", 'hidden = ["s2/c"]'))
    make_truth().write(place / "challenge" / "truth")
    for name, team, rows in (("first", "Alpha", ROWS), ("beta", "Beta", ROWS), ("second", "Alpha", ROWS[:1])):
        write_submission(place / "sent" / name, rows, team=team)
    with pytest.MonkeyPatch.context() as patch, Desk(load_challenge(place / "challenge")) as desk:
        grade_here(patch)
        for name in ("first", "beta"):
            assert desk.grade(place / "sent" / name, received=NOON).status is Status.ACCEPTED
    assert not list((place / "challenge").glob("state.sqlite-*"))
    return place


@pytest.fixture
def used(season, tmp_path):
    shutil.copytree(season, tmp_path / "season")
    return load_challenge(tmp_path / "season" / "challenge")


def state(challenge) -> Path:
    return challenge.folder / "state.sqlite"


def grade_second(challenge) -> Status:
    """Grade the submission that is one too many."""
    with Desk(challenge) as desk:
        return desk.grade(challenge.folder.parent / "sent" / "second", received=NOON).status


def sql(challenge, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(state(challenge))) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


def overwrite_header(challenge):
    with state(challenge).open("r+b") as file:
        file.write(random.Random(1).randbytes(100))


def spray(challenge):
    content, rng = bytearray(state(challenge).read_bytes()), random.Random(1)
    for _ in range(2000):
        content[rng.randrange(4096, len(content))] = rng.randrange(256)
    state(challenge).write_bytes(content)


def folder_instead(challenge):
    state(challenge).unlink()
    state(challenge).mkdir()


def dangling_link(challenge):
    state(challenge).unlink()
    state(challenge).symlink_to("nowhere")


def pipe_instead(challenge):
    state(challenge).unlink()
    os.mkfifo(state(challenge))


def log_of_another(challenge):
    """Lay the `-wal` file of a database of another challenge beside this one."""
    other = challenge.folder / "other.sqlite"
    with contextlib.closing(sqlite3.connect(other, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE t (x TEXT)")
        db.executemany("INSERT INTO t VALUES (?)", [["x" * 3000]] * 40)
        for suffix in ("-wal", "-shm"):
            shutil.copy(f"{other}{suffix}", f"{state(challenge)}{suffix}")


def receipt_of(challenge, team="Alpha") -> Path:
    (path,) = (
        p for p in (challenge.folder / "receipts").glob("*/receipt.json") if json.loads(p.read_text())["team"] == team
    )
    return path


def alter_receipt(challenge):
    path = receipt_of(challenge)
    path.write_text(path.read_text().replace("2026-05-01", "2026-05-02"))


KINDS = {
    "header overwritten": (overwrite_header, "is damaged or not"),
    "truncated": (lambda c: os.truncate(state(c), 20000), "is damaged or not"),
    "truncated within the first page": (lambda c: os.truncate(state(c), 50), "is damaged or not"),
    "zero length": (lambda c: os.truncate(state(c), 0), "accepted submissions .2., but state.sqlite is empty"),
    "deleted": (lambda c: state(c).unlink(), "accepted submissions .2., but state.sqlite is missing"),
    "deleted with the receipts": (
        lambda c: (state(c).unlink(), shutil.rmtree(c.folder / "receipts")),
        "state.sqlite is missing",
    ),
    "deleted, only the log is left": (
        lambda c: (state(c).unlink(), shutil.rmtree(c.folder / "receipts"), delete_cards(c)),
        "state.sqlite is missing",
    ),
    "an empty database instead": (
        lambda c: (state(c).unlink(), sql(c, "PRAGMA user_version = 0", "CREATE TABLE t (x)", "DROP TABLE t")),
        "on disk alone",
    ),
    "text instead": (lambda c: state(c).write_text("hello\n"), "is damaged or not"),
    "random bytes beyond the first page": (spray, "is damaged or not|do not agree"),
    "broken JSON in a receipt": (lambda c: sql(c, "UPDATE receipts SET receipt = '{broken'"), "do not agree .*no JSON"),
    "deep JSON in a receipt": (lambda c: sql(c, f"UPDATE receipts SET receipt = '{'[' * 100_000}'"), "no JSON"),
    "a list for a receipt": (lambda c: sql(c, "UPDATE receipts SET receipt = '[]'"), "must be an object"),
    "bytes that are no text": (
        lambda c: sql(c, "UPDATE receipts SET receipt = CAST(x'ff00fe' AS TEXT)"),
        "damaged or not",
    ),
    "another team in a column": (lambda c: sql(c, "UPDATE receipts SET team = 'x'"), "columns were changed"),
    "another day in a column": (lambda c: sql(c, "UPDATE receipts SET day = '2026-05-02'"), "columns were changed"),
    "another team in a receipt": (
        lambda c: sql(c, "UPDATE receipts SET receipt = replace(receipt, 'Alpha', 'Gamma')"),
        "was changed after",
    ),
    "another time in a receipt": (
        lambda c: sql(c, "UPDATE receipts SET receipt = replace(receipt, '2026-05-01T', '99')"),
        "was changed after",
    ),
    "another score in a receipt": (
        lambda c: sql(c, "UPDATE receipts SET receipt = replace(receipt, '0.5', '0.9')"),
        "receipt.json was changed",
    ),
    "another score in a scorecard": (
        lambda c: sql(c, "UPDATE papers SET text = replace(text, '0.5', '0.9') WHERE part = 'all'"),
        "scorecard.json was changed",
    ),
    "a receipt deleted": (
        lambda c: sql(c, "DELETE FROM papers", "DELETE FROM receipts"),
        "on disk alone and 1 more",
    ),
    "a paper is missing": (lambda c: sql(c, "DELETE FROM papers WHERE part = 'report'"), "lacks the report"),
    "newer schema": (
        lambda c: sql(c, "PRAGMA user_version = 99", "ALTER TABLE receipts ADD COLUMN extra TEXT"),
        "schema 99, this mebench reads up to 2: install a newer",
    ),
    "negative schema": (lambda c: sql(c, "PRAGMA user_version = -1"), "has schema -1"),
    "a column more": (lambda c: sql(c, "ALTER TABLE receipts ADD COLUMN extra TEXT"), "other columns"),
    "a column less": (lambda c: sql(c, "ALTER TABLE claims DROP COLUMN lease"), "other columns"),
    "a table less": (lambda c: sql(c, "DROP TABLE claims"), "no table 'claims'"),
    "a foreign table": (lambda c: sql(c, "CREATE TABLE users (name TEXT)"), "an unknown table 'users'"),
    "a foreign trigger": (
        lambda c: sql(c, "CREATE TRIGGER t AFTER INSERT ON receipts BEGIN DELETE FROM receipts; END"),
        "an unknown trigger 't'",
    ),
    "another program's database": (
        lambda c: (state(c).unlink(), sql(c, "CREATE TABLE users (name TEXT)")),
        "damaged or not the state",
    ),
    "receipts of schema 3": (
        lambda c: sql(c, """UPDATE receipts SET receipt = replace(receipt, '"schema": 2', '"schema": 3')"""),
        "schema 3, this mebench reads 2",
    ),
    "a folder instead": (folder_instead, "is no plain file"),
    "a link to nothing": (dangling_link, "is a link to nothing"),
    "a pipe instead": (pipe_instead, "is no plain file"),
    "a folder for the log": (lambda c: Path(f"{state(c)}-wal").mkdir(), "is no plain file"),
    "the log of another database": (log_of_another, "state.sqlite-wal does not belong to"),
    "receipts folder missing": (lambda c: shutil.rmtree(c.folder / "receipts"), "cannot be read"),
    "receipts folder is a file": (
        lambda c: (shutil.rmtree(c.folder / "receipts"), (c.folder / "receipts").write_text("")),
        "receipts is in the way: a folder belongs there; move it away",
    ),
    "organiser folder missing": (lambda c: shutil.rmtree(c.folder / "organiser"), "scorecard.json cannot be read"),
    "a receipt removed": (lambda c: receipt_of(c).unlink(), "receipt.json cannot be read"),
    "a receipt altered": (alter_receipt, "receipt.json was changed"),
    "a receipt is a folder": (
        lambda c: (receipt_of(c).unlink(), receipt_of_dir(c).mkdir()),
        "receipt.json is in the way: a file belongs there; move it away, and run .* --rebuild",
    ),
    "a withdrawal on disk alone": (
        lambda c: (c.folder / "organiser" / receipt_of(c).parent.name / "withdrawn.json").write_text("{}"),
        "withdrawn on disk alone",
    ),
}


def delete_cards(challenge):
    for path in (challenge.folder / "organiser").glob("*/"):
        if path.is_dir():
            shutil.rmtree(path)


def receipt_of_dir(challenge) -> Path:
    return next(
        p / "receipt.json"
        for p in (challenge.folder / "receipts").iterdir()
        if p.is_dir() and not (p / "receipt.json").exists()
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_damage_is_one_sentence_and_no_fresh_quota(used, kind, tmp_path):
    damage, message = KINDS[kind]
    damage(used)
    before = {path: path.read_bytes() for path in used.folder.rglob("*") if path.is_file() and "-shm" not in path.name}
    with pytest.raises(StoreFault, match=message) as told:
        grade_second(used)
    assert str(told.value).count("\n") == 0
    assert str(told.value).endswith(".")
    with pytest.raises(StoreFault, match=message):
        build_board(used, tmp_path / "out")
    for path, content in before.items():
        assert path.read_bytes() == content, "looking at a damaged state changes nothing"


MENDED = sorted(
    set(KINDS)
    - {"newer schema", "negative schema", "a folder instead", "a link to nothing", "a pipe instead"}
    - {"a folder for the log", "receipts folder is a file", "a receipt is a folder", "deleted, only the log is left"}
    - {"deleted with the receipts"}
)


@pytest.mark.parametrize("kind", MENDED)
def test_a_rebuild_restores_every_receipt(used, kind, tmp_path):
    folder = used.folder
    with Store(folder) as store:
        texts = store.receipts()
    public = {p.relative_to(folder): p.read_bytes() for p in folder.glob("*/*/receipt.json")}
    KINDS[kind][0](used)
    done = rebuild(used)
    assert done.from_state + done.from_disk == 2
    assert done.from_log == 0
    with Desk(used) as desk:
        assert desk.store.receipts() == texts
        assert desk.store.accepted("test", "alpha", "2026-05-01") == (1, 1)
    assert {p.relative_to(folder): p.read_bytes() for p in folder.glob("*/*/receipt.json")} == public
    assert grade_second(used) is Status.OVER_QUOTA
    page = build_board(used, tmp_path / "out").read_text()
    assert ("1 submission was withdrawn" if "withdrawal" in kind else "Alpha") in page
    assert len(done.again) == (2 if kind == "another score in a scorecard" else 0)


def test_what_is_lost_everywhere_is_refused_or_told(used):
    shutil.copytree(used.folder, used.folder.parent / "copy")
    copy = load_challenge(used.folder.parent / "copy")
    state(copy).unlink()
    shutil.rmtree(copy.folder / "receipts")
    with pytest.raises(StoreFault, match="2 receipts are sound neither in state.sqlite nor on disk"):
        rebuild(copy)
    delete_cards(copy)
    done = rebuild(copy)
    assert (done.from_log, len(done.again)) == (2, 2)
    assert grade_second(copy) is Status.OVER_QUOTA
    sql(used, "UPDATE receipts SET receipt = '{'")
    receipt_of(used).write_text("{")
    with pytest.raises(StoreFault, match="1 receipt is sound neither"):
        rebuild(used)


def older_copies(challenge, submit, then) -> None:
    """Put back state, receipts and scorecards as they were before `then` was done; the log stays the newer one."""
    kept = challenge.folder.parent / "older"
    with Desk(challenge) as desk:
        desk.grade(submit("beta", team="Beta"), received=NOON)
    shutil.copytree(challenge.folder, kept)
    then()
    for name in ("receipts", "organiser"):
        log = (challenge.folder / "organiser" / "log.jsonl").read_bytes()
        shutil.rmtree(challenge.folder / name)
        shutil.copytree(kept / name, challenge.folder / name)
        (challenge.folder / "organiser" / "log.jsonl").write_bytes(log)
    shutil.copy(kept / "state.sqlite", state(challenge))


def test_older_copies_of_everything_but_the_log_give_no_fresh_quota(make_challenge, submit, tmp_path):
    challenge = make_challenge(ONE_A_DAY)

    def grade_first():
        with Desk(challenge) as desk:
            assert desk.grade(submit("first"), received=NOON).status is Status.ACCEPTED

    older_copies(challenge, submit, grade_first)
    submit("second", rows=ROWS[:1])
    with pytest.raises(StoreFault, match="is in organiser/log.jsonl alone.*--rebuild"):
        grade_second(challenge)
    done = rebuild(challenge)
    assert (done.from_state, done.from_disk, done.from_log, len(done.again)) == (1, 0, 1, 1)
    assert grade_second(challenge) is Status.OVER_QUOTA
    assert sorted(listed.status for listed in list_receipts(challenge)) == ["older rules", "ranked"]
    with Desk(challenge) as desk:
        again = desk.grade(tmp_path / "sent" / "first", received=NOON + dt.timedelta(days=1))
    assert (again.status, again.receipt.method) == (Status.ACCEPTED, "m1")
    assert {listed.status for listed in list_receipts(challenge)} == {"ranked"}
    assert grade_second(challenge) is Status.OVER_QUOTA


def test_a_withdrawal_that_only_the_log_knows_is_kept(make_challenge, submit):
    challenge = make_challenge()
    older_copies(challenge, submit, lambda: withdraw(challenge, list_receipts(challenge)[0].receipt.id, "cheated"))
    with pytest.raises(StoreFault, match="withdrawal of .* is in organiser/log.jsonl alone"):
        list_receipts(challenge)
    rebuild(challenge)
    (listed,) = list_receipts(challenge)
    assert (listed.status, listed.withdrawal.reason) == ("withdrawn", "cheated")


def test_a_line_of_the_log_that_says_too_little_is_told_with_the_way_out(used):
    log = used.folder / "organiser" / "log.jsonl"
    before = log.read_bytes()
    log.write_bytes(before + b'{"receipt": "' + b"a" * 20 + b'", "status": "accepted", "team": "Gamma"}\n')
    with pytest.raises(StoreFault, match="log.jsonl alone"):
        grade_second(used)
    with pytest.raises(StoreFault, match="take its lines out of the log to give it up"):
        rebuild(used)
    log.write_bytes(before)
    assert grade_second(used) is Status.OVER_QUOTA


@pytest.mark.parametrize("place", ["receipts", "organiser"])
def test_a_file_in_the_way_of_a_receipts_folder_is_told_and_mended(used, place):
    folder = used.folder / place / receipt_of(used).parent.name
    shutil.rmtree(folder)
    folder.write_text("")
    for verb in (grade_second, rebuild):
        with pytest.raises(StoreFault, match="is in the way: a folder belongs there; move it away, .*--rebuild"):
            verb(used)
    folder.rename(used.folder.parent / "away")
    assert rebuild(used).from_state == 2
    assert grade_second(used) is Status.OVER_QUOTA
    assert folder.is_dir()


def test_lost_scorecards_are_made_again_without_quota(used):
    shutil.rmtree(used.folder / "organiser")
    sql(used, "DELETE FROM papers WHERE part = 'hidden'")
    assert len(rebuild(used).again) == 2
    with Desk(used) as desk:
        first = desk.grade(used.folder.parent / "sent" / "first", received=NOON + dt.timedelta(days=2))
    assert first.status is Status.ACCEPTED
    assert first.receipt.received == "2026-05-01T12:00:00Z"
    assert grade_second(used) is Status.OVER_QUOTA
    assert len(rebuild(used).again) == 1


def test_an_older_copy_of_the_state_gives_no_fresh_quota(make_challenge, submit):
    challenge = make_challenge(ONE_A_DAY)
    with Desk(challenge) as desk:
        desk.grade(submit("beta", team="Beta"), received=NOON)
    older = state(challenge).read_bytes()
    with Desk(challenge) as desk:
        desk.grade(submit("first"), received=NOON)
    state(challenge).write_bytes(older)
    submit("second", rows=ROWS[:1])
    with pytest.raises(StoreFault, match="on disk alone"):
        grade_second(challenge)
    done = rebuild(challenge)
    assert (done.from_state, done.from_disk) == (1, 1)
    assert grade_second(challenge) is Status.OVER_QUOTA


def test_a_killed_graders_log_is_taken_over(used):
    """A `-wal` file of the state itself is no fault."""
    script = (
        "import os, sqlite3; db = sqlite3.connect('state.sqlite', isolation_level=None);"
        "db.execute('UPDATE receipts SET graded = 7'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=used.folder, check=False).returncode == 9
    assert Path(f"{state(used)}-wal").stat().st_size > 0
    assert grade_second(used) is Status.OVER_QUOTA
    with Store(used.folder) as store:
        assert store.last_graded() == 7


@pytest.mark.parametrize("suffix", ["-wal", "-shm"])
def test_rubbish_beside_the_state_is_passed_over(used, suffix):
    Path(f"{state(used)}{suffix}").write_bytes(random.Random(2).randbytes(40_000))
    assert grade_second(used) is Status.OVER_QUOTA


def test_a_state_in_other_hands_is_told_in_time(used):
    with contextlib.closing(sqlite3.connect(state(used), isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        with pytest.raises(StoreFault, match="locked by another program"):
            grade_second(used)
        assert time.monotonic() - begun < 10
    assert grade_second(used) is Status.OVER_QUOTA


def test_an_exclusive_lock_is_told(used):
    with contextlib.closing(sqlite3.connect(state(used), isolation_level=None)) as db:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("BEGIN EXCLUSIVE")
        db.execute("UPDATE receipts SET graded = 1")
        with pytest.raises(StoreFault, match="locked by another program"):
            grade_second(used)


def test_stores_of_0_1_0_still_open(used, submit):
    as_of_0_1_0(state(used))
    assert grade_second(used) is Status.OVER_QUOTA
    with Store(used.folder) as store:
        assert store._db.execute("PRAGMA user_version").fetchone() == (2,)
        assert store.withdrawals() == {}
    with Desk(used) as desk:
        later = desk.grade(submit("third", rows=ROWS[1:]), received=NOON + dt.timedelta(days=1))
    assert later.status is Status.ACCEPTED


def test_receipts_of_0_1_0_are_of_the_rules_in_force(used, tmp_path):
    rename_convention(used.folder, "7b3ee66ee3e27393")
    as_of_0_1_0(state(used))
    assert [listed.status for listed in list_receipts(used)] == ["ranked", "ranked"]
    page = build_board(used, tmp_path / "out").read_text()
    assert ("Alpha" in page, "Beta" in page, "older rules" in page) == (True, True, False)
    with Desk(used) as desk:
        again = desk.grade(used.folder.parent / "sent" / "first", received=NOON)
    assert (again.status, again.receipt.rules.convention) == (Status.CACHED, "7b3ee66ee3e27393")
    assert (used.folder / "organiser/rules.key").stat().st_mode & 0o777 == 0o600
    assert {found.status for found in regrade(used)} == {"unchanged"}
    rules = [listed.receipt.rules for listed in list_receipts(used)]
    assert rules == [rules_of(used, read_truth(used)).now] * 2, "grading again gives the keyed form"
    rename_convention(used.folder, "0123456789abcdef")
    assert [listed.status for listed in list_receipts(used)] == ["older rules", "older rules"]


def test_a_store_of_0_1_0_without_its_receipts_is_refused_and_rebuilt(used):
    as_of_0_1_0(state(used))
    shutil.rmtree(used.folder / "receipts")
    with pytest.raises(StoreFault, match="do not agree"):
        grade_second(used)
    assert rebuild(used).from_state == 2
    assert grade_second(used) is Status.OVER_QUOTA


def test_a_clock_that_goes_backwards_is_told(used, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 3600)
    with Desk(used) as desk, pytest.raises(UserError, match="behind the last grading .*give --received"):
        desk.grade(used.folder.parent / "sent" / "second")
    assert grade_second(used) is Status.OVER_QUOTA, "a time that is given needs no clock"
    rebuild(used)
    with Desk(used) as desk:
        assert desk.store.last_graded() == now - 3600, "a clock that was ahead is forgotten"


def test_claims_of_the_future_do_not_block_for_ever(used):
    year = 365 * 24 * 3600
    sql(
        used,
        "INSERT INTO claims VALUES ('a', 'test', 'gamma', '2026-05-01', '2026-05-01T00:00:00Z', 't', 'elsewhere', 1, "
        f"'1', {time.time() + year})",
    )
    with Desk(used) as desk:
        outcome = desk.grade(used.folder.parent / "sent" / "second", flags={"team": "Gamma"}, received=NOON)
    assert outcome.status is Status.ACCEPTED


def test_a_claim_that_is_never_given_up_ends_with_a_sentence(used, monkeypatch):
    sql(
        used,
        "INSERT INTO claims VALUES ('a', 'test', 'gamma', '2026-05-01', '2026-05-01T00:00:00Z', 't', 'elsewhere', 1, "
        f"'1', {time.time() + 300})",
    )
    start, steps = time.monotonic(), iter(range(10**6))
    monkeypatch.setattr(time, "monotonic", lambda: start + 100 * next(steps))
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with Desk(used) as desk, pytest.raises(UserError, match="in hand for 600 s: end those that hang"):
        desk.grade(used.folder.parent / "sent" / "second", flags={"team": "Gamma"}, received=NOON)


def test_a_changed_truth_is_told_on_the_board(used, tmp_path):
    path = used.folder / "truth" / "events.csv"
    path.write_text(path.read_text().replace("1013", "1014"))
    assert "2 receipts of older rules" in build_board(used, tmp_path / "out").read_text()


def test_random_damage_never_frees_quota(used):
    """Whatever bytes change, the state is refused or still knows what was used, and a rebuild mends it."""
    rng, sound = random.Random(3), state(used).read_bytes()
    refused = 0
    for _ in range(40):
        content = bytearray(sound)
        for _ in range(rng.choice((1, 1, 3, 30))):
            content[rng.randrange(len(content))] = rng.randrange(256)
        state(used).write_bytes(content[: rng.choice((len(content), rng.randrange(1, len(content))))])
        try:
            assert grade_second(used) is Status.OVER_QUOTA
        except StoreFault as error:
            refused += "newer" in str(error) or _restores(used)
        for path in used.folder.glob("state.*"):
            path.unlink()
    assert refused > 10


def _restores(challenge) -> bool:
    rebuild(challenge)
    return grade_second(challenge) is Status.OVER_QUOTA
