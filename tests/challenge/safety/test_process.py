"""A child is talked to once, hears and says no more than it may, and is ended for certain."""

from __future__ import annotations

import os
import signal
import sys
import time

import pytest

from mebench.challenge.safety.process import Answer, Child

ECHO = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"


def talk(code: str, folder, request: bytes = b"", seconds: float = 20.0, most: int = 1 << 20, **environment) -> Answer:
    with Child([sys.executable, "-I", "-S", "-c", code], folder, environment) as child:
        child.talk(request, seconds, most)
    return child.answer


def is_alive(pid: int) -> bool:
    """Tell whether a process is at work; one that ended and that nobody has waited for is not."""
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_requests_and_answers_larger_than_a_pipe_come_whole(tmp_path):
    request = bytes(range(256)) * 2_000
    answer = talk(ECHO, tmp_path, request)
    assert bytes(answer.text) == request
    assert (answer.code, answer.late, answer.last_words) == (0, False, b"")


@pytest.mark.parametrize("most", [0, 1, 9])
def test_of_too_long_an_answer_one_byte_more_than_allowed_is_kept(tmp_path, most):
    assert talk(ECHO, tmp_path, b"0123456789", most=most).text == b"0123456789"[: most + 1]


def test_an_answer_of_just_the_length_that_is_allowed_is_no_longer(tmp_path):
    answer = talk(ECHO, tmp_path, b"0123456789", most=10)
    assert (bytes(answer.text), answer.code) == (b"0123456789", 0)


def test_of_the_last_words_the_end_is_kept(tmp_path):
    answer = talk("import sys; sys.stderr.write('x' * 100_000 + 'the reason'); sys.exit(3)", tmp_path)
    assert answer.last_words == b"x" * (4096 - 10) + b"the reason"
    assert answer.code == 3


def test_a_signal_is_a_negative_code(tmp_path):
    assert talk("import os; os.kill(os.getpid(), 15)", tmp_path).code == -signal.SIGTERM


def test_a_request_that_nobody_reads_is_no_fault(tmp_path):
    answer = talk("import os; os.close(0); print('done')", tmp_path, b"x" * 500_000)
    assert (answer.text, answer.code) == (b"done\n", 0)


def test_processor_time_is_measured(tmp_path):
    assert talk("import time\nwhile time.process_time() < 0.2: pass", tmp_path).cpu_seconds >= 0.2


def test_a_child_sees_its_folder_and_environment_and_no_more(tmp_path):
    code = "import os; print(os.getcwd(), os.environ.get('A'), 'HOME' in os.environ, os.getsid(0) == os.getpid())"
    assert talk(code, tmp_path, A="b").text.decode() == f"{tmp_path.resolve()} b False True\n"


@pytest.mark.parametrize(
    "code", ["import time; time.sleep(60)", "import os, time; os.close(1), os.close(2); time.sleep(60)"]
)
def test_a_child_that_does_not_end_is_late_or_killed(tmp_path, code):
    begun = time.monotonic()
    answer = talk(code, tmp_path, seconds=0.5)
    assert time.monotonic() - begun < 20
    assert answer.code == -signal.SIGKILL
    assert answer.late


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="the state of another process is read in /proc")
def test_what_the_child_has_started_ends_with_it(tmp_path):
    code = "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid)"
    # Its own child holds the pipes open; that does not keep the parent.
    pid = int(talk(code, tmp_path).text)
    end = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.01)
    assert not is_alive(pid)


def test_a_child_ends_when_its_parent_fails(tmp_path):
    with pytest.raises(KeyError), Child([sys.executable, "-c", "input()"], tmp_path, {}) as child:
        raise KeyError
    assert child.answer.code == -signal.SIGKILL


def test_a_program_that_is_not_there_is_told(tmp_path):
    with pytest.raises(RuntimeError, match=r"cannot be started \(No such file or directory\): grade again"):
        Child([str(tmp_path / "none")], tmp_path, {})
