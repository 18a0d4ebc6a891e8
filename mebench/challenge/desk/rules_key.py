"""The secret of a challenge, with which its receipts name the truth and the split.

Conventions
-----------
Teams and the public know which items there are and which labels there may be. A digest of the truth without a secret in
it could be searched for the hidden labels by trying them all; one that is keyed tells no more than whether two receipts
were given under the same rules. `organiser/rules.key` holds 32 random bytes as hex digits, for this account alone; the
state keeps them beside every submission, so that either is enough when the other is lost.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from mebench.challenge.desk import database
from mebench.challenge.safety.own_files import read_own
from mebench.errors import UserError
from mebench.schema.files import PRIVATE, advice, make_folder, write_atomic

FILE = "organiser/rules.key"
PAPER = "rules_key"
"""Paper of the state that holds the secret under which a receipt names its rules."""
_BYTES = 32
_FORM = re.compile(rb"[0-9a-f]{64}\n", re.ASCII)


def rules_key(folder: Path) -> bytes:
    """Return the secret of the challenge in a folder; one whose file is missing gets that of its state, or a new one.

    Raises
    ------
    UserError : when it cannot be read or written, or was changed, or the state is damaged.
    """
    with contextlib.suppress(FileNotFoundError):
        return _read(folder / FILE)
    with _locked((folder / FILE).parent):
        # Of two graders that begin at once one makes it, and the other reads that.
        with contextlib.suppress(FileNotFoundError):
            return _read(folder / FILE)
        write_atomic(folder / FILE, f"{_of_state(folder) or secrets.token_hex(_BYTES)}\n", PRIVATE)
        return _read(folder / FILE)


def keyed(key: bytes, what: str, digest: str) -> str:
    """Return a digest under a secret, as hex: HMAC-SHA256 of its text and of what it is a digest of."""
    return hmac.new(key, f"{what} {digest}".encode(), hashlib.sha256).hexdigest()


def _of_state(folder: Path) -> str:
    """Return the secret that the state keeps of the submission that was graded last, or nothing."""
    if not database.has_content(folder / database.FILE):
        return ""
    with database.reading(folder / database.FILE) as db:
        found = db.execute("SELECT text FROM papers WHERE part = ? ORDER BY rowid DESC LIMIT 1", [PAPER]).fetchone()
    return str(found[0]) if found else ""


def _read(path: Path) -> bytes:
    try:
        content = read_own(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}): let its owner run the command.") from error
    if not _FORM.fullmatch(content):
        raise UserError(
            f"{path} was changed: remove it, and what {database.FILE} keeps of it is put back by the next command."
        )
    return bytes.fromhex(content.decode())


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time work in a folder, which is made where it is missing."""
    try:
        make_folder(folder, PRIVATE)
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    except OSError as error:
        raise UserError(f"{folder} cannot be written {advice(error)}.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
