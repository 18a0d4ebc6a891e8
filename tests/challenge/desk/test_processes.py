from __future__ import annotations

import dataclasses
import os
import subprocess
import sys

from mebench.challenge.desk.processes import Holder, is_dead, machine, start_of, this_holder


def sleeper() -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])


def test_this_process_lives():
    assert not is_dead(this_holder())
    assert this_holder() == this_holder()


def test_a_killed_process_is_dead_before_and_after_it_is_reaped():
    child = sleeper()
    holder = Holder(machine(), child.pid, start_of(child.pid))
    assert not is_dead(holder)
    child.kill()
    # Waits for the death, but leaves the undead child to the next line.
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert is_dead(holder)
    child.wait()
    assert is_dead(holder)


def test_a_number_that_was_given_again_is_another_process():
    assert is_dead(dataclasses.replace(this_holder(), started="1"))


def test_of_other_machines_nothing_is_known():
    assert not is_dead(Holder("elsewhere", 2**22 + 1, "1"))


def test_its_text_is_fit_for_a_file_and_tells_processes_apart():
    text = str(this_holder())
    assert text.count("-") == 2
    assert "/" not in text
    assert text != str(dataclasses.replace(this_holder(), started="1"))
