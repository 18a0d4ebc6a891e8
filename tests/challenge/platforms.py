"""Runs what is exported the way a platform does, and looks into it."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path


def python(*arguments: str, cwd: Path, **variables: Path) -> subprocess.CompletedProcess:
    """Run a script without the checkout on its path; what is installed comes after the script's own folder."""
    plain = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-B", *arguments],
        cwd=cwd,
        env={**plain, **{key: str(value) for key, value in variables.items()}},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def contents(folder: Path):
    """Yield the content of every data file, those in archives included."""
    for path in folder.rglob("*"):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                yield from (archive.read(name) for name in archive.namelist() if not name.endswith(".py"))
        elif path.name.endswith(".tar.gz"):
            with tarfile.open(path) as archive:
                yield from (archive.extractfile(member).read() for member in archive)
        elif path.is_file() and path.suffix != ".py":
            yield path.read_bytes()
