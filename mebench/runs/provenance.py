"""With what a result was made: versions, platform, commit. Nothing here changes from one start to the next."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import platform
import subprocess
from pathlib import Path
from typing import Any

PACKAGES = (
    "numpy",
    "opencv-python-headless",
    "opencv-python",
    "pandas",
    "PyWavelets",
    "scikit-image",
    "scikit-learn",
    "scipy",
    "torch",
)
"""Distributions whose version can move a score."""


SEED = "seed"
"""Where the environment of a run's card says with which seed its method learnt."""


def today() -> str:
    """Return the date, UTC, as `2025-01-31`."""
    return dt.datetime.now(dt.UTC).date().isoformat()


def version() -> str:
    """Return the version of mebench, `unknown` where it is not installed."""
    return _version("mebench") or "unknown"


def environment() -> dict[str, Any]:
    """Return versions and platform as plain JSON types."""
    packages = {name: found for name in PACKAGES if (found := _version(name))}
    return {
        "mebench": version(),
        "commit": commit(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "packages": packages,
    }


def commit() -> str | None:
    """Return the git commit of the checkout that mebench is imported from, None outside a checkout of its own."""
    top = Path(__file__).resolve().parents[2]
    if not (top / ".git").exists():
        return None
    try:
        found = subprocess.run(
            ["git", "-C", str(top), "rev-parse", "HEAD"], capture_output=True, text=True, timeout=5, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None
