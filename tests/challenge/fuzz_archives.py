"""Hand many changed archives and texts to the reader of submissions, and count what comes of it.

    python tests/challenge/fuzz_archives.py --zips 100000 --texts 100000

Every input must be accepted or refused with a reason, within seconds, and nothing may be written but below the work
folder: every file that is opened for writing anywhere is watched. What is accepted must hold what the standard library
reads under the same names. Ends with code 1 when anything else happens, and keeps the input.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import functools
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from hostile_corpus import CASES, EXPECTED, GOOD
from hostile_corpus import LIMITS as WHOLE_LIMITS
from zip_cases import LIMITS
from zip_mutations import Mutator

from mebench.challenge.reading.manifest import FILE as MANIFEST
from mebench.challenge.reading.read import check_submission
from mebench.challenge.safety.archives import extract_zip
from mebench.schema.problems import InvalidTable

FLAGS = {"team": "t", "method": "m", "protocol": "p"}
LONGEST_SECONDS = 5
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Escaped(AssertionError):
    """Something was opened for writing that does not lie below the work folder."""


class Watch:
    """Sees every file that Python opens for writing and every folder that it makes, while it is on."""

    def __init__(self) -> None:
        self.inside: tuple[str, ...] = ()
        sys.addaudithook(self._see)

    def _see(self, event: str, details: tuple[Any, ...]) -> None:
        if self.inside and (event == "os.mkdir" or (event == "open" and (details[2] or 0) & _WRITES)):
            place = os.fsdecode(details[0]) if isinstance(details[0], (str, bytes, os.PathLike)) else ""
            # Names without a slash are opened from within a folder that was reached the same way.
            if place in ("..", ".") or ("/" in place and not os.path.abspath(place).startswith(self.inside)):
                raise Escaped(f"{event} {place}")

    @contextlib.contextmanager
    def only(self, *folders: Path) -> Iterator[None]:
        """Allow writing below these folders alone."""
        self.inside = tuple(f"{folder}" for folder in folders)
        try:
            yield
        finally:
            self.inside = ()


WATCH = Watch()


@dataclasses.dataclass
class Tally:
    """What came of the inputs of one kind."""

    what: str
    seconds: float = 0.0
    slowest: float = 0.0
    outcomes: Counter[str] = dataclasses.field(default_factory=Counter)
    failures: list[str] = dataclasses.field(default_factory=list)

    def __str__(self) -> str:
        """Return one line."""
        n = sum(self.outcomes.values())
        refused = n - self.outcomes["accepted"]
        kinds = ", ".join(f"{kind} {count}" for kind, count in self.outcomes.most_common() if kind != "accepted")
        python = ".".join(map(str, sys.version_info[:3]))
        return (
            f"Python {python}: {n} {self.what} in {self.seconds:.0f} s, slowest {1000 * self.slowest:.0f} ms: "
            f"{self.outcomes['accepted']} accepted, {refused} refused ({kinds}), "
            f"{len(self.failures)} that failed, hung or wrote elsewhere"
        )


def _run(tally: Tally, number: int, content: bytes, root: Path, act: Callable[[], str]) -> None:
    """Do one thing with one input, and note what came of it."""
    began = time.perf_counter()
    signal.setitimer(signal.ITIMER_REAL, LONGEST_SECONDS)
    try:
        tally.outcomes[act()] += 1
    except Exception as error:
        tally.outcomes["failed"] += 1
        tally.failures.append(f"{tally.what} {number}: {type(error).__name__}: {error}")
        (root / f"failed_{number}").write_bytes(content)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    spent = time.perf_counter() - began
    tally.seconds += spent
    tally.slowest = max(tally.slowest, spent)


def _too_long(*_: object) -> None:
    raise TimeoutError(f"not done after {LONGEST_SECONDS} s")


def _names(folder: Path) -> set[str]:
    return set(os.listdir(folder))


def fuzz_zips(count: int, seed: int, root: Path) -> Tally:
    """Extract so many changed archives below a folder."""
    place = root / "zips"
    work, path = place / "in" / "work", place / "a.zip"
    work.mkdir(parents=True)
    aims = ["../up.txt", "../../up.txt", "../../../up.txt", "a/../../up.txt", "..\\up.txt", f"{place}/up.txt"]
    mutator, tally = Mutator(random.Random(seed), aims), Tally("zips")
    folders = (root, place, place / "in")
    path.touch()
    before = [_names(folder) for folder in folders]
    for number in range(count):
        content = mutator.archive()
        path.write_bytes(content)
        _run(tally, number, content, root.parent, lambda: _extract(path, work))
        if [_names(folder) for folder in folders] != before:
            tally.failures.append(f"zips {number}: a file beside the work folder")
            break
        if _names(work):
            shutil.rmtree(work)
            work.mkdir()
    return tally


def _extract(path: Path, work: Path) -> str:
    try:
        with WATCH.only(work):
            audit = extract_zip(path, work, LIMITS)
    except InvalidTable as error:
        kinds = sorted({problem.kind for problem in error.problems})
        if not kinds or _names(work):
            raise AssertionError("refused without a reason, or with files left behind") from error
        return kinds[0]
    with zipfile.ZipFile(path) as archive:
        for member, target in audit.members:
            info = next(i for i in archive.infolist() if i.header_offset == member.entry.offset)
            same_name = info.filename == member.entry.name or not member.entry.raw_name.isascii()
            if not same_name or archive.read(info) != (work / target).read_bytes():
                raise AssertionError(f"the standard library reads {info.filename!r} otherwise")
    return "accepted"


def fuzz_texts(count: int, seed: int, root: Path) -> Tally:
    """Check so many changed texts."""
    place = root / "texts"
    place.mkdir(parents=True)
    chance, tally = random.Random(seed), Tally("texts")
    seeds = list(text_seeds(root / "seeds"))
    for number in range(count):
        task, name, good = seeds[chance.randrange(len(seeds))]
        content = mutated(good, chance)
        (place / name).write_bytes(content)
        beside = {name}
        if name == MANIFEST:
            data, text = GOOD[task]
            (place / data).write_text(text)
            beside.add(data)
        path = place if name == MANIFEST else place / name
        _run(tally, number, content, root.parent, functools.partial(_check, path, task, root / "work"))
        if _names(place) != beside:
            tally.failures.append(f"texts {number}: a file beside the submission")
            break
        for one in beside:
            (place / one).unlink()
    return tally


def _check(path: Path, task: str, work: Path) -> str:
    flags = {} if path.is_dir() else FLAGS
    with WATCH.only(work):
        report = check_submission(path, task, expected=EXPECTED[task], flags=flags, limits=WHOLE_LIMITS, work=work)
    text = report.to_text() + report.to_json()
    if _CONTROLS.search(text):
        raise AssertionError("a control character in the report")
    if report.accepted:
        return "accepted"
    if not report.problems:
        raise AssertionError("refused without a reason")
    return min(report.counts)


def text_seeds(root: Path) -> Iterator[tuple[str, str, bytes]]:
    """Yield task, name and content of the good files, and of the small texts of the hostile ones that are opened."""
    for task, (name, text) in GOOD.items():
        yield task, name, text.encode()
    for number, case in enumerate(CASES):
        path = case.write(root / str(number))
        for file in [] if path.is_file() else sorted(path.iterdir()):
            is_text = file.is_file() and not file.is_symlink() and 0 < file.stat().st_size < 4_000
            if is_text and "file_type" not in case.kinds:
                yield case.task, file.name, file.read_bytes()


def mutated(good: bytes, chance: random.Random) -> bytes:
    """Return a text with a few bytes, cells or lines changed, dropped or repeated."""
    data = bytearray(good)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                data[at : at + chance.randint(0, 6)] = chance.randbytes(chance.randint(0, 4))
            case 1:
                data[at:at] = chance.choice([b"\0", b"\r", b'"', b"\xff", b"\x1b[", b";", b",", b"\n", b"[{", b"1e999"])
            case 2:
                data[at:at] = data[: chance.randrange(len(data) + 1)][:200]
            case 3:
                del data[at : at + chance.randint(1, 30)]
            case _:
                lines = bytes(data).split(b"\n")
                chance.shuffle(lines)
                data = bytearray(b"\n".join(lines))
    return bytes(data)


def fuzz(zips: int, texts: int, seed: int, root: Path) -> list[Tally]:
    """Try so many archives and texts below `root`, which must exist."""
    before = signal.signal(signal.SIGALRM, _too_long)
    try:
        return [fuzz_zips(zips, seed, root / "fuzz"), fuzz_texts(texts, seed, root / "fuzz")]
    finally:
        signal.signal(signal.SIGALRM, before)


def main() -> int:
    """Print one line for each kind of input, and what failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--zips", type=int, default=100_000)
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="fuzz-"))
    tallies = fuzz(asked.zips, asked.texts, asked.seed, root)
    shutil.rmtree(root / "fuzz")
    failures = [line for tally in tallies for line in tally.failures]
    for line in [*map(str, tallies), *failures[:20]]:
        sys.stdout.write(f"{line}\n")
    if failures:
        sys.stdout.write(f"The inputs that failed are kept in {root}.\n")
        return 1
    root.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main())
