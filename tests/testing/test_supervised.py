"""A plug-in that leaves Python or never ends is told in a sentence, and the others of its file are checked all the same."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.testing.findings import Finding
from mebench.testing.supervised import supervised_checks

FILE = '''
import os, subprocess, sys, threading, time
import numpy as np
from mebench import Metric, Spotter, Spotting

{top}


class Rogue(Spotter):
    id = "rogue"
    summary = "does what no plug-in should"
    trains = False

    def spot(self, video, context):
        {work}
        return Spotting((), np.zeros((video.n_frames, 2), np.float32))


class Gone(Metric):
    """Nothing."""

    id = "gone"
    name = "Gone"
    summary = "does as little"
'''


def write(folder: Path, work: str = "pass", top: str = "") -> Path:
    path = folder / "rogue.py"
    path.write_text(FILE.format(work=work, top=top))
    return path


def found(path: Path, limit: float = 60.0) -> dict[tuple[str, str], Finding]:
    return {(f.plugin, f.check): f for f in supervised_checks(path, limit=limit)}


@pytest.mark.parametrize(("work", "how"), [("os._exit(3)", "code 3"), ("os.kill(os.getpid(), 9)", "signal SIGKILL")])
def test_a_plugin_that_leaves_python_is_told_and_the_others_are_checked(tmp_path: Path, work: str, how: str) -> None:
    findings = found(write(tmp_path, work))
    fault = findings["method rogue", "trains and answers in the right shape and range"]
    assert fault.state == "failed"
    assert fault.reason == f"It ended Python with {how}: mend it, for a run would lose the fold at work."
    assert findings["method rogue", "all further checks"].state == "skipped"
    assert ("metric gone", "is named and described") in findings


def test_a_check_that_never_ends_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    work = f"p = subprocess.Popen(['sleep', '60']); open({str(mark)!r}, 'w').write(str(p.pid)); time.sleep(60)"
    start = time.monotonic()
    findings = found(write(tmp_path, work), limit=6.0)
    assert time.monotonic() - start < 40
    fault = findings["method rogue", "trains and answers in the right shape and range"]
    assert fault.reason.startswith("It did not end within 6 s: mend it")
    time.sleep(0.2)
    assert not _is_running(int(mark.read_text()))


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(")")[-1].split()[0] != "Z"


def test_a_thread_that_never_ends_is_told(tmp_path: Path) -> None:
    work = "threading.Thread(target=time.sleep, args=(60,), name='endless').start()"
    findings = found(write(tmp_path, work))
    fault = findings["method rogue", "leaves nothing running"]
    assert fault.state == "failed"
    assert "It leaves the thread endless" in fault.reason


def test_a_file_that_leaves_python_while_it_is_loaded_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"rogue.py ended Python with code 4 while it was loaded: mend it"):
        found(write(tmp_path, top="os._exit(4)"))
    with pytest.raises(UserError, match="cannot be imported"):
        found(write(tmp_path, top="1 / 0"))
