"""The database of a challenge: its versions, what may be wrong with it, and whole changes only."""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from pathlib import Path

import pytest
from stores import as_of_0_1_0

from mebench.challenge.desk import database
from mebench.challenge.desk.database import (
    VERSION,
    Damaged,
    StoreFault,
    check_schema,
    has_content,
    open_database,
    reading,
    told,
    transaction,
)

ROW = ("r1", "test", "alpha", "2026-05-01", "2026-05-01T12:00:00Z", "x", "{}")


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)


@pytest.fixture
def path(tmp_path) -> Path:
    """A database with one receipt."""
    path = tmp_path / "state.sqlite"
    with contextlib.closing(open_database(path)) as db, transaction(db):
        db.execute(f"INSERT INTO receipts VALUES ({', '.join('?' * 7)}, 0, 5.0)", ROW)
    return path


def sql(path: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute(statement)
        db.commit()


def ids(path: Path) -> list[str]:
    with reading(path) as db:
        return [row[0] for row in db.execute("SELECT id FROM receipts")]


def test_a_new_database_is_of_this_version_and_for_its_owner_alone(path):
    with reading(path) as db:
        assert check_schema(db, path) == VERSION == 2
        assert db.execute("PRAGMA user_version").fetchone() == (2,)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_opening_again_changes_nothing(path):
    open_database(path).close()
    assert ids(path) == ["r1"]


def test_a_database_of_0_1_0_is_read_as_it_is_and_brought_forward_when_opened(path):
    as_of_0_1_0(path)
    with reading(path) as db:
        assert check_schema(db, path) == 1
    with contextlib.closing(open_database(path)) as db:
        # What it held was published by the version that wrote it.
        assert db.execute("SELECT id, published, graded FROM receipts").fetchall() == [("r1", 1, 0.0)]
        assert check_schema(db, path) == 2


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("CREATE TABLE more (x TEXT)", "an unknown table 'more'"),
        ("CREATE VIEW more AS SELECT 1", "an unknown view 'more'"),
        ("CREATE TRIGGER t AFTER DELETE ON claims BEGIN SELECT 1; END", "an unknown trigger 't'"),
        ("DROP TABLE papers", "no table 'papers'"),
        ("ALTER TABLE claims ADD COLUMN x TEXT", "table 'claims' has other columns"),
        ("ALTER TABLE claims RENAME COLUMN pid TO number", "table 'claims' has other columns"),
        ("PRAGMA user_version = 1", "an unknown table .withdrawals."),
    ],
)
def test_other_tables_are_not_the_state_of_a_challenge(path, statement, why):
    sql(path, statement)
    for use in (lambda: ids(path), lambda: open_database(path)):
        with pytest.raises(Damaged, match=f"is damaged or not the state of a challenge .*{why}.*--rebuild"):
            use()


@pytest.mark.parametrize("version", [3, 99, -1])
def test_another_version_is_told(path, version):
    sql(path, f"PRAGMA user_version = {version}")
    with pytest.raises(StoreFault, match=f"has schema {version}, this mebench reads up to 2: install a newer") as fault:
        ids(path)
    assert not isinstance(fault.value, Damaged)


def test_an_index_of_another_name_is_no_fault(path):
    sql(path, "CREATE INDEX mine ON receipts (team)")
    assert ids(path) == ["r1"]


def test_what_is_only_read_cannot_be_written(path):
    with (
        pytest.raises(StoreFault, match=r"cannot be written \(attempt to write a readonly database\)"),
        reading(path) as db,
    ):
        db.execute("DELETE FROM receipts")
    assert ids(path) == ["r1"]


def test_reading_sees_one_moment(path):
    with contextlib.closing(open_database(path)) as writer, reading(path) as db:
        writer.execute("DELETE FROM receipts")
        assert db.execute("SELECT count(*) FROM receipts").fetchone() == (1,)
    assert ids(path) == []


def test_without_its_log_a_database_is_that_of_the_last_checkpoint(path):
    with contextlib.closing(open_database(path)) as writer:
        writer.execute("DELETE FROM receipts")
        with reading(path, without_log=True) as db:
            assert db.execute("SELECT count(*) FROM receipts").fetchone() == (1,)
        assert ids(path) == []


def test_a_change_that_fails_is_undone(path):
    with contextlib.closing(open_database(path)) as db:
        with contextlib.suppress(KeyError), transaction(db):
            db.execute("DELETE FROM receipts")
            raise KeyError
        assert not db.in_transaction
    assert ids(path) == ["r1"]


def test_two_writers_do_not_write_at_once(path):
    with contextlib.closing(open_database(path)) as first, contextlib.closing(open_database(path)) as second:
        locked = pytest.raises(StoreFault, match="has been locked by another program")
        with transaction(first), locked, told(path), transaction(second):
            pytest.fail("the second writer got in")
        with transaction(second):
            pass


def test_papers_are_those_of_a_receipt(path):
    with contextlib.closing(open_database(path)) as db:
        db.execute("INSERT INTO papers VALUES ('r1', 'all', 'x')")
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            db.execute("INSERT INTO papers VALUES ('r2', 'all', 'x')")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (5, "has been locked by another program for 0 s: close what has it open"),
        (6, "has been locked"),
        (261, "has been locked"),  # BUSY_RECOVERY
        (8, "cannot be written .*: use an account that may write"),
        (13, "cannot grow, the disk is full: free some space"),
        (14, "cannot be opened .*: use an account"),
        (10, "cannot be read or written .*: free some space or check the disk"),
        (778, "cannot be read or written"),  # IOERR_WRITE
        (11, "is damaged or not the state of a challenge"),
        (26, "is damaged or not the state of a challenge"),
    ],
)
def test_each_code_of_sqlite_has_its_sentence(tmp_path, code, message):
    error = sqlite3.OperationalError("something\x1b[2J")
    error.sqlite_errorcode = code
    with pytest.raises(StoreFault, match=message) as fault, told(tmp_path / "s"):
        raise error
    assert isinstance(fault.value, Damaged) == (code in (11, 26))
    assert str(fault.value).startswith(str(tmp_path / "s"))


def test_bytes_that_are_no_text_are_damage(path):
    with pytest.raises(Damaged, match=r"\(it holds bytes that are no text\)"), told(path):
        b"\xff".decode()


def test_a_page_that_was_overwritten_is_damage(path):
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\x55\xaa" * 2048)
    with pytest.raises(Damaged, match="is damaged"):
        ids(path)


@pytest.mark.parametrize(("make", "content"), [(None, False), (b"", False), (b"x", True)])
def test_a_database_with_nothing_in_it_has_no_content(tmp_path, make, content):
    if make is not None:
        (tmp_path / "s").write_bytes(make)
    assert has_content(tmp_path / "s") is content


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_what_is_no_plain_file_is_told(tmp_path, suffix):
    beside = tmp_path / f"s{suffix}"
    beside.symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreFault, match=f"s{suffix} is a link to nothing: mend the link, or remove it"):
        has_content(tmp_path / "s")
    beside.unlink()
    beside.mkdir()
    with pytest.raises(StoreFault, match=f"s{suffix} is no plain file: move it away"):
        has_content(tmp_path / "s")


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(StoreFault, match=r"cannot be written \(No such file or directory\)"):
        open_database(tmp_path / "none" / "s")
