"""Opens the state of a challenge after holding it against the receipts on disk.

Conventions
-----------
State and receipts are each other's witness, and the log is that of both: a receipt that one of them lacks, or that
differs, is a fault, for a state that has lost receipts gives fresh quotas. What a grader left undone when it died is
none: the state knows whose files were never written, and writes them now. Nothing changes before everything agrees.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from mebench.challenge.desk import outputs
from mebench.challenge.desk.config import Challenge
from mebench.challenge.desk.database import FILE, StoreFault, check_way, has_content, reading
from mebench.challenge.desk.journal import LOG, Journal, read_journal
from mebench.challenge.desk.kept import ids_in, kept_by
from mebench.challenge.desk.receipt import Receipt
from mebench.challenge.desk.store import Store
from mebench.challenge.safety.own_files import NoPlainFile, read_own
from mebench.challenge.safety.plain import plain_text
from mebench.errors import UserError

_ID = re.compile(r"[0-9a-f]{20}")
_ATTEMPTS, _PAUSE_SECONDS = 3, 0.3
"""A fault is believed when it stays: a grader that works beside this one may be half-way through its files."""


def open_store(challenge: Challenge) -> Store:
    """Return the state of a challenge, which agrees with the files on disk.

    Raises
    ------
    StoreFault : when it cannot be read, or does not agree with them.
    """
    check_state(challenge.folder)
    store = Store(challenge.folder)
    try:
        outputs.publish(challenge, store)
    except BaseException:
        store.close()
        raise
    return store


def check_state(folder: Path) -> None:
    """Hold the state of a challenge against the receipts on disk, and change neither.

    Raises
    ------
    StoreFault : when they do not agree, or the state cannot be read.
    """
    path = folder / FILE
    if not has_content(path):
        ids = ids_on_disk(folder) | read_journal(folder).accepted.keys()
        # Graders that work beside this one may have begun the state meanwhile.
        if ids and not has_content(path):
            state = "is empty" if path.exists() else "is missing"
            raise StoreFault(
                f"{folder} holds traces of accepted submissions ({len(ids)}), but {FILE} {state}: put back a copy of "
                f"it, or restore it with `mebench challenge receipts {folder} --rebuild`."
            )
        return
    try:
        faults = _lasting_faults(folder)
    except StoreFault:
        _blame_log(folder)
        raise
    if faults:
        _blame_log(folder)
        more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise StoreFault(
            f"{FILE} and the files in {folder} do not agree ({faults[0]}{more}): put back copies of both, or stop all "
            f"graders and run `mebench challenge receipts {folder} --rebuild`."
        )


def ids_on_disk(folder: Path) -> set[str]:
    """Return the ids of all receipts of which any file is left.

    Raises
    ------
    StoreFault : when a folder cannot be read, or something else lies there.
    """
    places = (folder / "receipts", folder / "organiser")
    for place in places:
        check_way(folder, f"{place.name}/{outputs.RECEIPT}")
    return {path.name for place in places for path in _listed(place) if _ID.fullmatch(path.name)}


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreFault(f"{folder} cannot be read ({error.strerror}): mend that, or put back a copy of it.") from error


def _lasting_faults(folder: Path) -> list[str]:
    faults = _faults(folder)
    for _ in range(_ATTEMPTS - 1):
        if faults:
            time.sleep(_PAUSE_SECONDS)
            again = set(_faults(folder))
            faults = [fault for fault in faults if fault in again]
    return faults


def _faults(folder: Path) -> list[str]:
    # The disk comes first: a receipt is in the state before any file of it is written.
    on_disk, journal = ids_on_disk(folder), read_journal(folder)
    with reading(folder / FILE) as db:
        return [*_differences(folder, db, on_disk), *_forgotten(db, on_disk, journal)]


def _forgotten(db: sqlite3.Connection, on_disk: set[str], journal: Journal) -> Iterator[str]:
    """Yield what the log knows and older copies of state and receipts, which agree with each other, do not."""
    for id in sorted(journal.accepted.keys() - ids_in(db) - on_disk):
        yield f"the receipt {id!a} is in {LOG} alone"
    for id in sorted(journal.withdrawn.keys() & ids_in(db)):
        if kept_by(db, id).withdrawal is None:
            yield f"the withdrawal of {id!a} is in {LOG} alone"


def _differences(folder: Path, db: sqlite3.Connection, on_disk: set[str]) -> Iterator[str]:
    ids = ids_in(db)
    yield from (f"the receipt {id} is on disk alone" for id in sorted(on_disk - ids))
    for id in sorted(ids):
        try:
            receipt = checked_receipt(db, id)
            kept = kept_by(db, id)
            files = outputs.files_of(receipt, kept)
        except (UserError, ValueError, KeyError, TypeError) as error:
            yield f"the state's receipt {id!a} cannot be read: {plain_text(str(error).partition(':')[0])}"
            continue
        if kept.published:
            yield from _differing(folder, files)
        if kept.withdrawal is None and (folder / "organiser" / id / outputs.WITHDRAWN).exists():
            yield f"the receipt {id} was withdrawn on disk alone"


def checked_receipt(db: sqlite3.Connection, id: str) -> Receipt:
    """Return a receipt of a database whose columns say what its text says.

    Raises
    ------
    UserError : when they do not, or the text cannot be read.
    """
    row = db.execute("SELECT phase, team, day, received, receipt FROM receipts WHERE id = ?", [id]).fetchone()
    receipt = Receipt.from_json(row[-1])
    if (receipt.id, *receipt.whose) != (id, *row[:-1]):
        raise UserError("its columns were changed: put back a copy of the state.")
    return receipt


def _differing(folder: Path, files: dict[str, str]) -> Iterator[str]:
    for name, text in files.items():
        check_way(folder, name)
        try:
            content = read_own(folder / name)
        except NoPlainFile as error:
            raise StoreFault(str(error)) from error
        except OSError as error:
            yield f"{name} cannot be read: {error.strerror}"
            continue
        # The wording of the text is that of the version that wrote it.
        if content != text.encode() and not name.endswith(outputs.REPORT_TEXT):
            yield f"{name} was changed"


def _blame_log(folder: Path) -> None:
    """Tell when it is the `-wal` file of another database that spoils this one."""
    path = folder / FILE
    log = path.with_name(f"{FILE}-wal")
    if not log.exists() or not log.stat().st_size:
        return
    try:
        with reading(path, without_log=True) as db:
            if not ids_in(db) or list(_differences(folder, db, ids_on_disk(folder))):
                return
    except UserError:
        return
    raise StoreFault(
        f"{log.name} does not belong to {path}: stop all graders, move it and {FILE}-shm out of {folder}, and repeat."
    )
