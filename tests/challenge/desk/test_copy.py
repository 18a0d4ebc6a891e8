from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import time

import pytest

from mebench.challenge.desk.copy import SWEEP_SECONDS, WORK, snapshot, sweep
from mebench.challenge.desk.processes import Holder, machine, start_of
from mebench.challenge.reading.inventory import digest_of_submission
from mebench.challenge.safety import copies
from mebench.challenge.safety.limits import SubmissionLimits
from mebench.errors import UserError


def test_a_copy_has_the_same_bytes_and_goes_in_the_end(submit, tmp_path):
    path = submit()
    with snapshot(path, tmp_path) as copy:
        assert copy.name == path.name
        assert digest_of_submission(copy) == digest_of_submission(path)
        (path / "predictions.csv").write_text("changed")
        assert "onset" in (copy / "predictions.csv").read_text()
    assert list((tmp_path / WORK).iterdir()) == []


def test_links_and_pipes_inside_are_never_opened(submit, tmp_path):
    path = submit()
    secret = tmp_path / "secret.csv"
    secret.write_text("secret")
    (path / "link.csv").symlink_to(secret)
    (path / "folder").symlink_to(tmp_path)
    os.mkfifo(path / "pipe.csv")
    with snapshot(path, tmp_path / "c") as copy:
        links = {p.name for p in copy.iterdir() if p.is_symlink()}
        assert links == {"link.csv", "folder", "pipe.csv"}
        assert not any(p.exists() for p in copy.iterdir() if p.is_symlink())


def test_what_is_too_large_is_copied_only_as_far_as_to_be_refused(submit, tmp_path):
    path = submit()
    (path / "more.csv").write_bytes(b"x" * 5000)
    limits = dataclasses.replace(SubmissionLimits(), file_bytes=1000)
    with snapshot(path, tmp_path / "c", limits) as copy:
        assert (copy / "more.csv").stat().st_size == 1001
    for number in range(9):
        (path / f"{number}.csv").write_text("x")
    with snapshot(path, tmp_path / "c", dataclasses.replace(limits, files=4)) as copy:
        assert len(list(copy.iterdir())) == 5


def test_a_missing_submission_is_told(tmp_path):
    with pytest.raises(UserError, match="check the name"), snapshot(tmp_path / "none", tmp_path / "c"):
        pass
    assert list((tmp_path / "c" / WORK).iterdir()) == []


def test_only_what_the_dead_left_is_swept(tmp_path):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    living = str(Holder(machine(), child.pid, start_of(child.pid)))
    names = [f"{living}-aa", f"{machine()}-{child.pid}-00000000-bb", "elsewhere-1-00000000-cc"]
    for name in names:
        (tmp_path / WORK / name).mkdir(parents=True)
    sweep(tmp_path, time.time())
    assert sorted(p.name for p in (tmp_path / WORK).iterdir()) == sorted([names[0], names[2]])
    child.kill()
    child.wait()
    sweep(tmp_path, time.time())
    assert [p.name for p in (tmp_path / WORK).iterdir()] == [names[2]]
    sweep(tmp_path, time.time() + SWEEP_SECONDS + 9)
    assert list((tmp_path / WORK).iterdir()) == []


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), OSError(28, "No space left on device"), MemoryError()])
def test_nothing_stays_when_the_copy_is_interrupted_or_the_disk_is_full(submit, tmp_path, monkeypatch, fault):
    def fail(*_):
        raise fault

    monkeypatch.setattr(copies, "_stream", fail)
    with pytest.raises((type(fault), UserError)), snapshot(submit(), tmp_path / "c"):
        pass
    assert list((tmp_path / "c" / WORK).iterdir()) == []


def test_nothing_stays_of_a_submission_that_is_no_plain_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with snapshot(tmp_path / "pipe.csv", tmp_path / "c") as copy:
        assert copy.is_symlink()
    assert list((tmp_path / "c" / WORK).iterdir()) == []
