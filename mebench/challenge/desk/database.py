"""The file of a challenge's state: its schema, its versions, and what may be wrong with it.

Conventions
-----------
`PRAGMA user_version` numbers the schema; stores of mebench 0.1.0 have 0 there and are version 1. A database is read
and checked before it is opened for writing, because opening a foreign `-wal` file for writing would destroy what it
lies beside. Every fault is a `StoreFault`, one sentence with the fix.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from mebench.challenge.safety.plain import plain_text
from mebench.errors import UserError
from mebench.schema.files import PRIVATE

FILE = "state.sqlite"
VERSION = 2
BUSY_SECONDS = 30.0
"""How long to wait for a lock; a transaction takes milliseconds."""

_FIRST = """
CREATE TABLE receipts (
    id TEXT PRIMARY KEY, phase TEXT NOT NULL, team TEXT NOT NULL, day TEXT NOT NULL, received TEXT NOT NULL,
    rules TEXT NOT NULL, receipt TEXT NOT NULL
) STRICT;
CREATE TABLE papers (
    id TEXT NOT NULL REFERENCES receipts (id), part TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (id, part)
) STRICT;
CREATE TABLE claims (
    id TEXT PRIMARY KEY, phase TEXT NOT NULL, team TEXT NOT NULL, day TEXT NOT NULL, received TEXT NOT NULL,
    token TEXT NOT NULL, machine TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT NOT NULL, lease REAL NOT NULL
) STRICT;
CREATE INDEX receipts_by_team ON receipts (phase, team, day);
"""
_SECOND = """
ALTER TABLE receipts ADD COLUMN published INTEGER NOT NULL DEFAULT 0;
ALTER TABLE receipts ADD COLUMN graded REAL NOT NULL DEFAULT 0;
UPDATE receipts SET published = 1;
CREATE TABLE withdrawals (
    id TEXT PRIMARY KEY REFERENCES receipts (id), time TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
"""
_STEPS = (_FIRST, _SECOND)
"""What leads from each version to the next; version 0 is a database with nothing in it."""

_BUSY, _NO_WRITE, _FULL, _NO_OPEN, _FAILS = {5, 6}, {3, 8}, {13}, {14}, {10}
"""Primary result codes of SQLite."""


class StoreFault(UserError):
    """Something is wrong with the state of a challenge."""


class Damaged(StoreFault):
    """The state cannot be read any more, or is not that of a challenge."""


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite says about a database into one sentence with the fix.

    Raises
    ------
    StoreFault : for whatever SQLite raises.
    """
    try:
        yield
    except (sqlite3.Error, UnicodeError) as error:
        # SQLite quotes what it finds in a damaged file, which need not even be text.
        raise _fault(path, error) from error


def _fault(path: Path, error: Exception) -> StoreFault:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return StoreFault(
            f"{path} has been locked by another program for {BUSY_SECONDS:.0f} s: close what has it open, and repeat."
        )
    if code in _NO_WRITE:
        return StoreFault(f"{path} cannot be written ({error}): use an account that may write to its folder.")
    if code in _FULL:
        return StoreFault(f"{path} cannot grow, the disk is full: free some space, and repeat; nothing is lost.")
    if code in _NO_OPEN:
        return StoreFault(
            f"{path} cannot be opened ({error}): use an account that may write to it and its folder, on a disk that is "
            "not read-only."
        )
    if code in _FAILS:
        return StoreFault(f"{path} cannot be read or written ({error}): free some space or check the disk, and repeat.")
    return damaged(path, "it holds bytes that are no text" if isinstance(error, UnicodeError) else str(error))


def damaged(path: Path, why: str) -> Damaged:
    """Return what is said of a database that cannot be used."""
    return Damaged(
        f"{path} is damaged or not the state of a challenge ({plain_text(why)}): put back a copy of it, or stop all "
        f"graders and run `mebench challenge receipts {path.parent} --rebuild`."
    )


def check_way(folder: Path, name: str) -> None:
    """Refuse to write a file where anything stands in its way.

    Parameters
    ----------
    folder : of the challenge.
    name : of the file, below it.

    Raises
    ------
    StoreFault : when one of its folders is something else, or a folder has its name.
    """
    path = folder / name
    places = [place for place in path.parents if folder in place.parents]
    wrong = [place for place in reversed(places) if os.path.lexists(place) and not place.is_dir()]
    if wrong or path.is_dir():
        what = f"{wrong[0]} is in the way: a folder" if wrong else f"{path} is in the way: a file"
        raise StoreFault(
            f"{what} belongs there; move it away, and run `mebench challenge receipts {folder} --rebuild`."
        )


def has_content(path: Path) -> bool:
    """Tell whether there is a database with something in it.

    Raises
    ------
    StoreFault : for a folder, a link to nothing, or whatever else is no plain file.
    """
    for name in ("", "-wal", "-shm"):
        beside = path.with_name(path.name + name)
        if beside.is_symlink() and not beside.exists():
            raise StoreFault(f"{beside} is a link to nothing: mend the link, or remove it.")
        if beside.exists() and not stat.S_ISREG(beside.stat().st_mode):
            raise StoreFault(
                f"{beside} is no plain file: move it away, and put back a copy of the state if there was one."
            )
    return path.exists() and path.stat().st_size > 0


@contextlib.contextmanager
def reading(path: Path, *, without_log: bool = False) -> Iterator[sqlite3.Connection]:
    """Yield a database that is only read, at one moment in time.

    Parameters
    ----------
    path : of the database, which exists.
    without_log : leave out what has not been taken over from the `-wal` file.

    Raises
    ------
    StoreFault : when it cannot be read, is damaged, or has the schema of something else.
    """
    with told(path):
        how = "immutable=1" if without_log else "mode=ro"
        db = sqlite3.connect(f"{path.resolve().as_uri()}?{how}", timeout=BUSY_SECONDS, isolation_level=None, uri=True)
        with contextlib.closing(db):
            db.execute("BEGIN")
            check_schema(db, path)
            _check_pages(db, path)
            yield db


def check_schema(db: sqlite3.Connection, path: Path) -> int:
    """Return the version of a database after comparing its tables with what that version has.

    Raises
    ------
    StoreFault : for a newer version, or for other tables or columns.
    """
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if not 0 <= version <= VERSION:
        raise StoreFault(f"{path} has schema {version}, this mebench reads up to {VERSION}: install a newer mebench.")
    found = _shape(db)
    version = version or int(bool(found))
    expected = _shape_of(version)
    for name in sorted(found.keys() ^ expected.keys()):
        raise damaged(path, f"{'an unknown' if name in found else 'no'} {name}")
    for name in found:
        if found[name] != expected[name]:
            raise damaged(path, f"{name} has other columns")
    return version


def _check_pages(db: sqlite3.Connection, path: Path) -> None:
    # Not quick_check: an index that has lost a row would lose a submission from its team's quota.
    if (problem := db.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
        raise damaged(path, str(problem).splitlines()[-1])


def _shape(db: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
    """Return the columns of all tables, and the names of views and triggers."""
    items = db.execute(
        "SELECT type, name FROM sqlite_master WHERE type != 'index' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    ).fetchall()
    columns = "SELECT name, type FROM pragma_table_info(?)"
    return {f"{kind} {name!a}": db.execute(columns, [name]).fetchall() for kind, name in items}


@functools.cache
def _shape_of(version: int) -> dict[str, list[tuple[str, str]]]:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        _advance(db, 0, version)
        return _shape(db)


def _advance(db: sqlite3.Connection, version: int, wanted: int) -> None:
    for step in _STEPS[version:wanted]:
        # executescript would commit: the statements go one by one.
        for statement in filter(str.strip, step.split(";")):
            db.execute(statement)


def open_database(path: Path) -> sqlite3.Connection:
    """Open a database for reading and writing; it is made, or brought to the present version, where that is needed.

    Raises
    ------
    StoreFault : when that cannot be done.
    """
    try:
        # SQLite gives the files beside it the mode of the database.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE))
    except OSError as error:
        raise StoreFault(
            f"{path} cannot be written ({error.strerror}): free some space, or use an account that may write there."
        ) from error
    with told(path):
        db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            _wal(db)
            with transaction(db):
                _advance(db, check_schema(db, path), VERSION)
                db.execute(f"PRAGMA user_version = {VERSION}")
        except BaseException:
            db.close()
            raise
    return db


def _wal(db: sqlite3.Connection) -> None:
    """Switch to WAL; the switch itself takes a lock for which SQLite does not wait."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Do everything inside or nothing; begins with the write lock."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        # A full disk may have ended the transaction already.
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
