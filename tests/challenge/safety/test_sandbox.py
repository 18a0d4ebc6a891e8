from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

import mebench
from mebench.challenge.safety.sandbox import LimitExceeded, ProcessLimits, missing_walls, run_limited
from mebench.challenge.safety.walls import WALLS
from mebench.errors import UserError

HERE = Path(__file__).parent
QUICK = ProcessLimits(wall_seconds=20, cpu_seconds=5, memory_bytes=1 << 30, file_bytes=1 << 16, open_files=32)


def run(name, request=None, limits=QUICK, folder=None):
    return run_limited(f"probes:{name}", request or {}, limits, folder, (HERE,))


@pytest.fixture(scope="module")
def missing():
    return missing_walls()


def need(missing, *walls):
    """Skip where the system offers none of some walls, with its reasons."""
    if all(wall in missing for wall in walls):
        pytest.skip("; ".join(f"no wall {wall!r} here: {missing[wall]}" for wall in walls))


def test_the_walls_are_known_by_name(missing):
    assert set(missing) <= set(WALLS)


def test_the_answer_comes_back_whole():
    assert run("double", {"n": 21}) == {"twice": 42}


def test_what_the_user_should_know_keeps_its_words():
    with pytest.raises(UserError, match="The column 'onset' is missing: add it"):
        run("refuse")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("crash", "ended with code 1: KeyError: 'surprise'"),
        ("die", "code 3"),
        ("nest", "RecursionError"),
        ("say_nan", "not JSON compliant"),
        ("kill_itself", "ended by SIGKILL, which none of its limits sends"),
        ("fall", r"crashed \(SIGSEGV\)"),
    ],
)
def test_a_crash_of_the_child_is_no_crash_of_the_parent(name, message):
    with pytest.raises(RuntimeError, match=message):
        run(name)


@pytest.mark.parametrize(
    ("name", "limits", "message"),
    [
        ("sleep", ProcessLimits(wall_seconds=1.0), "longer than 1 s"),
        ("spin", ProcessLimits(wall_seconds=20, cpu_seconds=1), "more than 1 s of processor time"),
        ("hoard", QUICK, "more than 1024 MiB of memory"),
        ("talk_much", ProcessLimits(answer_bytes=1 << 20), "more than 1048576 bytes"),
        ("flood", ProcessLimits(answer_bytes=1 << 20), "more than 1048576 bytes"),
    ],
)
def test_time_memory_and_talk_have_limits(name, limits, message):
    with pytest.raises(LimitExceeded, match=message):
        run(name, limits=limits)


@pytest.mark.slow
def test_processor_time_ends_a_child_that_ignores_the_signal():
    with pytest.raises(LimitExceeded, match="more than 1 s of processor time"):
        run("spin_on", limits=ProcessLimits(wall_seconds=60, cpu_seconds=1))


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "nonsense",
        "[]",
        "null",
        "{}",
        '{"kind": "value"}',
        '{"kind": "user"}',
        '{"kind": "user", "text": 5}',
        '{"kind": []}',
        '{"kind": "value", "value": NaN}',
        "[" * 100_000,
        '{"kind": "value", "value": 1} and more',
        "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"),
    ],
)
def test_an_answer_that_is_none_of_ours_ends_in_a_sentence(raw):
    with pytest.raises(RuntimeError, match="the grading process ended with code 0: no word"):
        run("answer_raw", {"raw": raw})


def test_the_parent_does_not_grow_with_what_a_child_prints():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from test_sandbox import run\n"
        "try: print(run('shout')); run('flood')\n"
        "except Exception as error: print(type(error).__name__)\n"
        # Not ru_maxrss, which begins with what the process that started this one has used.
        "words = open('/proc/self/status').read().split()\n"
        "print(int(words[words.index('VmHWM:') + 1]) >> 10)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(HERE)], capture_output=True, text=True, check=True)
    heard, ending, peak = done.stdout.split()
    assert (heard, ending) == ("heard", "LimitExceeded")
    assert int(peak) < 300


def test_only_the_last_words_are_kept():
    with pytest.raises(RuntimeError) as caught:
        run_limited("no_such_module_" + "x" * 10_000 + ":f", {}, QUICK)
    assert len(str(caught.value)) < 5_000


def test_files_cannot_grow_past_their_limit(tmp_path):
    with pytest.raises(RuntimeError, match="File too large"):
        run("write_much", folder=tmp_path)
    assert (tmp_path / "f").stat().st_size <= 1 << 16


def test_open_files_have_a_limit(tmp_path):
    with pytest.raises(RuntimeError, match="Too many open files"):
        run("open_many", folder=tmp_path)


def test_the_child_has_a_folder_and_an_environment_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    found = run("surroundings")
    assert set(found["environment"]) == {"PATH", "LANG", "TMPDIR"}
    assert found["environment"]["TMPDIR"] == found["cwd"]
    assert found["folder"] == []
    assert found["isolated"] == 1
    assert not {"", ".", str(tmp_path)} & set(found["path"])
    assert found["limits"] == {"CORE": 0, "NOFILE": 32, "AS": 1 << 30}
    assert found["files"][:3] == [0, 1, 2]
    # The pipe of the answer, and none of the parent's files.
    assert len(found["files"]) == 4
    assert not Path(found["cwd"]).exists(), "the folder is removed again"


def test_a_child_of_root_is_not_root(missing):
    if os.geteuid() != 0:
        pytest.skip("these tests do not run as root")
    need(missing, "user")
    found = run("surroundings")
    assert found["user"] not in (0, os.getuid())
    assert found["groups"] == []


def test_a_child_can_get_no_rights(missing):
    need(missing, "privileges")
    found = run("rights")
    assert found["NoNewPrivs"] == "1"
    assert int(found["CapEff"], 16) == 0


def test_a_child_reads_nothing_of_the_truth(missing, tmp_path):
    need(missing, "files", "user")
    truth = tmp_path / "truth.csv"
    truth.write_text("secret")
    truth.chmod(0o600)
    paths = [str(truth), "/etc/passwd", str(Path(__file__)), str(Path.home()), "/proc/self/environ", "/proc/1/cmdline"]
    found = run("read", {"paths": paths})
    assert [path for path in paths if "done" in found[path]] == []


def test_a_child_writes_nothing_outside_its_folder(missing, tmp_path):
    need(missing, "files")
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.mkdir(mode=0o777)
    other.chmod(0o777)
    paths = [str(other / "f"), "../other/g", "/tmp/mebench-probe", str(Path.home() / "mebench-probe"), "/dev/shm/probe"]
    found = run("write", {"paths": paths}, folder=own)
    assert found.pop("own") == {"done": 1}
    assert [path for path in paths if "done" in found[path]] == []
    assert list(other.iterdir()) == []


def test_a_child_reaches_no_network(missing, tmp_path):
    need(missing, "network", "calls")
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        place = str(tmp_path / "s")
        unix.bind(place)
        unix.listen()
        found = run("connect", {"port": tcp.getsockname()[1], "socket": place})
    assert "refused" in found["tcp"]
    if "calls" not in missing:
        assert "refused" in found["unix"]


def test_a_child_starts_no_process_and_no_thread(missing):
    need(missing, "processes", "calls")
    found = run("start_processes")
    assert [name for name in found if "done" in found[name]] == []


def test_a_child_does_not_touch_its_parent(missing):
    need(missing, "calls")
    found = run("touch_the_parent")
    assert found.pop("itself") == {"done": None}
    assert [name for name in found if "done" in found[name]] == []


def test_preparation_sees_the_truth_and_work_what_strangers_wrote(missing, tmp_path):
    truth = tmp_path / "truth.csv"
    truth.write_text("secret")
    truth.chmod(0o600)
    found = run("in_halves", {"truth": str(truth), "material": {"rows": [1]}})
    assert (found["saw"], found["secret"], found["material"]) == (["truth"], "secret", {"rows": [1]})
    need(missing, "files", "user")
    assert "refused" in found["late"]


def test_a_low_limit_of_the_shell_holds_and_is_no_fault(tmp_path):
    code = f"import sys; sys.path.insert(0, {str(HERE)!r}); from test_sandbox import run; print(run('double', {{'n': 1}}, type(__import__('test_sandbox').QUICK)()))"
    done = subprocess.run(
        ["bash", "-c", 'ulimit -v 600000; exec "$0" -c "$1"', sys.executable, code], capture_output=True, text=True
    )
    assert done.stdout == "{'twice': 2}\n", done.stderr


def grader(folder):
    """Start a process that starts a child which sleeps in a folder, and return both."""
    folder.mkdir()
    # Whoever runs the tests in the background may have had interrupts ignored, which processes hand on.
    code = "import signal, sys, pathlib; signal.signal(signal.SIGINT, signal.default_int_handler); sys.path.insert(0, sys.argv[1]); from test_sandbox import run; run('tell_and_sleep', {}, folder=pathlib.Path(sys.argv[2]))"
    process = subprocess.Popen([sys.executable, "-c", code, str(HERE), str(folder)], stderr=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while not ((folder / "pid").exists() and (folder / "pid").read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return process, int((folder / "pid").read_text())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_a_child_ends_when_its_grader_is_killed(tmp_path):
    process, child = grader(tmp_path / "own")
    process.kill()
    process.communicate()
    assert_ends(child)


def test_an_interrupt_ends_the_child_at_once(tmp_path):
    process, child = grader(tmp_path / "own")
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert b"KeyboardInterrupt" in err
    assert time.monotonic() - begin < 10
    assert_ends(child)


def assert_ends(pid):
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().split(")")[1].split()[0] == "Z":
                    return
        except FileNotFoundError:
            return
        time.sleep(0.05)
    pytest.fail(f"process {pid} lives on")


PLANTED = "import pathlib; pathlib.Path({mark!r}).open('a').write(__name__ + chr(10))\n"
NAMES = ("json", "numpy", "sitecustomize", "usercustomize", "mebench", "ctypes", "encodings")


def test_no_module_of_the_current_folder_or_the_home_is_loaded(monkeypatch, tmp_path):
    mark, here, home = tmp_path / "ran", tmp_path / "here", tmp_path / "home"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for folder in (here, home, home / ".local" / "lib" / version / "site-packages"):
        folder.mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            (folder / f"{name}.py").write_text(PLANTED.format(mark=str(mark)))
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PYTHONSTARTUP", str(home / "json.py"))
    own = tmp_path / "own"
    own.mkdir()
    for name in NAMES:
        (own / f"{name}.py").write_text(PLANTED.format(mark=str(mark)))
    assert run("double", {"n": 1}, folder=own) == {"twice": 2}
    assert not mark.exists()


def test_mebench_is_found_wherever_the_parent_has_it_from(tmp_path):
    """From a source tree through PYTHONPATH, and from an archive; the folder it lies in gives nothing else."""
    source = Path(mebench.__file__).parent
    tree, archive = tmp_path / "tree", tmp_path / "code.zip"
    (tree / "mebench").parent.mkdir()
    mark = tmp_path / "ran"
    with zipfile.ZipFile(archive, "w") as file:
        for path in source.rglob("*.py"):
            target = tree / "mebench" / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
            file.write(path, Path("mebench") / path.relative_to(source))
    for name in ("json", "numpy"):
        (tree / f"{name}.py").write_text(PLANTED.format(mark=str(mark)))
    code = (
        "import pathlib, json, numpy, sys; sys.path.insert(0, sys.argv[1])\n"
        "from mebench.challenge.safety.sandbox import run_limited\n"
        "print(run_limited('probes:origin', {}, None, None, [pathlib.Path(sys.argv[2])]))"
    )
    for place in (tree, archive):
        done = subprocess.run([sys.executable, "-c", code, str(place), str(HERE)], capture_output=True, text=True)
        assert done.stdout.startswith(str(place)), done.stderr
    assert not mark.exists()
