from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from mebench.cli import memory
from mebench.errors import TooLittleMemory, UserError, lack_of_memory

MAIN = "from mebench.cli.main import main; main()"


def limited(kilobytes: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    shell = f'ulimit -v {kilobytes}; exec "$@"'
    command = ["bash", "-c", shell, "bash", sys.executable, "-c", MAIN, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kilobytes", [60_000, 100_000, 150_000])
def test_too_little_for_numpy_is_one_sentence(kilobytes: int) -> None:
    done = limited(kilobytes, "challenge", "init", "/nowhere/at/all")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert "memory" in done.stderr


def test_too_little_for_a_large_library_is_one_sentence(tmp_path) -> None:
    out = str(tmp_path / "r")
    done = limited(
        400_000, "run", "--method", "oracle", "--dataset", "synth_lv:subjects=1,videos=1,seconds=2", "--out", out
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "MiB of memory, and the limit of this shell leaves" in done.stderr
    assert done.stderr.endswith("raise the limit (ulimit -v unlimited).\n")


def test_the_guard_looks_at_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = memory._Guard()
    monkeypatch.setattr(memory, "_left", lambda: 200)
    assert guard.find_spec("json", None, None) is None
    assert guard.find_spec("numpy", None, None) is None
    with pytest.raises(TooLittleMemory, match="cv2 needs about 340 MiB of memory, and .* leaves 200 MiB"):
        guard.find_spec("cv2", None, None)


def test_without_a_limit_nothing_is_guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [])
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY,) * 2)
    memory.guard_imports()
    assert sys.meta_path == []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1 << 30,) * 2)
    memory.guard_imports()
    memory.guard_imports()
    assert len(sys.meta_path) == 1


def chained(*errors: Exception) -> Exception:
    """Return the last of some errors, each raised from the one before."""
    for cause, error in zip(errors, errors[1:], strict=False):
        error.__cause__ = cause
    return errors[-1]


@pytest.mark.parametrize(
    ("error", "is_lack"),
    [
        (MemoryError(), True),
        (OSError(12, "Cannot allocate memory"), True),
        (ImportError("libx.so: failed to map segment from shared object"), True),
        (chained(TooLittleMemory("x"), UserError("cannot be imported")), True),
        (ImportError("No module named x"), False),
        (OSError(28, "No space left on device"), False),
        (UserError("out of memory is only a word here"), False),
    ],
)
def test_a_lack_of_memory_is_known_whatever_it_looks_like(error: Exception, is_lack: bool) -> None:
    assert (lack_of_memory(error) is not None) is is_lack
