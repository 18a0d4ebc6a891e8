"""Makes the state of a challenge and the receipts on disk agree again, and loses neither.

Conventions
-----------
A receipt of the state counts where it is sound, else the one on disk; receipts that only one of them has are kept, so
quotas never grow; what only the log still knows keeps its quota, and is graded again. Scorecards that differ between
the two are believed in neither: grading the same bytes again makes them anew. A state that cannot be used is kept
beside the new one as `state.damaged-N.sqlite`. Nothing changes before every receipt has been found sound somewhere.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sqlite3
import time
from collections.abc import Collection, Mapping
from pathlib import Path

from mebench.challenge.desk import outputs
from mebench.challenge.desk.audit import checked_receipt, ids_on_disk
from mebench.challenge.desk.config import Challenge
from mebench.challenge.desk.database import FILE, Damaged, StoreFault, has_content, reading
from mebench.challenge.desk.journal import LOG, Journal, read_journal, receipt_of
from mebench.challenge.desk.kept import Kept, Withdrawal, ids_in, kept_by
from mebench.challenge.desk.outputs import CARD_FILES
from mebench.challenge.desk.receipt import Receipt
from mebench.challenge.desk.store import Store
from mebench.challenge.safety.own_files import read_own
from mebench.challenge.safety.plain import plain_text
from mebench.errors import UserError
from mebench.schema.plain_json import from_plain
from mebench.schema.scorecard import Scorecard


@dataclasses.dataclass(frozen=True)
class Rebuilt:
    """What a rebuild found.

    Attributes
    ----------
    from_state, from_disk, from_log : how many receipts were kept from each.
    again : ids of receipts whose scorecards are lost; grading the same bytes again makes them anew.
    aside : where the state that could not be used lies now.
    """

    from_state: int
    from_disk: int
    from_log: int
    again: tuple[str, ...]
    aside: Path | None


def rebuild(challenge: Challenge) -> Rebuilt:
    """Restore the state from what is sound of it and of the receipts on disk, and write the missing files.

    Raises
    ------
    StoreFault : when a receipt is sound in neither place, or the state is newer, locked, or cannot be written.
    """
    folder = challenge.folder
    is_usable, kept = _of_state(folder)
    from_state = len(kept)
    kept |= _of_disk(folder, ids_on_disk(folder) - kept.keys())
    from_disk = len(kept) - from_state
    journal = read_journal(folder)
    kept |= _of_log(challenge, journal, journal.accepted.keys() - kept.keys())
    kept = {id: _completed(challenge, id, entry, journal) for id, entry in kept.items()}
    aside = None if is_usable else _set_aside(folder / FILE)
    with Store(folder) as store:
        store.restore({id: (Receipt.from_json(entry.receipt).whose, entry) for id, entry in kept.items()})
        outputs.publish(challenge, store)
    again = tuple(id for id, entry in kept.items() if not entry.rules)
    return Rebuilt(from_state, from_disk, len(kept) - from_state - from_disk, again, aside)


def _of_log(challenge: Challenge, journal: Journal, ids: Collection[str]) -> dict[str, Kept]:
    """Return what the log says of receipts that are lost everywhere else; none of them has rules."""
    kept = {}
    for id in sorted(ids):
        try:
            receipt = receipt_of(challenge, id, journal.accepted[id])
        except UserError as error:
            raise StoreFault(
                f"The receipt {id!a} is in {challenge.folder / LOG} alone, which does not say enough of it: put back "
                f"copies of receipts/ID, organiser/ID and {FILE}, or take its lines out of the log to give it up."
            ) from error
        kept[id] = Kept(receipt.to_json(), {}, None, False, "", 0.0)
    return kept


def _of_state(folder: Path) -> tuple[bool, dict[str, Kept]]:
    """Return whether the database can be used, and what is sound of its receipts."""
    path = folder / FILE
    if not has_content(path):
        return True, {}
    try:
        with reading(path) as db:
            found = {id: _sound(db, id) for id in ids_in(db)}
    except Damaged:
        return False, {}
    if missing := sorted({id for id, entry in found.items() if entry is None} - ids_on_disk(folder)):
        raise StoreFault(
            f"The receipt {missing[0]!a} is not sound in {path} and is not on disk: put back a copy of receipts/ and "
            f"organiser/, or of {FILE}."
        )
    return True, {id: entry for id, entry in found.items() if entry is not None}


def _sound(db: sqlite3.Connection, id: str) -> Kept | None:
    try:
        receipt, entry = checked_receipt(db, id), kept_by(db, id)
    except UserError:
        return None
    return entry if _is_report(receipt, entry.papers.get("report")) else None


def _of_disk(folder: Path, ids: Collection[str]) -> dict[str, Kept]:
    kept, lost = {}, []
    for id in sorted(ids):
        try:
            kept[id] = _read(folder, id)
        except UserError as error:
            lost.append(f"{id} ({plain_text(str(error).partition(':')[0])})")
    if lost:
        counted = f"{len(lost)} receipt{'s are' if len(lost) > 1 else ' is'}"
        raise StoreFault(
            f"{counted} sound neither in {FILE} nor on disk, such as {lost[0]}: put back copies of receipts/ID and "
            f"organiser/ID, or move both out of {folder}, and repeat: the log keeps their quota."
        )
    return kept


def _read(folder: Path, id: str) -> Kept:
    """Return what the files of a receipt say."""
    team = folder / "receipts" / id
    text = _text(team / outputs.RECEIPT)
    receipt = Receipt.from_json(text)
    if receipt.id != id:
        raise UserError(f"its folder holds the receipt {receipt.id}: put back a copy of it.")
    report = _text(team / outputs.REPORT) if (team / outputs.REPORT).exists() else None
    if not _is_report(receipt, report):
        raise UserError(f"its {outputs.RECEIPT} and its {outputs.REPORT} differ: put back copies of both.")
    return Kept(text, {} if report is None else {"report": report}, None, False, receipt.rules.digest, 0.0)


def _cards(folder: Path, id: str, papers: Mapping[str, str]) -> dict[str, str]:
    """Return the scorecards that are in the state or on disk, and do not differ between the two."""
    cards = {}
    for part, name in CARD_FILES.items():
        found = {papers[part]} if part in papers else set()
        with contextlib.suppress(UserError):
            found.add(_text(folder / "organiser" / id / name))
        sound = [text for text in found if _is_card(text)]
        if len(sound) == 1:
            cards[part] = sound[0]
    return cards


def _text(path: Path) -> str:
    try:
        return read_own(path).decode()
    except (UserError, OSError, ValueError) as error:
        raise UserError(f"its {path.name} cannot be read: put back a copy of it.") from error


def _withdrawal(path: Path) -> Withdrawal | None:
    """Return what the file of a withdrawal says; one that is damaged still is a withdrawal."""
    if not path.exists():
        return None
    try:
        return from_plain(Withdrawal, json.loads(_text(path)), outputs.WITHDRAWN)
    except (UserError, ValueError, RecursionError):
        return Withdrawal("unknown", "")


def _is_card(text: str) -> bool:
    try:
        Scorecard.from_json(text)
    except (UserError, RecursionError):
        return False
    return True


def _is_report(receipt: Receipt, text: str | None) -> bool:
    """Tell whether a report is the one of that receipt, where there is one; only the notes in it are free."""
    try:
        report = None if text is None else json.loads(text)
        return report is None or outputs.is_report_of(receipt, report)
    except (AttributeError, ValueError, TypeError, KeyError, RecursionError):
        return False


def _completed(challenge: Challenge, id: str, entry: Kept, journal: Journal) -> Kept:
    """Return an entry with a report; one without all of its scorecards has no rules, so it is graded again."""
    report = outputs.accepted_report(Receipt.from_json(entry.receipt), ["this report was written again"])
    cards = _cards(challenge.folder, id, entry.papers)
    on_disk = _withdrawal(challenge.folder / "organiser" / id / outputs.WITHDRAWN)
    parts = CARD_FILES if challenge.split.public or challenge.split.hidden else ["all"]
    return dataclasses.replace(
        entry,
        papers={"report": outputs.dump(report), **_without_cards(entry.papers), **cards},
        rules=entry.rules if set(parts) <= cards.keys() else "",
        withdrawal=entry.withdrawal or on_disk or journal.withdrawn.get(id),
        # A clock that was ahead for a while is forgotten.
        graded=min(entry.graded, time.time()),
    )


def _without_cards(papers: Mapping[str, str]) -> dict[str, str]:
    return {part: text for part, text in papers.items() if part not in CARD_FILES}


def _set_aside(path: Path) -> Path:
    """Rename a database and what lies beside it."""
    number = 1
    while (aside := path.with_name(f"state.damaged-{number}.sqlite")).exists():
        number += 1
    try:
        for suffix in ("-wal", "-shm", ""):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise StoreFault(f"{path} cannot be moved ({error.strerror}): use an account that may write there.") from error
    return aside
