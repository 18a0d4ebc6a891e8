from __future__ import annotations

import os
import random
import subprocess
import sys

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.runs import provenance
from mebench.runs.failures import describe, explain
from mebench.runs.resources import available_cores, peak_megabytes, resolve_device, seed_global_generators


def test_cores_are_those_that_this_process_may_use() -> None:
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("this system has no affinity")
    code = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); from mebench.runs.resources import *; print(available_cores())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "1\n"
    assert available_cores() == len(os.sched_getaffinity(0))


def test_devices() -> None:
    assert resolve_device("cpu") == "cpu"
    assert resolve_device("auto") in ("cpu", "cuda")
    with pytest.raises(UserError, match="There is no device 'gpu': use auto, cpu or cuda"):
        resolve_device("gpu")


def test_cuda_is_refused_where_there_is_none() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device here")
    with pytest.raises(UserError, match="finds no CUDA device here: use --device cpu"):
        resolve_device("cuda")


def test_global_generators_start_anew() -> None:
    def draw() -> tuple[float, float]:
        return random.random(), float(np.random.random())  # noqa: NPY002

    seed_global_generators(3)
    first = draw()
    assert draw() != first
    seed_global_generators(3)
    assert draw() == first


def test_memory_is_measured() -> None:
    before = peak_megabytes()
    block = np.ones(40 << 20, np.uint8)
    assert peak_megabytes() >= max(before, 40)
    del block


def test_faults_of_the_code_have_no_explanation_but_a_description() -> None:
    assert explain(KeyError("x")) is None
    assert describe(KeyError("x")) == "KeyError: 'x' (a fault in the code: see error.txt of the fold)"
    assert describe(UserError("a\n  b")) == "a b"


def test_a_missing_file_is_explained_by_its_path() -> None:
    with pytest.raises(OSError, match="No such file") as caught:
        os.stat("/not/there")
    assert explain(caught.value) == "No such file or directory at /not/there: check the path."


def test_the_environment_is_the_same_whenever_it_is_asked_for() -> None:
    first = provenance.environment()
    assert first == provenance.environment()
    assert first["packages"]["numpy"] == np.__version__
    assert first["python"] == ".".join(map(str, sys.version_info[:3]))


def test_outside_a_checkout_there_is_no_commit(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(provenance, "__file__", f"{tmp_path}/lib/mebench/runs/provenance.py")
    assert provenance.commit() is None
